import { EventEmitter } from 'node:events';

/** A small stand-in for the `electron` module: it records what the shell asks of it. */
export const asked = {
  schemes: [] as unknown[],
  windows: [] as { options: Record<string, unknown>; loaded: string[] }[],
  menus: [] as { label?: string; enabled?: boolean; click?: () => void }[][],
  images: [] as string[],
  tooltips: [] as string[],
  notifications: [] as { title: string; body: string }[],
  quits: 0,
  /** Keys registered with the system, and keys that it keeps for others. */
  shortcuts: new Map<string, () => void>(),
  taken: [] as string[],
  forks: [] as { script: string; child: EventEmitter & { heard: unknown[] } }[],
  permission: null as null | ((contents: unknown, permission: string, answer: (granted: boolean) => void) => void),
  permissionCheck: null as null | (() => boolean),
  onRequest: null as null | ((details: { url: string }, answer: (verdict: { cancel: boolean }) => void) => void),
};

class App extends EventEmitter {
  readonly isPackaged = true;
  quit(): void {
    asked.quits += 1;
    this.emit('before-quit', { preventDefault() {} });
  }
}
export const app = new App();

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown[]) => asked.schemes.push(...schemes),
  handle: () => {},
};

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: typeof asked.permission) => {
      asked.permission = handler;
    },
    setPermissionCheckHandler: (handler: typeof asked.permissionCheck) => {
      asked.permissionCheck = handler;
    },
    setDevicePermissionHandler: () => {},
    webRequest: {
      onBeforeRequest: (handler: typeof asked.onRequest) => {
        asked.onRequest = handler;
      },
    },
  },
};

export class BrowserWindow extends EventEmitter {
  private readonly record: { options: Record<string, unknown>; loaded: string[] };
  constructor(options: Record<string, unknown>) {
    super();
    this.record = { options, loaded: [] };
    asked.windows.push(this.record);
  }
  loadURL(url: string): Promise<void> {
    this.record.loaded.push(url);
    return Promise.resolve();
  }
  isDestroyed(): boolean {
    return false;
  }
  isMinimized(): boolean {
    return false;
  }
  show(): void {}
  focus(): void {}
  restore(): void {}
}

export const Menu = {
  buildFromTemplate(template: { label?: string; enabled?: boolean; click?: () => void }[]) {
    asked.menus.push(template);
    return template;
  },
  setApplicationMenu() {},
};

export class Tray extends EventEmitter {
  setToolTip(text: string): void {
    asked.tooltips.push(text);
  }
  setImage(image: string): void {
    asked.images.push(image);
  }
  setContextMenu(): void {}
  destroy(): void {}
}

export const globalShortcut = {
  register(keys: string, act: () => void): boolean {
    if (keys.includes('Nonsense')) throw new Error('conversion failure');
    if (asked.taken.includes(keys)) return false;
    asked.shortcuts.set(keys, act);
    return true;
  },
  unregisterAll: () => asked.shortcuts.clear(),
};

/** A process that says back what it was told, as Electron's own does over its port. */
export const utilityProcess = {
  fork(script: string) {
    const child = Object.assign(new EventEmitter(), {
      pid: 77,
      heard: [] as unknown[],
      postMessage(message: unknown) {
        child.heard.push(message);
      },
    });
    asked.forks.push({ script, child });
    return child;
  },
};

export const nativeImage = { createFromPath: (path: string) => path };

export class Notification extends EventEmitter {
  private readonly text: { title: string; body: string };
  constructor(text: { title: string; body: string }) {
    super();
    this.text = text;
  }
  static isSupported(): boolean {
    return true;
  }
  show(): void {
    asked.notifications.push(this.text);
  }
}

/** One end of a message channel. */
export class PortStandIn extends EventEmitter {
  other: PortStandIn | null = null;
  start(): void {}
  postMessage(data: unknown): void {
    queueMicrotask(() => this.other?.emit('message', { data }));
  }
  close(): void {
    queueMicrotask(() => this.other?.emit('close'));
  }
}

export class MessageChannelMain {
  readonly port1 = new PortStandIn();
  readonly port2 = new PortStandIn();
  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}

export const ipcMain = new EventEmitter();
