import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FuseV1Options, FuseVersion } from '@electron/fuses';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { DeskStatus } from '#contract/desk';
import { cents, instant } from '#domain/units';
import type { Handlers } from '#wire/host';
import { app, asked, ipcMain, type PortStandIn } from './electronStandIn.ts';

vi.mock('electron', () => import('./electronStandIn.ts'));
const { flipFuses } = vi.hoisted(() => ({ flipFuses: vi.fn((_binary: string, _fuses: object) => Promise.resolve(1)) }));
vi.mock('@electron/fuses', async (real) => ({ ...(await real<object>()), flipFuses }));

const { isOwnAddress, PORT, REQUEST_PORT, START_ADDRESS } = await import('#shell/addresses');
const { openDeskWindow } = await import('#shell/deskWindow');
const { answerWindows, isOwnSender } = await import('#shell/line');
const { lockDown } = await import('#shell/lockdown');
const { isWanted } = await import('#host/alertChoice');
const { answer, declareScheme } = await import('#shell/protocol');
const { registerKillShortcut } = await import('#shell/killShortcut');
const { startShell } = await import('#shell/shell');
const { forkWatchdog } = await import('#shell/watchdogFork');
const { createTray, trayImageOf, trayTextOf } = await import('#shell/tray');

const root = mkdtempSync(join(tmpdir(), 'strikedesk-shell-'));
writeFileSync(join(root, 'index.html'), '<!doctype html>');
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the window', () => {
  it('is isolated and sandboxed, without Node, and loads its own scheme only', () => {
    openDeskWindow({ preload: '/preload.cjs', icon: '/icon.png' });
    const [window] = asked.windows;
    expect(window?.options['webPreferences']).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(window?.loaded).toEqual([START_ADDRESS]);
  });

  it.each([
    ['strikedesk://desk/', true],
    ['strikedesk://desk/assets/index.js', true],
    ['strikedesk://desk.evil/', false],
    ['strikedesk://other/', false],
    ['strikedesk://user@desk/', false],
    ['https://desk/', false],
    ['file:///etc/passwd', false],
    ['about:blank', false],
    ['javascript:alert(1)', false],
    ['not an address', false],
  ])('takes %s as its own: %s', (address, own) => {
    expect(isOwnAddress(address)).toBe(own);
  });
});

describe('the custom protocol', () => {
  it('is declared secure and serves files under the strict policy', async () => {
    declareScheme();
    expect(asked.schemes).toMatchObject([{ scheme: 'strikedesk', privileges: { standard: true, secure: true } }]);
    const page = await answer(root, { url: START_ADDRESS, method: 'GET' });
    expect(page.status).toBe(200);
    expect(page.headers.get('Content-Security-Policy')).toMatch(/default-src 'none'.*script-src 'self'/);
  });

  it.each(['strikedesk://desk/../../etc/passwd', 'strikedesk://desk/%2e%2e/secret.html', 'strikedesk://evil/index.html'])(
    'gives nothing for %s',
    async (url) => {
      expect((await answer(root, { url, method: 'GET' })).status).toBe(404);
    },
  );

  it('answers GET only', async () => {
    expect((await answer(root, { url: START_ADDRESS, method: 'POST' })).status).toBe(404);
  });
});

describe('the lock-down', () => {
  it('denies navigation, new windows, web views, permissions and the network', () => {
    lockDown();
    let opened: unknown;
    const contents = Object.assign(new EventEmitter(), {
      setWindowOpenHandler(handler: () => unknown) {
        opened = handler();
      },
    });
    app.emit('web-contents-created', {}, contents);
    expect(opened).toEqual({ action: 'deny' });
    const prevented = (name: string, url: string): boolean => {
      const preventDefault = vi.fn();
      contents.emit(name, { url, preventDefault });
      return preventDefault.mock.calls.length > 0;
    };
    expect(prevented('will-navigate', 'https://evil.example/')).toBe(true);
    expect(prevented('will-frame-navigate', 'https://evil.example/')).toBe(true);
    expect(prevented('will-redirect', 'https://evil.example/')).toBe(true);
    expect(prevented('will-attach-webview', '')).toBe(true);
    expect(prevented('will-navigate', START_ADDRESS)).toBe(false);
    const granted = vi.fn();
    asked.permission?.({}, 'media', granted);
    expect(granted).toHaveBeenCalledWith(false);
    expect(asked.permissionCheck?.()).toBe(false);
    const verdict = vi.fn();
    asked.onRequest?.({ url: 'https://evil.example/x' }, verdict);
    asked.onRequest?.({ url: START_ADDRESS }, verdict);
    expect(verdict.mock.calls).toEqual([[{ cancel: true }], [{ cancel: false }]]);
  });
});

