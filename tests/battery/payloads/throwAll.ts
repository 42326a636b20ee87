import type { AccountSnapshot, BrokerReport, IdentifiedOrder, SnapshotAnswer } from '#ports/broker';
import type { EngineDesk } from '#support/engineDesk';
import { LONG, quietDesk, SHORT, sellSpread } from '../../engine/acting/spread.ts';
import { type Captured, capture } from './capture.ts';
import { notFinite, wrongWith } from './judge.ts';
import { type Line, openLine } from './line.ts';
import { type Deed, mutated, pick, seeded } from './mutate.ts';

export interface PayloadsResult {
  readonly ok: boolean;
  readonly seed: number;
  readonly payloads: number;
  /** By what was asked or heard. */
  readonly thrownAt: Readonly<Record<string, number>>;
  readonly deeds: Readonly<Record<string, number>>;
  /** What came of them. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Reports that went on into a real engine that holds the order. */
  readonly takenIn: number;
  /** Every one is a defect; must be empty. */
  readonly failures: readonly {
    readonly why: string;
    readonly at: string;
    readonly deeds: readonly Deed[];
    readonly payload: string;
  }[];
}

const ORDERED = 2;
/** Failures that are told in full. */
const TOLD = 20;
/** Reports that one engine takes in before it is made anew. */
const TAKEN_BY_ONE = 200;

/** Looks at the account that one engine takes in. */
const LOOKS_OF_ONE = 25;

/** What is asked, whose answer is spoilt, and how often. */
const ASKED = [
  ['send', 'posted'],
  ['lookUp', 'byClient'],
  ['lookUp', 'byId'],
  ['cancel', 'byClient'],
  ['snapshot', 'account'],
  ['snapshot', 'positions'],
  ['snapshot', 'open'],
  ['snapshot', 'closed'],
  ['snapshot', 'activities'],
  ['external', 'byId'],
  ['chain', 'chain'],
  ['chain', 'contracts'],
  ['chain', 'spots'],
  ['quotes', 'spots'],
  ['quotes', 'optionQuotes'],
  ['history', 'bars'],
  ['history', 'actions'],
] as const;

/** What may come of an answer that was asked for. */
const TYPED: ReadonlySet<string> = new Set([
  'reported',
  'cancel sent',
  'snapshot',
  'snapshotFailed',
  'chain',
  'chain missing',
  'history',
  'history missing',
  'quotes',
]);

