// Set-up that `npm start`, `npm test` and the commands run first. Plain JavaScript for any Node since 18, no dependency:
// it must work before anything is installed. Quick when nothing is missing.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const purpose = process.argv[2] ?? 'check';
const say = (text) => process.stderr.write(`${text}\n`);
const projectNode = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

installPackages();
verifyNode();
if (purpose === 'start' || purpose === 'test' || purpose === 'serve' || purpose === 'build') buildWindow();
if (purpose === 'test') installSystemPackages();

/** Installs exactly what the lock file says, once per lock file. */
function installPackages() {
  const stamp = join(root, 'node_modules', '.strikedesk-lock');
  const wanted = hashOf(readFileSync(join(root, 'package-lock.json')));
  if (existsSync(projectNode) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  // A hand-made `npm ci` leaves npm's own copy of the lock file: newer than the lock file means that nothing is missing.
  const hidden = join(root, 'node_modules', '.package-lock.json');
  const fresh =
    existsSync(hidden) &&
    existsSync(projectNode) &&
    statSync(hidden).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
  if (!fresh) {
    say('Installing packages (npm ci) ...');
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    });
    if (done.status !== 0) fail('npm ci failed. Check the network or the npm registry setting, then run the command again.');
  }
  writeFileSync(stamp, wanted);
}

/** better-sqlite3 13 needs N-API 10 and crashes without a word below it. */
function verifyNode() {
  const napi = Number(
    execFileSync(projectNode, ['-p', 'process.versions.napi'], { encoding: 'utf8', shell: process.platform === 'win32' }).trim(),
  );
  if (!(napi >= 10))
    fail(
      `The project's own Node (node_modules/.bin/node) is too old (N-API ${napi}, 10 is needed). Delete node_modules and run npm ci.`,
    );
}

/** Builds the window into out/renderer when a source is newer than the last build. */
function buildWindow() {
  const sources = hashOfTree(['src-renderer', 'src-shared', 'electron.vite.config.ts', 'package-lock.json']);
  const stamp = join(root, 'out', 'renderer.stamp');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources && existsSync(join(root, 'out', 'renderer', 'index.html')))
    return;
  say('Building the window ...');
  mkdirSync(join(root, 'out'), { recursive: true });
  const vite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const done = spawnSync(projectNode, [vite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) fail('Building the window failed; the messages above say where.');
  writeFileSync(stamp, sources);
}

/** What the tests need from the system: a browser and a keychain. Debian as root installs them; elsewhere they are named. */
function installSystemPackages() {
  const needed = [
    {
      package: 'chromium',
      present: () =>
        ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].some((path) => existsSync(path)) ||
        Boolean(process.env['STRIKEDESK_CHROMIUM']),
    },
    { package: 'dbus', present: () => onPath('dbus-run-session') },
    { package: 'gnome-keyring', present: () => onPath('gnome-keyring-daemon') },
    {
      package: 'libsecret-1-0',
      present: () =>
        process.platform !== 'linux' ||
        spawnSync('sh', ['-c', 'ldconfig -p 2>/dev/null | grep -q libsecret-1.so.0 || ls /usr/lib/*/libsecret-1.so.0']).status ===
          0,
    },
  ];
  const missing = needed.filter((item) => !item.present()).map((item) => item.package);
  if (missing.length === 0) return;
  const canInstall = process.platform === 'linux' && onPath('apt-get') && process.getuid?.() === 0;
  if (!canInstall) {
    say(`Missing for the browser and keychain tests: ${missing.join(', ')}.`);
    if (process.platform === 'linux')
      say(`Install them, e.g. sudo apt-get install ${missing.join(' ')} (or set STRIKEDESK_CHROMIUM to a Chromium or Chrome).`);
    else
      say('Install Chromium or Chrome and set STRIKEDESK_CHROMIUM to its path; the keychain tests need a Linux Secret Service.');
    return;
  }
  say(`Installing system packages: ${missing.join(', ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 2, 2], env });
  const done = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    stdio: ['ignore', 'ignore', 2],
    env,
  });
  if (done.status !== 0) fail(`apt-get could not install ${missing.join(', ')}.`);
}

function onPath(command) {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}

function hashOf(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

function hashOfTree(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) for (const name of readdirSync(full).sort()) visit(join(path, name));
    else hash.update(path).update(readFileSync(full));
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}

function fail(message) {
  say(message);
  process.exit(1);
}
