import { atNewYork, isTradingDay, nextTradingDay, sessionOn } from '#domain/market/calendar';
import { type Instant, type IsoDate, instant, isoDate } from '#domain/units';
import type { FaultScript } from '#exchange/faults';
import { createRandom } from '#exchange/random';
import type { KillVerb } from '#ports/commands';
import type { Random } from '#ports/random';

/** Faults that the wrapper around broker and feed makes; the exchange makes the others (`exchange/faults.ts`). */
export const LINK_FAULTS = [
  'lookUpLags', // an accepted order is not found by its id for a while
  'acceptedLate', // the request was slow: the broker has it seconds after we gave up waiting
  'snapshotFails',
  'cancelLost', // the request never arrives
  'cancelTimesOut',
  'updatesDisconnected', // the stream is down: what it said meanwhile is lost
  'brokerDisconnected',
  'dataDisconnected',
  'chainsUnanswered', // the feed is silent without saying so
  'chainsMissing', // an answer without one of the underlyings
  'crash', // the process ends at some moment and starts again
  'crashBeforeWire', // after the intent is written, before it leaves
  'crashAfterWire', // after it left, before its answer
  'clockJump', // the machine slept
  'accountLags', // holdings, cash and activities of some seconds ago
] as const;
export type LinkFault = (typeof LINK_FAULTS)[number];

const EXCHANGE_FAULTS = [
  'fillRacesCancel',
  'accountLocked',
  'manualTradeElsewhere',
  'earlyAssignment',
  'rejectAfterAccept',
  'staleQuotes',
  'crossedQuotes',
  'missingQuotes',
  'missingGreeks',
  'halt',
  'oneLegLiquidation',
  'buyingPowerShock',
  'delayUpdate',
  'dropUpdate',
  'duplicateUpdate',
  'reorderUpdate',
  'rateLimited',
  'serverError',
  'timeoutBeforeAccept',
  'timeoutAfterAccept',
] as const;

/** Every fault class of a session, for the counters. */
export const FAULT_CLASSES = [...EXCHANGE_FAULTS, ...LINK_FAULTS] as const;
export type FaultClass = (typeof FAULT_CLASSES)[number];

/** What the owner's hand does at an instant. */
export type Act =
  | {
      readonly kind: 'openSpread' | 'openCondor' | 'openPut' | 'openCall';
      readonly daysToExpiration: number;
      readonly takeAssignment: boolean;
    }
  | {
      readonly kind:
        | 'close'
        | 'roll'
        | 'adopt'
        | 'cancel'
        | 'pauseSymbol'
        | 'approve'
        | 'decline'
        | 'doublePress'
        | 'acknowledge';
    }
  /** A held position without one is given a time stop of so many days. */
  | { readonly kind: 'setTimeStop'; readonly days: number }
  | { readonly kind: 'kill'; readonly verb: KillVerb }
  | { readonly kind: 'release' }
  | { readonly kind: 'resetBreakers' };