describe('the line', () => {
  const frameOf = (url: string, parent: unknown = null) => ({ url, parent, postMessage: vi.fn() });

  it('is opened for the top frame of our own page alone', () => {
    const sent = (frame: unknown) => isOwnSender({ senderFrame: frame } as never);
    expect(sent(frameOf(START_ADDRESS))).toBe(true);
    expect(sent(frameOf(START_ADDRESS, {}))).toBe(false);
    expect(sent(frameOf('https://evil.example/'))).toBe(false);
    expect(sent(null)).toBe(false);
  });

  it('hands over a port that answers the contract, and nothing to strangers', async () => {
    const about = { version: '1', build: 'b', dataFolder: '', settingsFile: '', journalFile: '', platform: '' };
    answerWindows({ 'desk.about': () => about } as unknown as Handlers, () => {});
    const stranger = frameOf('https://evil.example/');
    ipcMain.emit(REQUEST_PORT, { senderFrame: stranger });
    expect(stranger.postMessage).not.toHaveBeenCalled();
    const own = frameOf(START_ADDRESS);
    ipcMain.emit(REQUEST_PORT, { senderFrame: own });
    const [message, , ports] = own.postMessage.mock.calls[0] as [string, null, PortStandIn[]];
    expect(message).toBe(PORT);
    const [port] = ports;
    const heard: unknown[] = [];
    port?.on('message', ({ data }: { data: unknown }) => heard.push(data));
    port?.postMessage({ kind: 'call', id: 1, name: 'desk.about', input: {} });
    port?.postMessage({ kind: 'call', id: 2, name: 'desk.about', input: { surprise: 1 } });
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(heard).toContainEqual({ kind: 'answer', id: 1, output: about });
    expect(heard).toContainEqual({ kind: 'failure', id: 2, failure: expect.objectContaining({ code: 'badInput' }) });
  });
});

describe('the tray', () => {
  const status = (state: DeskStatus['kill']['state'], broker: 'connected' | 'disconnected' = 'connected') =>
    ({
      mode: 'paper',
      kill: { state },
      connections: [{ channel: 'broker', state: broker, detail: '', since: instant(0) }],
      account: { dayPnl: cents(-12_345) },
      counts: { positions: 3 },
    }) as unknown as DeskStatus;

  it('shows the state by picture and by word, with pictures that exist', () => {
    expect(trayImageOf(status('ACTIVE'))).toBe('active');
    expect(trayImageOf(status('HALTED'))).toBe('halted');
    expect(trayImageOf(status('ACTIVE', 'disconnected'))).toBe('offline');
    expect(trayTextOf(status('REDUCING'))).toBe('Strikedesk PAPER | REDUCING | day -$123.45 | 3 positions');
    for (const name of ['active', 'reducing', 'halted', 'flattening', 'offline'])
      expect(existsSync(`resources/tray/${name}.png`), name).toBe(true);
  });

  it('kills, pauses and opens from its menu', () => {
    const acts = { open: vi.fn(), stopEntries: vi.fn(), freeze: vi.fn(), flatten: vi.fn(), quit: vi.fn() };
    const tray = createTray('resources/tray', acts);
    tray.show(status('ACTIVE'));
    const press = (label: RegExp): void =>
      asked.menus
        .at(-1)
        ?.find((item) => label.test(item.label ?? ''))
        ?.click?.();
    press(/^Open/);
    press(/^Pause/);
    press(/freeze/);
    press(/flatten/);
    for (const act of [acts.open, acts.stopEntries, acts.freeze, acts.flatten]) expect(act).toHaveBeenCalledOnce();
    tray.show(status('HALTED'));
    expect(asked.menus.at(-1)?.find(({ label }) => label === 'Kill: freeze everything')?.enabled).toBe(false);
  });
});

