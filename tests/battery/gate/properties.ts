import fc from 'fast-check';
import type { RiskBook, RiskRequest } from '#engine/risk/book';
import { judge } from '#engine/risk/judge';
import type { Verdict } from '#engine/risk/verdict';
import { LIMITS, SCANNER } from '../../engine/risk/example.ts';
import { anyBook, anyRequest, bookOf, requestOf, TIGHT, type World, world } from './worlds.ts';

export interface PropertyResult {
  readonly property: string;
  readonly runs: number;
  /** null = it held; else what failed, with the seed and the path that replay it. */
  readonly failure: string | null;
}

/** How often a verdict fell each way: a property that never met a refusal proves nothing. */
export interface Reached {
  approved: number;
  resized: number;
  refused: number;
  readonly codes: Record<string, number>;
}

type Worse = readonly [name: string, (at: World, by: number) => World];

/** The same world with more risk in it, in one respect. */
const WORSE: readonly Worse[] = [
  ['a larger order', (at, by) => ({ ...at, contracts: at.contracts + by })],
  ['lower equity', (at, by) => ({ ...at, equity: Math.max(100, at.equity - by * 100_000), dayLoss: at.dayLoss + by * 100_000 })],
  ['older quotes', (at, by) => ({ ...at, quoteAge: at.quoteAge + by / 4 })],
  ['an older snapshot', (at, by) => ({ ...at, snapshotAge: at.snapshotAge + by })],
  ['a wider bid/ask, the limit at the same share of it', (at, by) => ({ ...at, spread: at.spread + by })],
  ['a limit further towards natural', (at, by) => ({ ...at, share: at.share + by / 50 })],
  ['more open orders', (at, by) => ({ ...at, working: at.working + Math.min(by, 3) })],
  ['more positions', (at, by) => ({ ...at, held: at.held + Math.min(by, 3) })],
  ['a larger loss today', (at, by) => ({ ...at, dayLoss: at.dayLoss + by * 5_000 })],
  ['more orders today', (at, by) => ({ ...at, orders: at.orders + by })],
  ['more orders this minute', (at, by) => ({ ...at, ordersLastMinute: at.ordersLastMinute + by })],
  ['more orders this second', (at, by) => ({ ...at, ordersLastSecond: at.ordersLastSecond + by })],
  ['less buying power', (at, by) => ({ ...at, buyingPower: at.buyingPower - by * 10_000 })],
  ['more delta in the same direction', (at, by) => ({ ...at, delta: at.delta + by * 10 })],
  ['more vega in the same direction', (at, by) => ({ ...at, vega: at.vega + by * 10 })],
  ['a larger claimed loss', (at, by) => ({ ...at, maxLoss: at.maxLoss + by * 1_000 })],
  ['more entries in the symbol today', (at, by) => ({ ...at, entries: at.entries + by })],
  ['less time to the close', (at, by) => ({ ...at, minutesToClose: at.minutesToClose - by })],
];

/** Facts about the moment that end all new risk, whatever else holds. */
const STOPS: readonly (readonly [name: string, Partial<RiskBook>])[] = [
  ['the kill switch', { killState: 'REDUCING' }],
  ['a breaker', { entriesBlockedBy: ['dailyLoss'] }],
  ['a trading halt', { haltedSymbols: new Set(['XYZ']) }],
  ['a pause', { pausedSymbols: new Set(['XYZ']) }],
  ['an order in doubt', { underlyingsInDoubt: new Set(['XYZ']) }],
  ['no account', { account: null }],
  ['no equity', { equity: null }],
  ['no session', { session: null }],
  ['real money that is not armed', { live: { arming: null } }],
];

