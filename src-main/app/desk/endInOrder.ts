import { setTimeout as pause } from 'node:timers/promises';
import type { Instant } from '#domain/units';
import { isOver } from '#engine/state/orderRecord';
import type { EngineView } from '#engine/view';
import type { Runtime } from '#modes/runtime';

/** Time between two looks at how far it has come. */
const LOOK_MS = 50;

export interface EndInOrderParts {
  readonly runtime: Pick<Runtime, 'post' | 'isHalted'>;
  view(): Pick<EngineView, 'standingDown' | 'connections' | 'positions' | 'orders'>;
  now(): Instant;
  /** How long the broker's word is waited for, milliseconds. */
  readonly waitMs: number;
  /** Orders live at a broker's, and may fill when we are gone; an exchange of our own stands still with us. */
  readonly outlivesUs: boolean;
}

/** What an end in order leaves behind: entries that may still fill, and in words what is held. */
export interface LeftBehind {
  readonly entries: number;
  readonly text: string;
}

/**
 * Takes every entry back before the engine ends and waits for the broker to say so, but never longer than the setting: a quit
 * must not hang on a broker that does not answer. Exits keep resting: they only ever close.
 */
export async function endInOrder(parts: EndInOrderParts): Promise<LeftBehind> {
  const { runtime, view, outlivesUs } = parts;
  if (outlivesUs && !runtime.isHalted()) {
    runtime.post({ kind: 'stopAsked', at: parts.now() });
    await confirmed(parts);
  }
  const { standingDown, positions, orders } = view();
  const halted = outlivesUs && runtime.isHalted();
  // An engine that has stopped by itself does not know what is left: its watchdog looks.
  const entries = halted ? Math.max(1, openOf(orders, 'open')) : (standingDown?.entriesLeft ?? 0);
  const exits = outlivesUs ? openOf(orders, 'close') : 0;
  const parted = [
    positions.length > 0 ? `${counted(positions.length, 'position is', 'positions are')} held` : '',
    positions.length > 0 ? 'nothing manages what is held until the next start' : '',
    exits > 0 ? `${counted(exits, 'exit keeps', 'exits keep')} resting at the broker` : '',
    halted ? 'the engine had stopped by itself: whether an entry is left at the broker is not known' : '',
    !halted && entries > 0 ? `the broker has not confirmed that ${counted(entries, 'entry is', 'entries are')} taken back` : '',
  ].filter((part) => part !== '');
  return { entries, text: parted.length === 0 ? 'nothing is held and nothing is open' : parted.join('; ') };
}

async function confirmed({ runtime, view, waitMs }: EndInOrderParts): Promise<void> {
  const until = performance.now() + waitMs;
  while (performance.now() < until && !runtime.isHalted()) {
    const { standingDown, connections } = view();
    if (standingDown === null || standingDown.confirmed) return;
    // Nothing is open by our book, and there is nobody to ask.
    if (standingDown.entriesLeft === 0 && connections.get('broker') === 'disconnected') return;
    await pause(LOOK_MS);
  }
}

function openOf(orders: EngineView['orders'], purpose: 'open' | 'close'): number {
  return orders.filter(({ request, status }) => request.purpose === purpose && !isOver(status)).length;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
