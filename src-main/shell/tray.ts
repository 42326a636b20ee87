import { join } from 'node:path';
import { Menu, nativeImage, Tray } from 'electron';
import type { DeskStatus } from '#contract/desk';

export interface TrayActs {
  open(): void;
  stopEntries(): void;
  freeze(): void;
  flatten(): void;
  quit(): void;
}

const IMAGES: Readonly<Record<DeskStatus['kill']['state'], string>> = {
  ACTIVE: 'active',
  REDUCING: 'reducing',
  HALTED: 'halted',
  FLATTENING: 'flattening',
};

/** Which picture stands in the tray: the kill switch's state, or that the broker cannot be reached. Shape tells as well as colour. */
export function trayImageOf(status: Pick<DeskStatus, 'kill' | 'connections'>): string {
  const broker = status.connections.find(({ channel }) => channel === 'broker');
  if (broker?.state === 'disconnected') return 'offline';
  return IMAGES[status.kill.state];
}

/** The line under the pointer: whose money, what state, how the day goes. */
export function trayTextOf(status: DeskStatus): string {
  const { account, kill, counts } = status;
  const day =
    account.dayPnl === null
      ? 'day unknown'
      : `day ${account.dayPnl < 0 ? '-' : '+'}$${(Math.abs(account.dayPnl) / 100).toFixed(2)}`;
  return `Strikedesk ${status.mode.toUpperCase()} | ${kill.state} | ${day} | ${counts.positions} positions`;
}

/** The tray's picture, text and menu, kept in step with the desk. Call `show` whenever the status changed. */
export function createTray(imageFolder: string, acts: TrayActs): { show(status: DeskStatus): void; destroy(): void } {
  const imageOf = (name: string) => nativeImage.createFromPath(join(imageFolder, `${name}.png`));
  const tray = new Tray(imageOf('offline'));
  let shown = '';
  tray.on('click', acts.open);

  function menuFor(state: DeskStatus['kill']['state']): Menu {
    const thrown = state !== 'ACTIVE';
    return Menu.buildFromTemplate([
      { label: 'Open the desk', click: acts.open },
      { type: 'separator' },
      { label: thrown ? `Kill switch: ${state}` : 'Kill switch: trading', enabled: false },
      { label: 'Pause: stop entries', enabled: !thrown, click: acts.stopEntries },
      { label: 'Kill: freeze everything', enabled: state !== 'HALTED', click: acts.freeze },
      { label: 'Kill: flatten', enabled: state !== 'FLATTENING', click: acts.flatten },
      { type: 'separator' },
      { label: 'Quit (the engine stops too)', click: acts.quit },
    ]);
  }

  return {
    show(status) {
      const image = trayImageOf(status);
      const key = `${image} ${status.kill.state}`;
      tray.setToolTip(trayTextOf(status));
      if (key === shown) return;
      shown = key;
      tray.setImage(imageOf(image));
      tray.setContextMenu(menuFor(status.kill.state));
    },
    destroy: () => tray.destroy(),
  };
}
