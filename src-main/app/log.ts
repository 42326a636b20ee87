import pino from 'pino';

/** The program's own log. Never throws: it is written to while the disk is full, by whatever must go on then. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Fields that are never written, wherever they stand. */
const SECRET_FIELDS = ['secret', 'token', 'keyId', 'password', 'passphrase', 'authorization'];

/** Text that waits for a disk with room again; what comes after it is dropped. */
const MOST_WAITING_BYTES = 1 << 20;

/** One JSON object a line, without secrets. The journal, not this, is the record of what was traded. */
export function openLog(file: string): Log {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  const lines = pino(
    { level: process.env['STRIKEDESK_LOG_LEVEL'] ?? 'info', redact: { paths, censor: '[secret]' }, base: { pid: process.pid } },
    openLines(file),
  );
  return {
    info: (fields, message) => attempt(() => lines.info(fields, message)),
    warn: (fields, message) => attempt(() => lines.warn(fields, message)),
    error: (fields, message) => attempt(() => lines.error(fields, message)),
  };
}

/** The file; the terminal where it cannot be opened. */
function openLines(file: string): ReturnType<typeof pino.destination> {
  const options = { sync: true, maxLength: MOST_WAITING_BYTES };
  try {
    return deafToErrors(pino.destination({ ...options, dest: file, mkdir: true, mode: 0o600 }));
  } catch {
    return deafToErrors(pino.destination({ ...options, dest: 2 }));
  }
}

/** Without a listener an error of the disk would be thrown at whoever wrote the line. */
function deafToErrors(lines: ReturnType<typeof pino.destination>): ReturnType<typeof pino.destination> {
  lines.on('error', () => {});
  return lines;
}

function attempt(write: () => void): void {
  try {
    write();
  } catch {
    // A line that cannot be written is lost; what it tells of has its own way to the owner.
  }
}