/** Spoils `n` payloads of the stand-in by seed and throws them at the adapter, and what it makes of them at a real engine. */
export async function throwPayloads(n: number, seed: number): Promise<PayloadsResult> {
  const random = seeded(seed);
  let desk = deskWithOrder();
  const own = desk.idOf('i1', 1);
  const captured = await capture({ clientOrderId: own, legs: [SHORT, LONG] });
  const updates = [...captured.updates.filter((text) => text.includes(own)), ...derived(captured)];
  const [other = ''] = captured.updates.filter((text) => !text.includes(own));
  const line = openLine('test0001', desk.now);
  for (const [name, text] of Object.entries(captured.rest)) line.answers.set(name, text);
  line.start();
  line.connect();
  // The order is known as one that this process sent.
  line.broker.send(orderOf(own));
  await settled(() => line.reports.length > 0);

  const thrownAt: Record<string, number> = {};
  const deedsDone: Record<string, number> = {};
  const outcomes: Record<string, number> = {};
  const failures: PayloadsResult['failures'][number][] = [];
  let failed = 0;
  let takenIn = 0;
  let looks = 0;
  let deskOfLooks = deskWithOrder();
  let current: { at: string; deeds: readonly Deed[]; payload: string } = { at: 'start', deeds: [], payload: '' };
  const fail = (why: string): void => {
    failed += 1;
    if (failures.length < TOLD) failures.push({ why, ...current });
  };
  const escaped = (error: unknown): void =>
    fail(`thrown out of the port: ${error instanceof Error ? error.message : String(error)}`);
  process.on('unhandledRejection', escaped);
  process.on('uncaughtException', escaped);
  const count = (counts: Record<string, number>, name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1;
  };

  /** What the adapter said goes on into an engine that holds the order: it must take it, and never book more than was ordered. */
  const takeIn = (report: BrokerReport): void => {
    takenIn += 1;
    if (takenIn % TAKEN_BY_ONE === 0) desk = deskWithOrder();
    const before = desk.facts.length;
    try {
      desk.post({ kind: 'brokerReported', at: desk.now, report });
    } catch (error) {
      fail(`the engine threw: ${error instanceof Error ? error.message : String(error)}`);
      desk = deskWithOrder();
      return;
    }
    for (const { fact } of desk.facts.slice(before)) {
      const place = notFinite(fact);
      if (place !== null) fail(`the journal holds ${fact.kind}${place}, which is not finite`);
    }
    const booked = desk.facts.reduce(
      (sum, { fact }) =>
        fact.kind === 'OrderReported' && fact.intentId === 'i1' && fact.report.kind === 'orderFilled'
          ? sum + fact.report.contracts
          : sum,
      0,
    );
    if (booked > ORDERED) fail(`${booked} booked, ${ORDERED} ordered`);
    if (booked > 0) desk = deskWithOrder();
  };
  /** The same with a look at the account: whatever it shows, the engine takes it. */
  const takeInLook = (answer: SnapshotAnswer): void => {
    looks += 1;
    if (looks % LOOKS_OF_ONE === 0) deskOfLooks = deskWithOrder();
    const before = deskOfLooks.facts.length;
    try {
      deskOfLooks.post({ kind: 'snapshotAnswered', at: deskOfLooks.now, answer });
    } catch (error) {
      fail(`the engine threw at a look: ${error instanceof Error ? error.message : String(error)}`);
      deskOfLooks = deskWithOrder();
      return;
    }
    for (const { fact } of deskOfLooks.facts.slice(before)) {
      const place = notFinite(fact);
      if (place !== null) fail(`the journal holds ${fact.kind}${place}, which is not finite`);
    }
  };
  const judge = (): void => {
    for (const report of line.reports.splice(0)) {
      count(outcomes, 'certainty' in report ? `${report.kind}, ${report.certainty}` : report.kind);
      const wrong = wrongWith(report, ORDERED, [SHORT, LONG]);
      if (wrong !== null) fail(wrong);
      takeIn(report);
    }
  };

  try {
    for (let turn = 0; turn < n; turn += 1) {
      line.connect();
      line.reports.length = 0;
      const choice = random();
      if (choice < 0.35) {
        const made = mutated(pick(random, updates), random);
        current = note('update', made);
        line.update(made.text);
        // An order of another hand is asked for.
        await settled(() => line.reports.length > 0 || line.states.at(-1) !== 'connected', 6);
      } else if (choice < 0.5) {
        const name = random() < 0.5 ? 'options' : 'stocks';
        const made = mutated(pick(random, name === 'options' ? captured.optionQuotes : captured.stockQuotes), random);
        current = note(name, made);
        const message = unpacked(made.text);
        if (message !== undefined) line.packed(name, message);
        line.clock.advance(101);
        for (const item of [...line.quotes.splice(0), ...line.halts.splice(0)]) {
          count(outcomes, 'quote' in item ? 'quote' : 'halt');
          const place = notFinite(item);
          if (place !== null) fail(`${'quote' in item ? 'a quote' : 'a halt'}${place} is not finite`);
        }
      } else {
        const [asking, name] = pick(random, ASKED);
        const whole = captured.rest[name] ?? '';
        const made = mutated(whole, random);
        current = note(name, made);
        line.answers.set(name, made.text);
        const said = await asked(line, asking, own, other, takeInLook);
        line.answers.set(name, whole);
        if (said === null) fail(`nothing came of it: ${asking}`);
        else if (said !== 'reported') count(outcomes, said);
        if (said !== null && !TYPED.has(said)) fail(said);
      }
      judge();
    }
  } finally {
    process.off('unhandledRejection', escaped);
    process.off('uncaughtException', escaped);
    await line.stop();
  }
  return { ok: failed === 0, seed, payloads: n, thrownAt, deeds: deedsDone, outcomes, takenIn, failures };

  function note(at: string, made: { readonly text: string; readonly deeds: readonly Deed[] }) {
    count(thrownAt, at);
    for (const deed of made.deeds) count(deedsDone, deed);
    return { at, deeds: made.deeds, payload: made.text };
  }
}

/** An engine whose order for two spreads rests at the broker. */
function deskWithOrder(): EngineDesk {
  const desk = quietDesk();
  sellSpread(desk, ORDERED);
  return desk;
}

/** The events that the stand-in did not come to say of this order. */
function derived({ updates }: Captured): string[] {
  const fill = updates.find((text) => text.includes('"event":"fill"') && text.includes('mleg')) ?? '';
  const resting = updates.find((text) => text.includes('"event":"new"') && text.includes('mleg')) ?? '';
  const partial = fill.replace('"event":"fill"', '"event":"partial_fill"').replaceAll('"qty":"2","side"', '"qty":"1","side"');
  const named = (event: string): string => resting.replace('"event":"new"', `"event":"${event}"`);
  return [
    partial.replace('"filled_qty":"2"', '"filled_qty":"1"').replace('"qty":"2","price"', '"qty":"1","price"'),
    ...['canceled', 'expired', 'rejected', 'order_cancel_rejected', 'accepted'].map(named),
  ];
}

