/*
 * A disk that keeps a record and can fail. Loaded into a process with LD_PRELOAD, it watches the files below
 * STRIKEDESK_DISK_ROOT:
 *  - every write, truncation, sync, rename and removal is written to STRIKEDESK_DISK_LOG in the order in which it happened, so
 *    that another program can rebuild what the disk would hold had the power failed in between;
 *  - the n-th write or sync since the last change of STRIKEDESK_DISK_FAIL fails: "n,errno,once|on,write|sync|torn", with a fifth
 *    part only of files whose path ends with it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum { OPENED = 1, WRITTEN = 2, TRUNCATED = 3, SYNCED = 4, REMOVED = 5, RENAMED = 6 };
#define MOST_FILES 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *path_of[MOST_FILES];
static int log_file = -1;
static char root[PATH_MAX];
static char armed[128];
static long left;

/* One record: kind (1 byte), lengths of path and data (4 bytes each), offset (8 bytes), path, data. */
static void record(unsigned char kind, const char *path, uint64_t offset, const void *data, uint32_t size) {
  if (log_file < 0) return;
  uint32_t length = (uint32_t)strlen(path);
  unsigned char head[17];
  head[0] = kind;
  memcpy(head + 1, &length, 4);
  memcpy(head + 5, &size, 4);
  memcpy(head + 9, &offset, 8);
  syscall(SYS_write, log_file, head, sizeof head);
  syscall(SYS_write, log_file, path, (size_t)length);
  if (size > 0) syscall(SYS_write, log_file, data, (size_t)size);
}

__attribute__((constructor)) static void start(void) {
  const char *wanted = getenv("STRIKEDESK_DISK_ROOT");
  const char *log = getenv("STRIKEDESK_DISK_LOG");
  if (wanted) snprintf(root, sizeof root, "%s", wanted);
  if (log) log_file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int is_watched(const char *path) {
  return root[0] != 0 && path != NULL && strncmp(path, root, strlen(root)) == 0;
}

/* What the armed fault says to this operation: 0, or the errno to fail with. */
static int fault(const char *kind, const char *path, int *torn) {
  const char *script = getenv("STRIKEDESK_DISK_FAIL");
  if (!script || !*script) {
    armed[0] = 0;
    return 0;
  }
  long nth = 0;
  int code = 0;
  char how[8] = "", what[8] = "", ending[32] = "";
  if (sscanf(script, "%ld,%d,%7[a-z],%7[a-z],%31s", &nth, &code, how, what, ending) < 4) return 0;
  if (strcmp(script, armed) != 0) {
    snprintf(armed, sizeof armed, "%s", script);
    left = nth;
  }
  int is_write = strcmp(kind, "write") == 0;
  if (strcmp(what, "sync") == 0 ? is_write : !is_write) return 0;
  if (strlen(path) < strlen(ending) || strcmp(path + strlen(path) - strlen(ending), ending) != 0) return 0;
  left -= 1;
  *torn = strcmp(what, "torn") == 0;
  if (left == 0 || (left < 0 && strcmp(how, "on") == 0)) return code;
  return 0;
}

static int opened(int file, const char *path) {
  if (file < 0 || file >= MOST_FILES || !is_watched(path)) return file;
  pthread_mutex_lock(&lock);
  free(path_of[file]);
  path_of[file] = strdup(path);
  record(OPENED, path, 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  return file;
}

#define OPEN(name, ...)                                        \
  va_list rest;                                                \
  va_start(rest, flags);                                       \
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
  va_end(rest);

int open(const char *path, int flags, ...) {
  OPEN(open)
  return opened((int)syscall(SYS_openat, AT_FDCWD, path, flags, mode), path);
}
int open64(const char *path, int flags, ...) {
  OPEN(open64)
  return opened((int)syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE, mode), path);
}
int openat(int folder, const char *path, int flags, ...) {
  OPEN(openat)
  return opened((int)syscall(SYS_openat, folder, path, flags, mode), path);
}

int close(int file) {
  if (file >= 0 && file < MOST_FILES && path_of[file]) {
    pthread_mutex_lock(&lock);
    free(path_of[file]);
    path_of[file] = NULL;
    pthread_mutex_unlock(&lock);
  }
  return (int)syscall(SYS_close, file);
}

static int watched(int file) { return file >= 0 && file < MOST_FILES && path_of[file] != NULL; }

static ssize_t put(int file, const void *data, size_t size, off_t offset, int at_offset) {
  pthread_mutex_lock(&lock);
  int torn = 0;
  int code = fault("write", path_of[file], &torn);
  size_t whole = size;
  if (code != 0) size = torn ? size / 2 : 0;
  off_t place = at_offset ? offset : (off_t)syscall(SYS_lseek, file, 0, SEEK_CUR);
  ssize_t done = 0;
  if (size > 0)
    done = at_offset ? syscall(SYS_pwrite64, file, data, size, offset) : syscall(SYS_write, file, data, size);
  if (!at_offset && done > 0) place = (off_t)syscall(SYS_lseek, file, 0, SEEK_CUR) - done;
  if (done > 0) record(WRITTEN, path_of[file], (uint64_t)place, data, (uint32_t)done);
  pthread_mutex_unlock(&lock);
  if (code != 0 && whole > 0) {
    errno = code;
    return -1;
  }
  return done;
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t offset) {
  return watched(file) ? put(file, data, size, offset, 1) : syscall(SYS_pwrite64, file, data, size, offset);
}
ssize_t pwrite(int file, const void *data, size_t size, off_t offset) {
  return watched(file) ? put(file, data, size, offset, 1) : syscall(SYS_pwrite64, file, data, size, offset);
}
ssize_t write(int file, const void *data, size_t size) {
  return watched(file) ? put(file, data, size, 0, 0) : syscall(SYS_write, file, data, size);
}

static int cut(int file, off_t size) {
  int done = (int)syscall(SYS_ftruncate, file, size);
  if (done == 0 && watched(file)) {
    pthread_mutex_lock(&lock);
    record(TRUNCATED, path_of[file], (uint64_t)size, NULL, 0);
    pthread_mutex_unlock(&lock);
  }
  return done;
}
int ftruncate(int file, off_t size) { return cut(file, size); }
int ftruncate64(int file, off64_t size) { return cut(file, size); }

static int sync_file(int file, long call) {
  if (!watched(file)) return (int)syscall(call, file);
  pthread_mutex_lock(&lock);
  int torn = 0;
  int code = fault("sync", path_of[file], &torn);
  int done = code == 0 ? (int)syscall(call, file) : -1;
  if (done == 0) record(SYNCED, path_of[file], 0, NULL, 0);
  pthread_mutex_unlock(&lock);
  if (code != 0) errno = code;
  return done;
}
int fsync(int file) { return sync_file(file, SYS_fsync); }
int fdatasync(int file) { return sync_file(file, SYS_fdatasync); }

int unlink(const char *path) {
  int done = (int)syscall(SYS_unlink, path);
  if (done == 0 && is_watched(path)) {
    pthread_mutex_lock(&lock);
    record(REMOVED, path, 0, NULL, 0);
    pthread_mutex_unlock(&lock);
  }
  return done;
}

int rename(const char *from, const char *to) {
  int done = (int)syscall(SYS_rename, from, to);
  if (done == 0 && is_watched(from)) {
    pthread_mutex_lock(&lock);
    record(RENAMED, from, 0, to, (uint32_t)strlen(to));
    pthread_mutex_unlock(&lock);
  }
  return done;
}