export interface SessionPlan {
  readonly seed: number;
  readonly start: IsoDate;
  readonly days: number;
  readonly underlyings: readonly string[];
  /** Faults end here; afterwards the world behaves and the engine must come to rest. */
  readonly faultsEnd: Instant;
  readonly exchangeFaults: FaultScript;
  /** Chance per occasion of each link fault that is switched on. */
  readonly linkFaults: ReadonlyMap<LinkFault, number>;
  readonly acts: readonly { readonly at: Instant; readonly act: Act }[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** How many times the usual requirement the house asks during a shock; absent: what the exchange does by itself. */
  readonly raisedMarginFactor?: number;
}

/** Days with something special about them; the others are drawn. */
const SPECIAL_DAYS = [
  '2026-01-16', // monthly expiration
  '2026-02-20', // monthly expiration
  '2026-03-09', // first session after clocks went forward
  '2026-03-20', // quarterly expiration
  '2026-11-02', // first session after clocks went back
  '2026-11-27', // half day
] as const;
const PAIRS = [
  ['SPY', 'AAPL'],
  ['QQQ', 'XOM'],
  ['IWM', 'JPM'],
  ['SPY', 'KO'],
  ['AAPL', 'JPM'],
  ['QQQ', 'SPY'],
] as const;

/** The story of a session follows from its seed alone. Each seed switches on a subset of the faults: swarm testing. */
export function planOf(seed: number): SessionPlan {
  const random = createRandom(seed, 'battery');
  const days = random.next() < 0.25 ? 2 : 1;
  const start = dayOf(random);
  const faultsEnd = endOfFaults(start, days);
  const underlyings = PAIRS[random.below(PAIRS.length)] ?? PAIRS[0];
  return {
    seed,
    start,
    days,
    underlyings,
    faultsEnd,
    exchangeFaults: [
      ...exchangeFaults(random, start, faultsEnd, underlyings),
      ...laterFaults((kind) => createRandom(seed, kind), start, faultsEnd, underlyings),
    ],
    linkFaults: linkFaults(random, createRandom(seed, 'lags')),
    acts: acts(random, start, days),
    settings: settingsOf(random, underlyings),
  };
}

function dayOf(random: Random): IsoDate {
  const special = SPECIAL_DAYS[random.below(SPECIAL_DAYS.length)];
  if (random.next() < 0.4 && special) return isoDate(special);
  const first = new Date(Date.UTC(2026, 0, 5 + random.below(300))).toISOString().slice(0, 10);
  const day = isoDate(first);
  return isTradingDay(day) ? day : nextTradingDay(day);
}

function lastDay(start: IsoDate, days: number): IsoDate {
  let day = start;
  for (let n = 1; n < days; n += 1) day = nextTradingDay(day);
  return day;
}

/** Forty minutes before the last close: the engine then has a quiet half hour to come to rest in. */
function endOfFaults(start: IsoDate, days: number): Instant {
  const session = sessionOn(lastDay(start, days));
  return instant((session?.close ?? atNewYork(start, '16:00')) - 40 * 60_000);
}

function exchangeFaults(random: Random, start: IsoDate, until: Instant, underlyings: readonly string[]): FaultScript {
  const open = atNewYork(start, '09:30');
  const on = (chance = 0.3): boolean => random.next() < chance;
  const share = (most: number): number => 0.02 + random.next() * most;
  const script: FaultScript[number][] = [];
  const common = { until };
  for (const kind of ['dropUpdate', 'duplicateUpdate', 'reorderUpdate', 'delayUpdate'] as const)
    if (on(0.35)) script.push({ kind, probability: share(0.6), delayMs: 1_000 + random.below(300_000), ...common });
  for (const kind of ['rateLimited', 'serverError', 'timeoutBeforeAccept', 'timeoutAfterAccept'] as const)
    if (on(0.35)) script.push({ kind, probability: share(0.4), ...common });
  if (on()) script.push({ kind: 'rejectAfterAccept', probability: share(0.25), ...common });
  if (on(0.4)) script.push({ kind: 'fillRacesCancel', probability: share(0.5), ...common });
  if (on(0.25)) script.push({ kind: 'manualTradeElsewhere', probability: 0.01, times: 1 + random.below(2), ...common });
  // Struck by the clearing house in the evening.
  if (on(0.6)) script.push({ kind: 'earlyAssignment', probability: 1, times: 1 });
  for (const kind of ['staleQuotes', 'crossedQuotes', 'missingQuotes'] as const)
    if (on(0.2)) {
      const from = open + random.below(300) * 60_000;
      const subject = underlyings[random.below(underlyings.length)];
      script.push({
        kind,
        probability: kind === 'staleQuotes' ? 1 : share(0.5),
        from,
        until: Math.min(until, from + (5 + random.below(90)) * 60_000),
        ...(subject ? { subject } : {}),
      });
    }
  if (on(0.12)) {
    const from = open + random.below(240) * 60_000;
    script.push({ kind: 'accountLocked', from, until: Math.min(until, from + (10 + random.below(60)) * 60_000) });
  }
  return script;
}

/** Fault classes that came later, each from a stream of its own: the plans of the seeds run before it came stay what they were. */
function laterFaults(
  streamOf: (kind: FaultClass) => Random,
  start: IsoDate,
  until: Instant,
  underlyings: readonly string[],
): FaultScript {
  const open = atNewYork(start, '09:30');
  const script: FaultScript[number][] = [];
  /** A stretch of the first day, mostly: `share` of the sessions have one. */
  const stretch = (random: Random, share: number, leastMinutes: number, mostMinutes: number) => {
    if (random.next() >= share) return null;
    const from = open + (5 + random.below(270)) * 60_000;
    const to = from + (leastMinutes + random.below(mostMinutes - leastMinutes)) * 60_000;
    return from < until ? { from, until: Math.min(until, to) } : null;
  };
  const greeks = streamOf('missingGreeks');
  const bare = stretch(greeks, 0.2, 30, 300);
  if (bare) script.push({ kind: 'missingGreeks', probability: 0.3 + greeks.next() * 0.7, ...bare });
  const halts = streamOf('halt');
  for (let n = 0; n < 2; n += 1) {
    const pause = stretch(halts, 0.15, 5, 45);
    const subject = underlyings[halts.below(underlyings.length)];
    if (pause && subject) script.push({ kind: 'halt', probability: 0.5 + halts.next() / 2, subject, ...pause });
  }
  const desk = streamOf('oneLegLiquidation');
  if (desk.next() < 0.3)
    script.push({ kind: 'oneLegLiquidation', probability: 0.01 + desk.next() * 0.03, times: 1 + desk.below(2), until });
  const house = streamOf('buyingPowerShock');
  const dear = stretch(house, 0.2, 20, 240);
  if (dear) script.push({ kind: 'buyingPowerShock', ...dear });
  return script;
}

function linkFaults(random: Random, own: Random): ReadonlyMap<LinkFault, number> {
  const chances = new Map<LinkFault, number>();
  const perOccasion: Readonly<Record<Exclude<LinkFault, 'accountLags'>, number>> = {
    lookUpLags: 1,
    acceptedLate: 0.15,
    snapshotFails: 0.1,
    cancelLost: 0.2,
    cancelTimesOut: 0.5,
    updatesDisconnected: 0.024,
    brokerDisconnected: 0.016,
    dataDisconnected: 0.016,
    chainsUnanswered: 0.06,
    chainsMissing: 0.06,
    crash: 0.005,
    crashBeforeWire: 0.05,
    crashAfterWire: 0.08,
    clockJump: 0.006,
  };
  for (const kind of LINK_FAULTS)
    if (kind !== 'accountLags' && random.next() < 0.28) chances.set(kind, perOccasion[kind] * (0.5 + random.next()));
  // From a stream of its own: the plans of the seeds that were run before it came stay what they were.
  if (own.next() < 0.28) chances.set('accountLags', 0.25 + own.next() / 2);
  return chances;
}

function acts(random: Random, start: IsoDate, days: number): SessionPlan['acts'] {
  const list: { at: Instant; act: Act }[] = [];
  let day = start;
  for (let n = 0; n < days; n += 1, day = nextTradingDay(day)) {
    const session = sessionOn(day);
    if (!session) continue;
    const minutes = Math.floor((session.close - session.open) / 60_000);
    const add = (act: Act, from = 8, to = minutes - 15): void => {
      list.push({
        at: instant(session.open + (from + random.below(Math.max(1, to - from))) * 60_000 + random.below(60_000)),
        act,
      });
    };
    const opens = 2 + random.below(4);
    for (let k = 0; k < opens; k += 1) {
      const kind = (['openSpread', 'openSpread', 'openCondor', 'openPut', 'openCall'] as const)[random.below(5)] ?? 'openSpread';
      // Contracts that expire today, this week and in a month.
      const daysToExpiration = [0, 3, 8, 30, 40][random.below(5)] ?? 30;
      add({ kind, daysToExpiration, takeAssignment: random.next() < 0.4 }, 8, minutes - 60);
    }
    for (const kind of [
      'close',
      'roll',
      'adopt',
      'cancel',
      'pauseSymbol',
      'approve',
      'approve',
      'decline',
      'doublePress',
    ] as const)
      if (random.next() < 0.3) add({ kind });
    if (random.next() < 0.2) {
      const verb = (['stopEntries', 'freeze', 'flatten'] as const)[random.below(3)] ?? 'freeze';
      const at = 20 + random.below(Math.max(1, minutes - 120));
      add({ kind: 'kill', verb }, at, at + 1);
      if (random.next() < 0.7) add({ kind: 'release' }, at + 5, Math.min(minutes - 50, at + 90));
    }
    // An owner who is there sees the alerts, sets what tripped anew and lets entries through again; another one is away.
    if (random.next() < 0.6)
      for (let at = 20; at < minutes - 60; at += 40) {
        add({ kind: 'acknowledge' }, at, at + 5);
        add({ kind: 'resetBreakers' }, at + 6, at + 8);
        if (random.next() < 0.5) add({ kind: 'release' }, at + 9, at + 12);
      }
  }
  return list.sort((one, other) => one.at - other.at);
}

/** Filters wide enough that strategies act in a small market, rules tight enough that positions are left within a day. */
function settingsOf(random: Random, underlyings: readonly string[]): Readonly<Record<string, unknown>> {
  const mode = (): string => (random.next() < 0.25 ? 'approve' : 'auto');
  const block = () => ({ mode: mode() });
  return {
    universe: [...underlyings],
    scanner: {
      intervalSeconds: 900,
      maxSpreadDollars: 3,
      maxSpreadFraction: 1.5,
      minOpenInterest: 0,
      minVolume: 0,
      minProbabilityOfProfit: 0.3,
      minCreditToRisk: 0.05,
      minExpectedValueDollars: -100,
      maxLossPerSpreadDollars: 1_500,
      minIvHistoryDays: 2,
      earningsBlackoutDays: 0,
    },
    risk: {
      noEntriesFirstMinutes: 1,
      noEntriesLastMinutes: 5,
      maxRiskPerTradeFraction: random.next() < 0.4 ? 0.002 : 0.02,
      maxPositions: 2 + random.below(6),
      maxPositionsPerSymbol: 2 + random.below(3),
      maxEntriesPerSymbolPerDay: 10,
      expiryDayEntryCutoffMinutes: 60,
      duplicateWindowSeconds: 60,
      maxStressLossFraction: 1,
      maxPortfolioDeltaShares: 20_000,
      maxNotionalPerOrderDollars: 10_000_000,
      maxSnapshotAgeSeconds: 400,
      maxBuyingPowerFraction: 0.9,
    },
    execution: {
      normalSeconds: 20,
      restSeconds: 60,
      entryBoundOfSpread: 1,
      abortBandFraction: 0.02,
      approvalSeconds: 1_800,
      calmExitRetrySeconds: 300,
    },
    positions: {
      checkSeconds: 240,
      expiryDayCheckSeconds: 60,
      takeProfitFraction: 0.05 + random.next() * 0.3,
      stopLossMultiple: 0.1 + random.next() * 0.6,
      timeStopDays: random.next() < 0.2 ? 5 : 0,
      maxMarkSpreadFraction: 5,
      maxMarkSpreadDollars: 5,
    },
    // Faults come thick: most desks bear more of them than a real one should, so that the day goes on.
    failsafe: {
      sweepSeconds: 300,
      staleDataSeconds: 1_500,
      releaseHoldSeconds: 0,
      ...(random.next() < 0.75 ? { maxConsecutiveErrors: 50, maxErrorsPerDay: 400, maxRejectsPerDay: 100 } : {}),
    },
    // Held positions are looked at every few minutes here, not every few seconds: less is not unattended, and two looks without
    // a quote are no mark that stays unknown.
    protection: { feedDeadSeconds: 3_600, unattendedSeconds: 900, alertAcknowledgeSeconds: 1_200, unknownMarkSeconds: 1_200 },
    strategies: Object.fromEntries(
      ['bull_put_spread', 'bear_call_spread', 'iron_condor', 'cash_secured_put', 'covered_call'].map((id) => [id, block()]),
    ),
  };
}
