import '#adapters/runtime/runtimeCheck';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

const folder = join(root, 'node_modules', 'electron');
/** A first start downloads Electron's binary; it may take this long. */
const DOWNLOAD_MS = 5 * 60_000;

/** Electron's binary; null when it is not there. */
function electronBinary(): string | null {
  const pointer = join(folder, 'path.txt');
  if (!existsSync(pointer)) return null;
  const path = join(folder, 'dist', readFileSync(pointer, 'utf8').trim());
  return existsSync(path) ? path : null;
}

function downloadElectron(): void {
  process.stderr.write('Downloading Electron (once) ...\n');
  spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: 'ignore', timeout: DOWNLOAD_MS });
}

/** Why there can be no window on this machine; null when there can. */
function noDisplay(): string | null {
  if (process.platform !== 'linux') return null;
  return process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'] ? null : 'there is no display';
}

let why = noDisplay();
if (why === null && electronBinary() === null) downloadElectron();
const binary = electronBinary();
if (binary === null) why ??= 'Electron’s binary could not be downloaded';
if (binary !== null && why === null) {
  const child = spawn(binary, [root, ...process.argv.slice(2)], {
    stdio: 'inherit',
    // The watchdog is a process of its own and needs a Node of its own.
    env: { ...process.env, STRIKEDESK_NODE: process.execPath },
  });
  child.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => process.exit(code ?? 1));
} else {
  process.stderr.write(`No desktop window: ${why}. Serving the same desk to your browser instead.\n`);
  await import('./serve.ts');
}
