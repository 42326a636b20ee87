import { join } from 'node:path';
import { app, type BrowserWindow } from 'electron';
import type { DeskStatus } from '#contract/desk';
import { instant } from '#domain/units';
import { type AlertChoice, isWanted } from '#host/alertChoice';
import type { Desk } from '#host/desk';
import { statusOf } from '#host/status';
import type { KillVerb } from '#ports/commands';
import type { Handlers } from '#wire/host';
import { openDeskWindow } from './deskWindow.ts';
import { registerKillShortcut, releaseKillShortcut } from './killShortcut.ts';
import { answerWindows } from './line.ts';
import { lockDown } from './lockdown.ts';
import { setApplicationMenu } from './menu.ts';
import { tell } from './notices.ts';
import { serveWindow } from './protocol.ts';
import { createTray } from './tray.ts';

export interface ShellParts {
  readonly handlers: Handlers;
  readonly desk: Desk;
  readonly files: { readonly renderer: string; readonly preload: string; readonly resources: string };
  /** Keys that freeze everything from any application; empty for none. */
  readonly killShortcut: string;
  alerts(): AlertChoice;
  /** Stops the engine in order; the app quits when it is done. */
  stop(reason: string): Promise<unknown>;
  onError(where: string, error: unknown): void;
}

/** Time between two looks of the tray at the desk. */
const TRAY_MS = 1_000;

/** Everything that only Electron can do, around a desk that is already open. Call when the app is ready. */
export function startShell(parts: ShellParts): void {
  lockDown();
  serveWindow(parts.files.renderer);
  answerWindows(parts.handlers, parts.onError);
  const files = { preload: parts.files.preload, icon: join(parts.files.resources, 'icon.png') };
  let window: BrowserWindow | null = null;
  let quitting = false;
  let acts = 0;

  function open(): void {
    if (!window || window.isDestroyed()) {
      window = openDeskWindow(files);
      window.on('closed', () => {
        window = null;
      });
    }
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  function kill(verb: KillVerb, where = 'the tray'): void {
    acts += 1;
    const commandId = `tray-${Date.now().toString(36)}-${acts}`;
    const reason = `Thrown from ${where}`;
    Promise.resolve(
      parts.handlers['killSwitch.throw']({ commandId, verb, reason }, { role: 'owner', via: 'tray', name: 'owner' }),
    ).catch((error: unknown) => parts.onError('tray', error));
  }

  const tray = createTray(join(parts.files.resources, 'tray'), {
    open,
    stopEntries: () => kill('stopEntries'),
    freeze: () => kill('freeze'),
    flatten: () => kill('flatten'),
    quit: () => app.quit(),
  });
  const showStatus = (): void => {
    try {
      const status: DeskStatus = statusOf(parts.desk);
      tray.show(status);
    } catch (error) {
      parts.onError('tray', error);
    }
  };
  const timer = setInterval(showStatus, TRAY_MS);
  showStatus();
  parts.desk.onNotice((notice) => {
    if (isWanted(notice, parts.alerts())) tell(notice, open);
  });
  const without = registerKillShortcut(parts.killShortcut, () => kill('freeze', 'the global shortcut'));
  if (without !== null)
    parts.desk.takeNotice({ kind: 'error', title: 'No kill shortcut', body: without, urgent: false }, instant(Date.now()));
  setApplicationMenu({ freeze: () => kill('freeze'), open }, { mac: process.platform === 'darwin', developing: !app.isPackaged });

  app.on('activate', open);
  app.on('second-instance', open);
  // Closing the window leaves the engine working in the tray: positions are not left alone by a click.
  app.on('window-all-closed', () => {});
  app.on('before-quit', (event) => {
    if (quitting) return;
    event.preventDefault();
    quitting = true;
    clearInterval(timer);
    releaseKillShortcut();
    parts
      .stop('the desktop app was quit')
      .catch((error: unknown) => parts.onError('stop', error))
      .finally(() => {
        tray.destroy();
        app.quit();
      });
  });
  open();
}
