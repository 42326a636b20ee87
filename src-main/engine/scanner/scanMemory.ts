import type { IsoDate } from '#domain/units';
import type { UnderlyingHistory } from '#ports/marketData';
import { type DayStatistics, dayStatisticsOf } from './dayStatistics.ts';

/** Columns that one expiration's preparation works in; grown when a longer chain comes. */
export interface Scratch {
  readonly callMids: Float64Array;
  readonly putMids: Float64Array;
  readonly status: Uint8Array;
  readonly lnStrikes: Float64Array;
}

/** What a scan may keep for the next one: caches, never facts. */
export interface ScanMemory {
  /** Statistics of the day, computed when the history or the day changes. */
  statisticsOf(underlying: string, today: IsoDate, history: UnderlyingHistory | undefined): DayStatistics;
  /**
   * Zeroed room for a view's own columns, `bytes` long (a multiple of 8): carved from large buffers, since thousands of small ones
   * a scan keep the garbage collector busy. A buffer dies with the last view on it.
   */
  room(bytes: number): { readonly buffer: ArrayBuffer; readonly offset: number };
  /** Working columns for `n` strikes; their contents last until the next call. */
  scratch(n: number): Scratch;
}

/** Size of the buffers that views are carved from. */
const ROOM_BYTES = 1 << 20;

/** An empty memory. */
export function createScanMemory(): ScanMemory {
  const days = new Map<string, { readonly key: string; readonly statistics: DayStatistics }>();
  let columns = scratchOf(256);
  let buffer = new ArrayBuffer(0);
  let used = 0;
  return {
    room(bytes) {
      if (used + bytes > buffer.byteLength) {
        buffer = new ArrayBuffer(Math.max(ROOM_BYTES, bytes));
        used = 0;
      }
      const offset = used;
      used += bytes;
      return { buffer, offset };
    },
    statisticsOf(underlying, today, history) {
      const key = historyKey(today, history);
      const known = days.get(underlying);
      if (known?.key === key) return known.statistics;
      const statistics = dayStatisticsOf(history);
      days.set(underlying, { key, statistics });
      return statistics;
    },
    scratch(n) {
      if (columns.status.length < n) columns = scratchOf(2 * n);
      return columns;
    },
  };
}

/** A history's bars change by growing: the day, their number and the last one tell them apart. */
function historyKey(today: IsoDate, history: UnderlyingHistory | undefined): string {
  const last = history?.bars.at(-1);
  return `${today}|${history?.bars.length ?? 0}|${last?.date ?? ''}|${last?.close ?? ''}`;
}

function scratchOf(n: number): Scratch {
  return {
    callMids: new Float64Array(n),
    putMids: new Float64Array(n),
    status: new Uint8Array(n),
    lnStrikes: new Float64Array(n),
  };
}