/** Asks, and says what came of it; `reported` when it came as a report, null when nothing did. */
async function asked(
  line: Line,
  asking: (typeof ASKED)[number][0],
  own: string,
  other: string,
  takeInLook: (answer: SnapshotAnswer) => void,
): Promise<string | null> {
  const { broker, feed, reports } = line;
  const report = async (): Promise<string | null> => ((await settled(() => reports.length > 0)) ? 'reported' : null);
  switch (asking) {
    case 'send':
      broker.send(orderOf(own));
      return report();
    case 'lookUp':
      broker.lookUp(own);
      return report();
    case 'external':
      line.update(other);
      return report();
    case 'cancel':
      broker.cancel(own, null);
      // A cancel that went out is not answered here: its end comes over the stream.
      await settled(() => reports.length > 0, 8);
      return reports.length > 0 ? 'reported' : 'cancel sent';
    case 'snapshot': {
      let answer: SnapshotAnswer | null = null;
      const stop = broker.onSnapshot((given) => {
        answer = given;
        takeInLook(given);
      });
      broker.requestSnapshot({ requestId: 's', activitiesSince: null, closedSince: line.clock.now() });
      await settled(() => answer !== null);
      stop();
      return answer === null ? null : snapshotWord(answer);
    }
    case 'chain':
    case 'history': {
      let word: string | null = null;
      const stops = [
        feed.onChains((answer) => {
          word = answer.missing.length > 0 ? 'chain missing' : `chain${notFinite(answer.chains) ?? ''}`;
        }),
        feed.onHistory((answer) => {
          word = answer.missing.length > 0 ? 'history missing' : `history${notFinite(answer.histories) ?? ''}`;
        }),
      ];
      const window = { minDaysToExpiration: 0, maxDaysToExpiration: 60, strikesWithin: 0.1 };
      if (asking === 'chain') feed.requestChains({ requestId: 'r', underlyings: ['SPY'], window });
      else feed.requestHistory({ requestId: 'r', underlyings: ['SPY'], days: 20 });
      await settled(() => word !== null);
      for (const stop of stops) stop();
      return word;
    }
    case 'quotes': {
      let word: string | null = null;
      const stop = feed.onQuotes((quotes) => {
        word = notFinite(quotes) === null ? 'quotes' : 'quotes not finite';
      });
      feed.requestQuotes(['SPY', SHORT, LONG]);
      await settled(() => word !== null);
      stop();
      return word;
    }
  }
}

function snapshotWord(answer: SnapshotAnswer): string {
  return answer.kind === 'snapshotFailed' ? 'snapshotFailed' : wrongSnapshot(answer.snapshot);
}

function wrongSnapshot(snapshot: AccountSnapshot): string {
  const over = [...snapshot.openOrders, ...snapshot.closedOrders].some(
    ({ filledContracts, contracts }) => filledContracts > contracts,
  );
  return notFinite(snapshot) === null && !over ? 'snapshot' : 'snapshot that is wrong';
}

function orderOf(clientOrderId: string): IdentifiedOrder {
  return {
    intentId: 'i1',
    attempt: 1,
    clientOrderId,
    assetClass: 'option',
    underlying: 'XYZ',
    legs: [
      { symbol: SHORT, side: 'sell', ratio: 1, intent: 'sellToOpen' },
      { symbol: LONG, side: 'buy', ratio: 1, intent: 'buyToOpen' },
    ],
    contracts: ORDERED,
    netLimit: 1.2,
    timeInForce: 'day',
    purpose: 'open',
  };
}

/** Whether it came true within so many turns of the event loop. */
async function settled(isTrue: () => boolean, turns = 400): Promise<boolean> {
  for (let turn = 0; turn < turns && !isTrue(); turn += 1)
    await (turn % 4 === 3 ? new Promise<void>((resolve) => setImmediate(resolve)) : Promise.resolve());
  return isTrue();
}

/** A frame's JSON with its times as times; undefined for what is no JSON: it could not be packed. */
function unpacked(text: string): unknown {
  try {
    return JSON.parse(text, (key, value: unknown) =>
      key === 't' && typeof value === 'string' && /^\d{4}-/.test(value) && !Number.isNaN(Date.parse(value))
        ? new Date(value)
        : value,
    );
  } catch {
    return undefined;
  }
}