describe('the global shortcut', () => {
  it('freezes everything from any application, through the same command as every other way in', () => {
    const throwSwitch = vi.fn(() => Promise.resolve({ kind: 'done' }));
    const desk = { onNotice: () => () => {}, takeNotice: vi.fn() };
    startShell({
      handlers: { 'killSwitch.throw': throwSwitch } as unknown as Handlers,
      desk: desk as unknown as Parameters<typeof startShell>[0]['desk'],
      files: { renderer: root, preload: join(root, 'preload.cjs'), resources: 'resources' },
      killShortcut: 'CommandOrControl+Alt+Shift+K',
      alerts: () => ({ fills: true, exits: true, breaches: true, connections: true, days: true }),
      stop: () => Promise.resolve(),
      onError() {},
    });
    asked.shortcuts.get('CommandOrControl+Alt+Shift+K')?.();
    expect(throwSwitch).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ verb: 'freeze', reason: 'Thrown from the global shortcut' }),
      expect.objectContaining({ role: 'owner' }),
    );
    expect(desk.takeNotice).not.toHaveBeenCalled();
    app.quit();
    expect(asked.shortcuts.size).toBe(0);
  });

  it('says so when the keys belong to another application or are none, and is off when it is empty', () => {
    asked.taken.push('F13');
    expect(registerKillShortcut('F13', () => {})).toMatch(/belongs to another application/);
    expect(registerKillShortcut('Nonsense', () => {})).toMatch(/is not one/);
    expect(registerKillShortcut('', () => {})).toBeNull();
    expect(asked.shortcuts.size).toBe(0);
  });
});

describe('the watchdog of a packaged app', () => {
  it('is a process of Electron’s that hears its lines and tells of its end', () => {
    const child = forkWatchdog('/app/out/main/watchdog.js');
    const ended = vi.fn();
    child.onExit(ended);
    child.say('end');
    const fork = asked.forks.at(-1);
    expect(fork).toMatchObject({ script: '/app/out/main/watchdog.js', child: { heard: ['end'] } });
    fork?.child.emit('exit', 0);
    expect(ended).toHaveBeenCalledOnce();
    expect(child.pid()).toBe(77);
  });
});

describe('notices', () => {
  it('follow the owner’s choice, and what is urgent is always told', () => {
    const choice = { fills: false, exits: true, breaches: true, connections: false, days: false };
    expect(isWanted({ kind: 'fill', urgent: false }, choice)).toBe(false);
    expect(isWanted({ kind: 'fill', urgent: true }, choice)).toBe(true);
    expect(isWanted({ kind: 'exit', urgent: false }, choice)).toBe(true);
    expect(isWanted({ kind: 'connection', urgent: false }, choice)).toBe(false);
  });
});

describe('the package', () => {
  /** What electron-builder's hook asks of the packed binary. */
  async function flipped(electronPlatformName: string) {
    const config: { afterPack: string } = JSON.parse(readFileSync('resources/electron-builder.json', 'utf8'));
    const hook: { default(context: object): Promise<void> } = await import(pathToFileURL(resolve(config.afterPack)).href);
    flipFuses.mockClear();
    const packager = { appInfo: { productFilename: 'Strikedesk' }, executableName: 'strikedesk' };
    await hook.default({ appOutDir: '/packed', packager, electronPlatformName });
    expect(flipFuses).toHaveBeenCalledOnce();
    return flipFuses.mock.calls[0] ?? [];
  }

  it.each([
    ['linux', '/packed/strikedesk'],
    ['win32', '/packed/Strikedesk.exe'],
    ['darwin', '/packed/Strikedesk.app'],
  ])('sets every fuse of the binary after packing for %s', async (platform, binary) => {
    const [path, fuses] = await flipped(platform);
    expect(path).toBe(join(binary));
    expect(fuses).toEqual({
      version: FuseVersion.V1,
      strictlyRequireAllFuses: true,
      resetAdHocDarwinSignature: platform === 'darwin',
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableCookieEncryption]: true,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
      [FuseV1Options.WasmTrapHandlers]: true,
    });
    const names = Object.values(FuseV1Options).filter((name) => typeof name === 'number');
    expect(names.filter((fuse) => !Object.hasOwn(fuses ?? {}, fuse))).toEqual([]);
  });
});
