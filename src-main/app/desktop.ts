import '#adapters/runtime/runtimeCheck';
import { fileURLToPath } from 'node:url';
import { app, dialog } from 'electron';
import { declareScheme } from '#shell/protocol';
import { startShell } from '#shell/shell';
import { forkWatchdog } from '#shell/watchdogFork';
import { openDesk } from './desk/openDesk.ts';

const inside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

declareScheme();
app.enableSandbox();
if (app.requestSingleInstanceLock()) {
  app.whenReady().then(start).catch(giveUp);
} else {
  app.quit();
}

async function start(): Promise<void> {
  const desk = await openDesk(process.env, { forkWatchdog });
  startShell({
    handlers: desk.handlers,
    desk: desk.desk,
    files: {
      renderer: inside('../renderer'),
      preload: inside('../preload/window.cjs'),
      resources: app.isPackaged ? process.resourcesPath : inside('../../resources'),
    },
    killShortcut: desk.settings().shell.killShortcut,
    alerts: () => desk.settings().alerts,
    stop: desk.stop,
    onError: (where, error) => desk.log.error({ where, error: String(error) }, 'failed'),
  });
}

/** Nothing was started: the owner reads why in one sentence. */
function giveUp(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${reason}\n`);
  dialog.showErrorBox('Strikedesk could not start', reason);
  app.exit(1);
}
