import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cents } from '#domain/units';
import type { RiskBook, RiskRequest } from '#engine/risk/book';
import { judge } from '#engine/risk/judge';
import { ACCOUNT, bookWithQuotes, exposure, LIMITS, quotedFor, request, SCANNER } from './example.ts';

const RUNS = 2_000;

interface World {
  readonly held: number;
  readonly working: number;
  readonly equity: number;
  readonly dayLoss: number;
  readonly orders: number;
  readonly buyingPower: number;
  readonly delta: number;
  readonly vega: number;
  readonly contracts: number;
  readonly maxLoss: number;
}

const world: fc.Arbitrary<World> = fc.record({
  held: fc.integer({ min: 0, max: 21 }),
  working: fc.integer({ min: 0, max: 4 }),
  equity: fc.integer({ min: 500_000, max: 20_000_000 }),
  dayLoss: fc.integer({ min: -100_000, max: 900_000 }),
  orders: fc.integer({ min: 0, max: 160 }),
  buyingPower: fc.integer({ min: 0, max: 12_000_000 }),
  delta: fc.integer({ min: 0, max: 3_100 }),
  vega: fc.integer({ min: 0, max: 3_100 }),
  contracts: fc.integer({ min: 1, max: 14 }),
  maxLoss: fc.integer({ min: 0, max: 120_000 }),
});

function bookOf({ held, working, equity, dayLoss, orders, buyingPower, delta, vega }: World): RiskBook {
  const exposures = [
    ...Array.from({ length: held }, (_, i) =>
      exposure({ sector: i % 2 === 0 ? 'Technology' : 'Energy', strategyId: i % 3 === 0 ? 'bull_put_spread' : 'other' }),
    ),
    ...Array.from({ length: working }, () => exposure({ source: 'workingOrder' })),
    exposure({ deltaShares: delta, vegaDollarsPerPoint: -vega }),
  ];
  return bookWithQuotes(quotedFor(exposures), {
    exposures,
    equity: cents(equity),
    dayStartEquity: cents(equity + dayLoss),
    weekStartEquity: cents(equity + dayLoss),
    peakEquity: cents(equity + Math.max(0, dayLoss)),
    ordersToday: orders,
    account: { ...ACCOUNT, optionsBuyingPower: cents(buyingPower) },
  });
}

function requestOf({ contracts, maxLoss }: World): RiskRequest {
  return request({ contracts, maxLossPerUnit: cents(maxLoss), deltaSharesPerUnit: 10, vegaDollarsPerUnit: -5 });
}

function unitsAllowed(at: World): number {
  const verdict = judge(requestOf(at), bookOf(at), LIMITS, SCANNER);
  return verdict.kind === 'refused' ? 0 : verdict.approved.contracts;
}

/** The same world with more risk in it, in one respect. */
const WORSE: readonly (readonly [string, (at: World, by: number) => World])[] = [
  ['one more position', (at, by) => ({ ...at, held: at.held + by })],
  ['one more working order', (at, by) => ({ ...at, working: at.working + by })],
  ['a larger loss today', (at, by) => ({ ...at, dayLoss: at.dayLoss + by * 1000 })],
  ['more orders sent', (at, by) => ({ ...at, orders: at.orders + by })],
  ['less buying power', (at, by) => ({ ...at, buyingPower: at.buyingPower - by * 1000 })],
  ['more delta in the same direction', (at, by) => ({ ...at, delta: at.delta + by })],
  ['more vega in the same direction', (at, by) => ({ ...at, vega: at.vega + by })],
  ['a larger maximum loss', (at, by) => ({ ...at, maxLoss: at.maxLoss + by * 100 })],
];

describe('the gate as a whole', () => {
  for (const [name, worsen] of WORSE) {
    it(`never allows more units after ${name}`, () => {
      fc.assert(
        fc.property(world, fc.integer({ min: 1, max: 40 }), (at, by) => {
          expect(unitsAllowed(worsen(at, by))).toBeLessThanOrEqual(unitsAllowed(at));
        }),
        { numRuns: RUNS / 4 },
      );
    });
  }

  it('never answers with more than was asked, always with a reason, and refuses exactly when a gate failed', () => {
    fc.assert(
      fc.property(world, (at) => {
        const verdict = judge(requestOf(at), bookOf(at), LIMITS, SCANNER);
        if (verdict.kind === 'refused') {
          expect(verdict.reasons.length).toBeGreaterThan(0);
          for (const reason of verdict.reasons) expect(verdict.gates.some((gate) => gate.gate === reason)).toBe(true);
          expect(verdict.gates.some((gate) => !gate.passed)).toBe(true);
        } else {
          expect(verdict.approved.contracts).toBeGreaterThan(0);
          expect(verdict.approved.contracts).toBeLessThanOrEqual(at.contracts);
          expect(verdict.kind).toBe(verdict.approved.contracts < at.contracts ? 'resized' : 'approved');
          expect(verdict.gates.every((gate) => gate.passed)).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('what it approves keeps the money limits, recomputed here by hand', () => {
    fc.assert(
      fc.property(world, (at) => {
        const verdict = judge(requestOf(at), bookOf(at), LIMITS, SCANNER);
        if (verdict.kind === 'refused') return;
        const units = verdict.approved.contracts;
        const lossCents = Math.max(38_000, at.maxLoss) * units;
        expect(lossCents).toBeLessThanOrEqual(at.equity * 0.02);
        expect(at.held + at.working + 2).toBeLessThanOrEqual(20);
        expect(at.dayLoss / (at.equity + at.dayLoss)).toBeLessThan(0.05);
        expect(at.delta + 10 * units).toBeLessThanOrEqual(3_000);
        expect(at.vega + 5 * units).toBeLessThanOrEqual(3_000);
        const used = (at.held + at.working + 1 + units) * 38_000;
        expect(used).toBeLessThanOrEqual((at.buyingPower + (at.held + 1) * 38_000) * 0.5);
      }),
      { numRuns: RUNS },
    );
  });

  it('gives the same verdict twice', () => {
    fc.assert(
      fc.property(world, (at) => {
        const held = bookOf(at);
        expect(judge(requestOf(at), held, LIMITS, SCANNER)).toEqual(judge(requestOf(at), held, LIMITS, SCANNER));
      }),
      { numRuns: 200 },
    );
  });

  it('unknown money never allows new risk', () => {
    const unknown: readonly Partial<RiskBook>[] = [
      { equity: null },
      { dayStartEquity: null },
      { weekStartEquity: null },
      { peakEquity: null },
      { account: null },
      { snapshotAt: null },
    ];
    fc.assert(
      fc.property(world, fc.constantFrom(...unknown), (at, hole) => {
        expect(judge(requestOf(at), { ...bookOf(at), ...hole }, LIMITS, SCANNER).kind).toBe('refused');
      }),
      { numRuns: 500 },
    );
  });
});
