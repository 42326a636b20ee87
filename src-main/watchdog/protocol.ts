import { z } from 'zod';

/** What the watchdog is told on its standard input, in one line, before anything else: keys never stand in arguments or variables. */
export const watchOrders = z.object({
  /** Alpaca's trading address, or the embedded exchange's. */
  tradingUrl: z.string(),
  keyId: z.string(),
  secret: z.string(),
  /** Names our orders at the broker. */
  journalId: z.string(),
  enginePid: z.number().int(),
  beatMs: z.number().int().min(10),
  missedBeats: z.number().int().min(1),
  latchState: z.enum(['REDUCING', 'HALTED']),
  suspendTrade: z.boolean(),
  /** Open positions without an engine are told of after this time. */
  unattendedMs: z.number().int(),
  /** It goes on trying to take entries back for this long after it fired. */
  persistMs: z.number().int(),
  files: z.object({
    heartbeat: z.string(),
    entries: z.string(),
    latch: z.string(),
    state: z.string(),
    log: z.string(),
  }),
});
export type WatchOrders = z.output<typeof watchOrders>;

/** The engine's sign of life, one small file. `count` grows with every beat. */
export const heartbeat = z.object({
  pid: z.number().int(),
  count: z.number().int(),
  at: z.number().int(),
  positions: z.number().int(),
});
export type Heartbeat = z.output<typeof heartbeat>;

/** Client order ids of entries, written before each of them is sent. */
export const entryList = z.object({ entries: z.array(z.string()) });

/** What the watchdog sees and did, for the desk and for whoever comes after a crash. */
export const watchState = z.object({
  phase: z.enum(['starting', 'watching', 'fired', 'ended']),
  pid: z.number().int(),
  at: z.number().int(),
  lastBeatAt: z.number().int().nullable(),
  beatsMissed: z.number().int(),
  firedAt: z.number().int().nullable(),
  reason: z.string(),
  /** Broker order ids of entries taken back. */
  cancelled: z.array(z.string()),
  /** Entries still open at the broker at the last look; null before it. */
  remaining: z.number().int().nullable(),
  /** When the broker confirmed that none is left. */
  clearedAt: z.number().int().nullable(),
  suspended: z.boolean(),
  positions: z.number().int(),
  error: z.string(),
});
export type WatchState = z.output<typeof watchState>;
