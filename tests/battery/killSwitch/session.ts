import { EmbeddedBroker } from '#adapters/brokers/embedded/embeddedBroker';
import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { assemble } from '#app/assemble';
import { atNewYork } from '#domain/market/calendar';
import { type Instant, instant, isoDate, plusMs } from '#domain/units';
import { createRandom } from '#exchange/random';
import { runUntil } from '#modes/simulated';
import type { Broker, IdentifiedOrder } from '#ports/broker';
import type { KillVerb } from '#ports/commands';
import type { Deliverable } from '#ports/deliverable';
import { type Latch, type LatchRecord, mayReplace } from '#ports/latch';
import { engineSettings } from '#ports/settings/settings';
import { smallExchange } from '#support/embeddedAccount';
import { memoryJournal } from './memoryJournal.ts';

/**
 * Where the switch is thrown. `hand`: the owner's command at an instant. `otherProcess`: the latch is written by somebody else,
 * the engine hears of it up to half a second later. `inside`: the same in the middle of the engine's own turn, at one of its
 * calls to the world. `crash`: at such a call, and the engine dies there; another one starts from the journal.
 */
export const WAYS = ['hand', 'otherProcess', 'inside', 'crash'] as const;
export type Way = (typeof WAYS)[number];
const VERBS: readonly KillVerb[] = ['stopEntries', 'freeze', 'flatten'];
const STATES = { stopEntries: 'REDUCING', freeze: 'HALTED', flatten: 'FLATTENING' } as const;

export interface SessionResult {
  readonly seed: number;
  readonly way: Way;
  readonly verb: KillVerb;
  /** False when the session had no such call: nothing was thrown, nothing is proved. */
  readonly fired: boolean;
  readonly orders: number;
  /** Entries open at the broker when it was thrown. */
  readonly openWhenFired: number;
  /** Orders handed to the broker that the state forbids. */
  readonly sentAfter: number;
  /** Orders that the broker shows as created after the throw and that the state forbids. */
  readonly createdAfter: number;
  /** Entries open at the broker in the end. */
  readonly entriesLeft: number;
}

const DAY = isoDate('2026-01-05');
const OPEN = atNewYork(DAY, '09:30');
/** The switch is thrown within this time of the session, and looked after for this long. */
const WITHIN_MS = 150_000;
const AFTER_MS = 25_000;
/** The engine's look at the latch when the system tells of no change. */
const POLL_MS = 500;
/** Calls to the world in a session of that length. */
const CALLS = 200;

/** A busy desk: whatever the market offers is worked. */
const settingsFor = (seed: number) =>
  engineSettings.parse({
    universe: ['KO', 'BAC'],
    scanner: {
      minCreditToRisk: 0,
      minExpectedValueDollars: -100,
      minProbabilityOfProfit: 0.3,
      repeatInSameSymbol: true,
      minVolume: 0,
      minOpenInterest: 0,
      maxSpreadFraction: 2,
    },
    risk: {
      noEntriesFirstMinutes: 0,
      maxEntriesPerSymbolPerDay: 100,
      maxPositionsPerSymbol: 50,
      duplicateWindowSeconds: 0,
      maxOrdersPerMinute: 1_000,
      maxOrdersPerDay: 10_000,
    },
    // Half of the sessions send often; in the other half an order rests so long that only the switch can end it in time.
    execution: { normalRungs: 3, normalSeconds: seed % 2 === 0 ? 5 : 120, restSeconds: 5 },
  });

