import { BrowserWindow } from 'electron';
import { START_ADDRESS } from './addresses.ts';

export interface WindowFiles {
  /** The built preload. */
  readonly preload: string;
  readonly icon: string;
}

/** The desk's window: isolated, sandboxed, no Node in the page. Shown when it has drawn itself. */
export function openDeskWindow({ preload, icon }: WindowFiles): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Strikedesk',
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 640,
    show: false,
    backgroundColor: '#0d1117',
    icon,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(START_ADDRESS);
  return window;
}