/** Checks every property `runs` times from `seed`. Synchronous and the same in every run. */
export function checkGate(
  runs: number,
  seed: number,
): { readonly results: readonly PropertyResult[]; readonly reached: Reached } {
  const reached: Reached = { approved: 0, resized: 0, refused: 0, codes: {} };
  const check = <Drawn>(property: string, arbitrary: fc.IProperty<Drawn>): PropertyResult => {
    const { failed, counterexample, seed: at, counterexamplePath, errorInstance } = fc.check(arbitrary, { numRuns: runs, seed });
    if (!failed) return { property, runs, failure: null };
    const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
    return {
      property,
      runs,
      failure: `${why}; seed ${at}, path ${counterexamplePath}: ${fc.stringify(counterexample).slice(0, 900)}`,
    };
  };
  const results = [
    check(
      'any order and account gives a verdict: no throw, no number that is none, every denial with its code and what was compared',
      fc.property(anyRequest, anyBook, (asked, held) => {
        const verdict = judge(asked, held, LIMITS, SCANNER);
        note(reached, verdict);
        sound(asked, verdict);
      }),
    ),
    check(
      'the sound world: a verdict that keeps its own numbers',
      fc.property(world, (at) => {
        const verdict = judge(requestOf(at), bookOf(at), TIGHT, SCANNER);
        note(reached, verdict);
        sound(requestOf(at), verdict);
      }),
    ),
    ...WORSE.map(([name, worsen]) =>
      check(
        `no denial becomes leave after ${name}`,
        fc.property(world, fc.integer({ min: 1, max: 40 }), (at, by) => {
          const before = unitsAllowed(at);
          const after = unitsAllowed(worsen(at, by));
          // A larger order may be given what the smaller one asked for, cut down, and no more than that.
          const most = name === 'a larger order' && before === at.contracts ? Number.POSITIVE_INFINITY : before;
          if (after > most) throw new Error(`${before} units before, ${after} after`);
        }),
      ),
    ),
    check(
      'a wider bid/ask at the same limit takes back no refusal but that of the price itself',
      fc.property(world, fc.integer({ min: 1, max: 40 }), fc.double({ min: -0.5, max: 2.5, noNaN: true }), (at, by, limit) => {
        const before = judge(requestOf({ ...at, contracts: 1 }, limit), bookOf(at), TIGHT, SCANNER);
        const lasting = before.kind === 'refused' && before.reasons.some((code) => code !== 'priceCollar' && code !== 'theory');
        const after = judge(requestOf({ ...at, contracts: 1 }, limit), bookOf({ ...at, spread: at.spread + by }), TIGHT, SCANNER);
        if (lasting && after.kind !== 'refused') throw new Error(`refused for ${before.reasons.join(', ')}, then ${after.kind}`);
      }),
    ),
    check(
      'nothing is opened while anything stops it',
      fc.property(world, fc.constantFrom(...STOPS), (at, [name, stop]) => {
        if (judge(requestOf(at), { ...bookOf(at), ...stop }, TIGHT, SCANNER).kind !== 'refused')
          throw new Error(`opened despite ${name}`);
      }),
    ),
  ];
  return { results, reached };
}

function unitsAllowed(at: World): number {
  const verdict = judge(requestOf(at), bookOf(at), TIGHT, SCANNER);
  return verdict.kind === 'refused' ? 0 : verdict.approved.contracts;
}

function note(reached: Reached, verdict: Verdict): void {
  reached[verdict.kind] += 1;
  if (verdict.kind === 'refused') for (const code of verdict.reasons) reached.codes[code] = (reached.codes[code] ?? 0) + 1;
}

/** What every verdict must be, whatever was asked. */
function sound(asked: RiskRequest, verdict: Verdict): void {
  for (const { gate, passed, value, limit, unit } of verdict.gates) {
    if (gate === '' || unit === '') throw new Error('a gate without its name or its unit');
    for (const number of [value, limit])
      if (number !== null && !Number.isFinite(number)) throw new Error(`${gate}: ${String(number)} is no number`);
    // What was not established is null and denies; what denies with both numbers known has compared them.
    if (!passed && unit === 'yes/no' && value !== 0) throw new Error(`${gate} fails and holds`);
  }
  const failed = new Set(verdict.gates.filter(({ passed }) => !passed).map(({ gate }) => gate));
  if (verdict.kind === 'refused') {
    if (verdict.reasons.length === 0) throw new Error('refused without a reason');
    for (const reason of verdict.reasons) if (!failed.has(reason)) throw new Error(`${reason} is a reason and no failed gate`);
    return;
  }
  const { contracts } = verdict.approved;
  if (failed.size > 0) throw new Error(`leave given though ${[...failed].join(', ')} failed`);
  if (!Number.isInteger(contracts) || contracts < 1 || contracts > asked.contracts) throw new Error(`leave for ${contracts}`);
  if (!Number.isFinite(asked.netLimit)) throw new Error('leave without a price');
}
