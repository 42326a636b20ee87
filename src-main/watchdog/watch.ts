import { openLatchFile } from '#adapters/latch/latchFile';
import { instant } from '#domain/units';
import { alertOwner } from './alert.ts';
import { brokerOrders, isEntry } from './brokerOrders.ts';
import type { WatchOrders, WatchState } from './protocol.ts';
import { entriesFile, heartbeatFile, watchStateFile } from './sharedFiles.ts';

/** A tick this much later than asked for means that the watchdog itself slept: nothing is concluded from it. */
const LATE_TICK = 3;
/**
 * Pauses between two looks at the broker while entries are being taken back: short at first, since an error that passes must not cost
 * a second, then long enough that the broker's limit for requests is not used up.
 */
const FIRST_LOOKS = 20;
const FIRST_PAUSE_MS = 50;
const PAUSE_MS = 500;

/**
 * Watches the engine's sign of life. When it stays away for the set number of beats, the latch is thrown, every entry at the
 * broker is taken back (exits are left to work) and the owner is told; then it looks until the broker shows none left.
 */
/** Why the watchdog acts for a desk that ended in order. */
const STOPPED_EARLY = 'The desk was stopped before the broker had confirmed that its entries are taken back';

export function watch(orders: WatchOrders, onEnd: () => void) {
  const { files, beatMs } = orders;
  const broker = brokerOrders(orders);
  const latch = openLatchFile(files.latch);
  const heartbeat = heartbeatFile(files.heartbeat);
  const entryIds = entriesFile(files.entries);
  const stateFile = watchStateFile(files.state);
  let state: WatchState = {
    phase: 'starting',
    pid: process.pid,
    at: Date.now(),
    lastBeatAt: null,
    beatsMissed: 0,
    firedAt: null,
    reason: '',
    cancelled: [],
    remaining: null,
    clearedAt: null,
    suspended: false,
    positions: 0,
    error: '',
  };
  let lastCount = -1;
  let lastTick = performance.now();
  let toldUnattended = false;
  let over = false;
  let orphaned = false;
  let left = false;

  function tell(change: Partial<WatchState>): void {
    state = { ...state, ...change, at: Date.now() };
    try {
      stateFile.write(state);
    } catch {
      // The state is for eyes only; a full disk must not stop the watch.
    }
  }

  function tick(): void {
    const now = performance.now();
    const late = now - lastTick > beatMs * LATE_TICK;
    lastTick = now;
    const beat = heartbeat.read();
    if (beat && beat.pid !== orders.enginePid) return end('another engine took over');
    if (beat && beat.count !== lastCount && !left) {
      lastCount = beat.count;
      toldUnattended = false;
      return tell({ phase: 'watching', lastBeatAt: beat.at, beatsMissed: 0, positions: beat.positions });
    }
    if (state.phase === 'starting') return orphaned ? end('the engine ended before its first sign of life') : tell({});
    if (!late) tell({ beatsMissed: state.beatsMissed + 1 });
    if (state.phase === 'watching' && state.beatsMissed >= orders.missedBeats) fire();
    tellUnattended();
    if (orphaned && isDone()) end(`${state.reason}; all that could be done is done`);
  }

  /** Nothing is left to do for an engine that is dead: its entries are gone (or were tried for long enough), the owner knows. */
  function isDone(): boolean {
    if (state.firedAt === null) return false;
    const gone = state.clearedAt !== null || Date.now() > state.firedAt + orders.persistMs;
    return gone && (state.positions === 0 || toldUnattended);
  }

  function fire(): void {
    const silent = Date.now() - (state.lastBeatAt ?? Date.now());
    const reason = `The engine gave no sign of life for ${(silent / 1000).toFixed(1)} s`;
    throwLatch(reason);
    act('Strikedesk: the engine does not answer', reason, orders.suspendTrade);
  }

  function act(title: string, reason: string, suspend: boolean): void {
    tell({ phase: 'fired', firedAt: Date.now(), reason, cancelled: [], remaining: null, clearedAt: null });
    alertOwner(files.log, title, `${reason}. Entries are being taken back at the broker.`);
    void takeBack(Date.now() + orders.persistMs, suspend);
  }

  /** Never loosens: only a switch that is not thrown, or a milder state, is moved. */
  function throwLatch(reason: string): void {
    const seen = latch.read();
    const stricter = seen.state === 'ACTIVE' || (orders.latchState === 'HALTED' && seen.state === 'REDUCING');
    if (!stricter) return;
    try {
      // What another hand threw in this very moment stands, unless it is milder.
      latch.replace(seen, { state: orders.latchState, reason, by: 'watchdog', at: instant(Date.now()) });
    } catch (error) {
      tell({ error: `latch: ${textOf(error)}` });
    }
  }

  async function takeBack(until: number, suspend: boolean): Promise<void> {
    if (suspend)
      await broker.suspend().then(
        () => tell({ suspended: true }),
        (error: unknown) => tell({ error: textOf(error) }),
      );
    for (let looks = 1; !over && Date.now() < until; looks += 1) {
      try {
        const listed = new Set(entryIds.read()?.entries ?? []);
        const entries = (await broker.open()).filter((open) => isEntry(open, orders.journalId, listed));
        tell({ remaining: entries.length, error: '' });
        if (entries.length === 0) {
          tell({ clearedAt: Date.now() });
          alertOwner(files.log, 'Strikedesk: no entry is left at the broker', `${state.cancelled.length} taken back.`);
          return;
        }
        await Promise.all(
          entries.map(async ({ id }) => {
            if ((await broker.cancel(id)) && !state.cancelled.includes(id)) tell({ cancelled: [...state.cancelled, id] });
          }),
        );
      } catch (error) {
        tell({ error: textOf(error) });
      }
      await new Promise((resolve) => setTimeout(resolve, looks <= FIRST_LOOKS ? FIRST_PAUSE_MS : PAUSE_MS));
    }
  }

  function tellUnattended(): void {
    if (toldUnattended || state.positions === 0 || state.lastBeatAt === null) return;
    const silent = Date.now() - state.lastBeatAt;
    if (silent < orders.unattendedMs) return;
    toldUnattended = true;
    alertOwner(
      files.log,
      'Strikedesk: positions are unattended',
      `${state.positions} open positions have had no engine for ${(silent / 1000).toFixed(0)} s.`,
    );
  }

  function end(reason: string): void {
    over = true;
    clearInterval(timer);
    tell({ phase: 'ended', reason });
    onEnd();
  }

  tell({});
  const timer = setInterval(tick, beatMs);
  return {
    /** The desk ends in order: nothing is wrong. */
    end,
    /** The desk ends in order, and entries may still be open: they are taken back without it. What has fired goes on. */
    leave(): void {
      left = true;
      orphaned = true;
      if (state.phase !== 'fired') act('Strikedesk: stopped with entries still open', STOPPED_EARLY, false);
    },
    /** The desk's process is gone without a word. */
    orphan(): void {
      orphaned = true;
    },
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