/** One short session with the switch thrown somewhere in it, decided by the seed alone. */
export async function killSession(seed: number): Promise<SessionResult> {
  const random = createRandom(seed).fork('kill switch');
  const way = WAYS[Math.floor(random.next() * WAYS.length)] ?? 'hand';
  const verb = VERBS[Math.floor(random.next() * VERBS.length)] ?? 'freeze';
  const firesAt = plusMs(OPEN, Math.floor(random.next() * WITHIN_MS));
  const firesAtCall = 20 + Math.floor(random.next() * CALLS);
  const heardAfter = 1 + Math.floor(random.next() * POLL_MS);

  const exchange = smallExchange({ seed, settings: { market: { underlyings: ['KO', 'BAC'], historySessions: 30 } } });
  const journal = memoryJournal('battkill');
  const purposes = new Map<string, IdentifiedOrder['purpose']>();
  let record: LatchRecord = { state: 'ACTIVE', reason: '', by: '', at: instant(0) };
  let firedAt: Instant | null = null;
  let openWhenFired = 0;
  let sentAfter = 0;
  let calls = 0;

  const isForbidden = (purpose: IdentifiedOrder['purpose'] | undefined): boolean =>
    purpose !== 'close' || record.state === 'HALTED';
  const openEntries = (): number =>
    exchange.desk.orders({ status: 'open' }).filter(({ clientOrderId }) => purposes.get(clientOrderId) !== 'close').length;

  let haltedAt: Instant | null = null;

  function noteFired(): void {
    if (record.state === 'HALTED') haltedAt ??= exchange.now();
    if (firedAt !== null) return;
    firedAt = exchange.now();
    openWhenFired = openEntries();
  }
  function throwFromOutside(): void {
    record = { state: STATES[verb], reason: 'battery', by: 'other hand', at: exchange.now() };
    noteFired();
  }

  /** One life of the engine; answers when its time is over or it has died. */
  async function live(until: Instant, first: boolean): Promise<'died' | 'over'> {
    const life = { dead: false };
    const atCall = (): void => {
      calls += 1;
      if (!first || firedAt !== null || calls !== firesAtCall) return;
      if (way === 'inside') throwFromOutside();
      if (way === 'crash') {
        throwFromOutside();
        life.dead = true;
      }
    };
    const latch: Latch = {
      read: () => record,
      write(next) {
        if (life.dead) return;
        record = next;
        if (next.state !== 'ACTIVE') noteFired();
      },
      replace(seen, next) {
        if (!life.dead && !mayReplace(record, seen, next)) return false;
        latch.write(next);
        return true;
      },
    };
    const inner = new EmbeddedBroker(exchange);
    const broker = watched(inner, {
      send(order) {
        // The one call during which the switch is thrown is under way already; every later one counts.
        if (firedAt !== null && isForbidden(order.purpose)) sentAfter += 1;
        atCall();
        if (life.dead) return;
        purposes.set(order.clientOrderId, order.purpose);
        inner.send(order);
      },
      cancel(clientOrderId, brokerOrderId) {
        atCall();
        if (!life.dead) inner.cancel(clientOrderId, brokerOrderId);
      },
    });
    const feed = new EmbeddedFeed(exchange);
    const { runtime, start } = assemble({
      settings: settingsFor(seed),
      broker,
      feed,
      journal: {
        reader: journal.reader,
        writer: {
          ...journal.writer,
          append(facts, options) {
            atCall();
            if (life.dead) throw new Error('died');
            const rows = journal.writer.append(facts, options);
            atCall();
            return rows;
          },
        },
      },
      latch,
      mode: 'paper',
      account: exchange.desk.account().accountNumber,
      build: 'battery',
      feeSchedule: exchange.settings.fees,
      now: () => exchange.now(),
    });
    await broker.start();
    await feed.start();
    start();
    const session = {
      runtime: { ...runtime, isHalted: () => life.dead || runtime.isHalted() },
      time: exchange,
      adapters: [broker, feed],
      onTime() {},
    };
    const run = (to: Instant): Promise<void> => runUntil(session, to);
    if (first && (way === 'hand' || way === 'otherProcess')) {
      await run(firesAt);
      if (way === 'hand') {
        const by = { role: 'owner', via: 'desktop', name: 'owner' } as const;
        await runtime.command({
          commandId: 'battery-kill',
          at: exchange.now(),
          by,
          command: { kind: 'throwKillSwitch', verb, reason: 'battery' },
        });
      } else throwFromOutside();
    }
    if (first && (way === 'inside' || way === 'crash')) {
      // A session without so many calls: thrown at its end, by another hand.
      const last = plusMs(OPEN, WITHIN_MS);
      while (firedAt === null && exchange.now() < last) await run(plusMs(exchange.now(), 1_000));
      if (firedAt === null) throwFromOutside();
    }
    if (first && way !== 'hand' && !life.dead) {
      // The engine's own eyes on the latch's file: it hears of another hand within its poll.
      await run(plusMs(exchange.now(), heardAfter));
      runtime.post({ kind: 'latchMoved', at: exchange.now() });
    }
    await run(firedAt === null || life.dead ? until : plusMs(firedAt, AFTER_MS));
    runtime.stop();
    await inner.stop();
    return life.dead ? 'died' : 'over';
  }

  const end = plusMs(OPEN, WITHIN_MS + AFTER_MS);
  if ((await live(end, true)) === 'died') await live(plusMs(exchange.now(), AFTER_MS), false);
  const all = exchange.desk.orders({ status: 'all' });
  const thrownAt: Instant | null = firedAt;
  const stoodAt: Instant | null = haltedAt;
  return {
    seed,
    way,
    verb,
    fired: thrownAt !== null,
    orders: all.length,
    openWhenFired,
    sentAfter,
    createdAfter:
      thrownAt === null
        ? 0
        : all.filter(
            ({ createdAt, clientOrderId }) =>
              (createdAt > thrownAt && purposes.get(clientOrderId) !== 'close') || (stoodAt !== null && createdAt > stoodAt),
          ).length,
    entriesLeft: thrownAt === null ? 0 : openEntries(),
  };
}

/** The broker with some of its calls replaced; everything else is its own. */
function watched(inner: EmbeddedBroker, calls: Pick<Broker, 'send' | 'cancel'>): Broker & Deliverable {
  return {
    capabilities: inner.capabilities,
    get settled() {
      return inner.settled;
    },
    idle: () => inner.idle(),
    take: () => inner.take(),
    lookUp: (id) => inner.lookUp(id),
    requestSnapshot: (request) => inner.requestSnapshot(request),
    exercise: (symbol, action) => inner.exercise(symbol, action),
    onReport: (listener) => inner.onReport(listener),
    onSnapshot: (listener) => inner.onSnapshot(listener),
    onConnection: (listener) => inner.onConnection(listener),
    start: () => inner.start(),
    stop: () => inner.stop(),
    ...calls,
  };
}
