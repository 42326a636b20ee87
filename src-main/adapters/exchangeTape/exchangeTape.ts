import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type Instant, type IsoDate, instant, invariant, isoDate } from '#domain/units';
import { createExchange } from '#exchange/embeddedExchange';
import type { AccountDesk, Exchange } from '#exchange/exchangeApi';
import type { OrderTicket } from '#exchange/orders';
import { type ExchangeSettings, exchangeSettings } from '#exchange/settings';

const ticket = z.custom<OrderTicket>((value) => typeof value === 'object' && value !== null);
const place = { at: z.number().int(), seen: z.number().int() };

/** A call that changed the account: when it came, and how many order updates the exchange had told by then. */
const entry = z.discriminatedUnion('call', [
  z.object({ ...place, call: z.literal('submit'), ticket }),
  z.object({ ...place, call: z.literal('cancel'), orderId: z.string() }),
  z.object({
    ...place,
    call: z.literal('replace'),
    orderId: z.string(),
    change: z.object({
      quantity: z.number().exactOptional(),
      netLimit: z.number().exactOptional(),
      clientOrderId: z.string().exactOptional(),
    }),
  }),
  z.object({ ...place, call: z.literal('exercise'), symbol: z.string() }),
  z.object({ ...place, call: z.literal('doNotExercise'), symbol: z.string() }),
  z.object({
    ...place,
    call: z.literal('configure'),
    change: z.object({
      maxOptionsTradingLevel: z.number().nullable().exactOptional(),
      suspendTrade: z.boolean().exactOptional(),
      noShorting: z.boolean().exactOptional(),
    }),
  }),
]);
type Entry = z.output<typeof entry>;
type Call = Entry extends infer One ? (One extends Entry ? Omit<One, 'at' | 'seen'> : never) : never;

const header = z.object({ seed: z.number(), start: z.string(), settings: exchangeSettings });

export interface TapedExchange {
  readonly exchange: Exchange;
  readonly seed: number;
  readonly start: IsoDate;
  /** Calls done again from an earlier run. */
  readonly replayed: number;
  close(): void;
}

/**
 * The embedded exchange with a memory. It is deterministic (one seed and one sequence of calls, one history), so its memory is
 * the list of calls: each is written and synced before it is carried out, and a start does them all again at their instants,
 * then runs on to `resumeAt`. A folder keeps the market it began with: seed, start and settings stand in its first line.
 * A last line that was cut off by a crash was never carried out and is dropped.
 */
export function openTapedExchange(
  file: string,
  wanted: { readonly seed: number; readonly start: IsoDate; readonly settings: ExchangeSettings },
  resumeAt: Instant | null,
): TapedExchange {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const tape = readTape(file);
  const first = tape.header ?? { seed: wanted.seed, start: String(wanted.start), settings: wanted.settings };
  const handle = openSync(file, existsSync(file) ? 'r+' : 'w+', 0o600);
  ftruncateSync(handle, tape.bytes);
  let end = tape.bytes;
  const write = (line: unknown): void => {
    end += writeSync(handle, `${JSON.stringify(line)}\n`, end);
    fsyncSync(handle);
  };
  if (!tape.header) write(first);

  const exchange = createExchange({ seed: first.seed, start: isoDate(first.start), settings: first.settings });
  let seen = 0;
  exchange.desk.onOrderUpdate(() => {
    seen += 1;
  });
  for (const call of tape.entries) {
    while (exchange.now() < call.at || seen < call.seen) exchange.advanceTo(instant(call.at));
    invariant(exchange.now() === call.at && seen === call.seen, `the exchange's tape does not fit at ${call.at}: ${call.call}`);
    carryOut(exchange.desk, call);
  }
  while (resumeAt !== null && exchange.now() < resumeAt) exchange.advanceTo(resumeAt);

  const record = (call: Call): void => write({ at: exchange.now(), seen, ...call });
  return {
    exchange: withDesk(exchange, recording(exchange.desk, record)),
    seed: first.seed,
    start: isoDate(first.start),
    replayed: tape.entries.length,
    close: () => closeSync(handle),
  };
}

function readTape(file: string): { header: z.output<typeof header> | null; entries: Entry[]; bytes: number } {
  if (!existsSync(file)) return { header: null, entries: [], bytes: 0 };
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const [first, ...lines] = whole.split('\n').filter((line) => line !== '');
  return {
    header: first === undefined ? null : header.parse(JSON.parse(first)),
    entries: lines.map((line) => entry.parse(JSON.parse(line))),
    bytes: Buffer.byteLength(whole),
  };
}

function carryOut(desk: AccountDesk, call: Entry): void {
  switch (call.call) {
    case 'submit':
      desk.submit(call.ticket);
      return;
    case 'cancel':
      desk.cancel(call.orderId);
      return;
    case 'replace':
      desk.replace(call.orderId, call.change);
      return;
    case 'exercise':
      desk.exercise(call.symbol);
      return;
    case 'doNotExercise':
      desk.doNotExercise(call.symbol);
      return;
    case 'configure':
      desk.configure(call.change);
      return;
  }
}

/** The desk with every changing call written down first. */
function recording(desk: AccountDesk, record: (call: Call) => void): AccountDesk {
  return {
    account: () => desk.account(),
    configuration: () => desk.configuration(),
    positions: () => desk.positions(),
    orders: (query) => desk.orders(query),
    orderById: (id) => desk.orderById(id),
    orderByClientId: (id) => desk.orderByClientId(id),
    activities: (after) => desk.activities(after),
    equityHistory: () => desk.equityHistory(),
    ledger: () => desk.ledger(),
    onOrderUpdate: (listener) => desk.onOrderUpdate(listener),
    configure(change) {
      record({ call: 'configure', change });
      return desk.configure(change);
    },
    submit(wish) {
      record({ call: 'submit', ticket: wish });
      return desk.submit(wish);
    },
    cancel(orderId) {
      record({ call: 'cancel', orderId });
      return desk.cancel(orderId);
    },
    replace(orderId, change) {
      record({ call: 'replace', orderId, change });
      return desk.replace(orderId, change);
    },
    exercise(symbol) {
      record({ call: 'exercise', symbol });
      return desk.exercise(symbol);
    },
    doNotExercise(symbol) {
      record({ call: 'doNotExercise', symbol });
      return desk.doNotExercise(symbol);
    },
  };
}

function withDesk(exchange: Exchange, desk: AccountDesk): Exchange {
  return {
    settings: exchange.settings,
    market: exchange.market,
    faults: exchange.faults,
    memory: () => exchange.memory(),
    desk,
    now: () => exchange.now(),
    advanceTo: (target) => exchange.advanceTo(target),
  };
}
