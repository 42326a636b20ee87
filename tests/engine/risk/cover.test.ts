import { describe, expect, it } from 'vitest';
import type { GateResult } from '#domain/decisions/decision';
import type { Leg } from '#domain/structures/leg';
import { cents } from '#domain/units';
import type { ClosingOrder, Exposure } from '#engine/risk/book';
import { coverGate } from '#engine/risk/cover';
import { judge } from '#engine/risk/judge';
import { ACCOUNT, book, exposure, LIMITS, option, request, SCANNER, shares } from './example.ts';

const held = (positionId: string, legs: readonly Leg[], change: Partial<Exposure> = {}): Exposure =>
  exposure({ positionId, underlying: 'XYZ', legs, ...change });

/** The gate as far as the story tells it. */
const shows = (gate: GateResult | undefined, wanted: Partial<GateResult>): void => expect({ ...gate, ...wanted }).toEqual(gate);

const SHARES = held('p1', [shares(100)]);
const CALL = held('p2', [option('call', 105, -1)]);
const LEAVES_SHARES = { underlying: 'XYZ', positionId: 'p1' };

const selling = (exposures: readonly Exposure[], count = 100, closingOrders: readonly ClosingOrder[] = []) =>
  coverGate(LEAVES_SHARES, book({ exposures, closingOrders }), [shares(-count)]);

const closes = (positionId: string, legs: readonly Leg[], underlying = 'XYZ'): ClosingOrder => ({ positionId, underlying, legs });

describe('what a close leaves without cover', () => {
  it('is counted over every position of the underlying: 100 shares under another position’s call', () => {
    expect(selling([SHARES, CALL])).toEqual({
      gate: 'uncoveredShort',
      passed: false,
      value: 1,
      limit: 0,
      unit: 'contracts',
      note: 'it covers the short of p2: close that first',
    });
    expect(selling([SHARES])).toEqual({ gate: 'uncoveredShort', passed: true, value: 0, limit: 0, unit: 'contracts' });
    expect(selling([SHARES, { ...CALL, underlying: 'ABC' }]).passed).toBe(true);
    expect(selling([SHARES, held('p2', [option('call', 105, -1), option('call', 110, 1)])]).passed).toBe(true);
  });

  it('names whoever holds a short there, each once, and nobody else', () => {
    const others = [
      CALL,
      { ...CALL, source: 'workingOrder' as const },
      held('p3', [option('call', 110, 1)]),
      held('p4', [option('call', 106, -2)]),
      { ...CALL, positionId: 'p5', underlying: 'ABC' },
    ];
    const own = held('p1', [shares(100), option('call', 120, -1)]);
    expect(selling([own, ...others]).note).toBe('it covers the short of p2, p4: close that first');
    expect(selling([own]).note).toBe('it covers the short of this position: close that first');
  });

  it('is no more than it was: what is naked already holds no other close back', () => {
    const naked = held('p3', [option('call', 110, -1)]);
    const spread = held('p1', [option('call', 105, -1), option('call', 110, 1)]);
    const gate = coverGate(LEAVES_SHARES, book({ exposures: [spread, held('p3', [option('call', 120, -1)])] }), [
      option('call', 105, 1),
      option('call', 110, -1),
    ]);
    shows(gate, { passed: true, value: 1, limit: 1 });
    shows(selling([held('p1', [shares(250)]), CALL, naked], 50), { passed: true, value: 0 });
    shows(selling([held('p1', [shares(250)]), CALL, naked], 51), { passed: false, value: 1 });
  });

  it('counts units: two calls of one unit each need 200 shares', () => {
    shows(selling([held('p1', [shares(300)]), { ...CALL, units: 2 }], 101), { passed: false, value: 1 });
    expect(selling([held('p1', [shares(300)]), { ...CALL, units: 2 }], 100).passed).toBe(true);
  });
});

describe('what is worked beside a close', () => {
  const two = held('p1', [shares(200)]);

  it('takes cover away when it sells shares or a long, and gives none when it buys a short back', () => {
    expect(selling([two, CALL]).passed).toBe(true);
    const sale = closes('p9', [shares(-100)]);
    shows(selling([two, CALL], 100, [sale]), { passed: false, value: 1 });
    expect(selling([two, CALL], 100, [closes('p9', [shares(-100)], 'ABC')]).passed).toBe(true);
    const long = held('p3', [option('call', 110, 1)]);
    expect(selling([SHARES, CALL, long]).passed).toBe(true);
    expect(selling([SHARES, CALL, long], 100, [closes('p3', [option('call', 110, -1)])]).passed).toBe(false);
    expect(selling([SHARES, CALL], 100, [closes('p2', [option('call', 105, 1)])]).passed).toBe(false);
  });

  it('of the position itself is in what is taken already', () => {
    expect(selling([two, CALL], 100, [closes('p1', [shares(-100)])]).passed).toBe(true);
  });

  it('wants cover when it sells a call to open, and gives none when it buys', () => {
    const entry = { ...CALL, source: 'workingOrder' as const };
    shows(selling([SHARES, entry]), { passed: false, value: 1, limit: 0 });
    shows(selling([held('p1', [shares(200)]), { ...entry, units: 2 }]), { passed: false, value: 1 });
    expect(selling([SHARES, { ...entry, underlying: 'ABC' }]).passed).toBe(true);
    const bought = held('p3', [option('call', 110, 1)], { source: 'workingOrder' });
    expect(selling([SHARES, CALL, bought]).passed).toBe(false);
    expect(selling([SHARES, held('p3', [shares(100)], { source: 'workingOrder' }), CALL]).passed).toBe(false);
  });
});

describe('a short put that loses its long', () => {
  const exposures = [held('p1', [option('put', 90, 1)]), held('p2', [option('put', 95, -1)])];
  const selling = (cash: number | null, more: readonly Exposure[] = []) =>
    coverGate(
      LEAVES_SHARES,
      book({ exposures: [...exposures, ...more], account: cash === null ? null : { ...ACCOUNT, cash: cents(cash) } }),
      [option('put', 90, -1)],
    );

  it('stands on its strike in cash: 9,500 dollars and not a cent less', () => {
    shows(selling(950_000), { passed: true, value: 0, limit: 0 });
    shows(selling(949_999), { passed: false, value: 1, limit: 0 });
    expect(selling(null).passed).toBe(false);
  });

  it('shares the cash with every other one of the account, unit by unit', () => {
    const other = exposure({ legs: [option('put', 20, -1, undefined, 'ABC')], units: 2 });
    expect(selling(1_350_000, [other]).passed).toBe(true);
    expect(selling(1_349_999, [other]).passed).toBe(false);
    const covered = exposure({ legs: [shares(100, 'ABC'), option('call', 20, -1, undefined, 'ABC')] });
    expect(selling(950_000, [covered]).passed).toBe(true);
  });

  it('that had none before is no concern of another close', () => {
    const alone = [held('p1', [option('put', 95, -1), option('put', 90, 1)]), held('p2', [option('put', 95, -1)])];
    const gate = coverGate(LEAVES_SHARES, book({ exposures: alone, account: { ...ACCOUNT, cash: cents(0) } }), [
      option('put', 95, 1),
      option('put', 90, -1),
    ]);
    shows(gate, { passed: true, value: 0, limit: 0 });
  });
});

describe('the gate', () => {
  it('lets so many shares go as no call stands on: 50 of 150', () => {
    const exposures = [held('p1', [shares(150)]), CALL];
    const wish = request({ purpose: 'close', positionId: 'p1', legs: [shares(-1)], contracts: 150, netLimit: 100 });
    const verdict = judge(wish, book({ exposures }), LIMITS, SCANNER);
    expect(verdict.kind === 'refused' ? 0 : verdict.approved.contracts).toBe(50);
  });

  it('says which way a limit of the wrong sign would go, of one leg alone', () => {
    const side = (legs: readonly Leg[], of: readonly Leg[], netLimit: number) =>
      judge(
        request({ purpose: 'close', positionId: 'p1', legs, netLimit }),
        book({ exposures: [held('p1', of)] }),
        LIMITS,
        SCANNER,
      ).gates.find(({ gate }) => gate === 'limitSide');
    expect(side([option('put', 95, 1)], [option('put', 95, -1)], 2)?.note).toBe('buys at 2');
    expect(side([option('put', 90, -1)], [option('put', 90, 1)], -2)?.note).toBe('sells at -2');
    const spread = [option('put', 95, 1), option('put', 90, -1)];
    const closing = [option('put', 95, -1), option('put', 90, 1)];
    expect(side(closing, spread, 1)).toBeUndefined();
    expect(side(spread, closing, 0.1)).toBeUndefined();
  });

  it('counts a call on shares that are held with nothing against the ceiling, a bare one not at all', () => {
    const limits = { ...LIMITS, capitalCeilingDollars: 50_000 };
    const call = request({
      strategyId: 'covered_call',
      legs: [option('call', 105, -1)],
      netLimit: 1.9,
      secured: true,
      buyingPowerEffectPerUnit: cents(0),
      strategyLimits: null,
    });
    const bought = { ...SHARES, maxLoss: cents(1_000_000), buyingPowerEffect: cents(-1_000_000) };
    const ceiling = (freeShares: number) =>
      judge(call, book({ exposures: [bought], freeShares: () => freeShares }), limits, SCANNER).gates.find(
        ({ gate }) => gate === 'capitalCeiling',
      );
    shows(ceiling(100), { passed: true, value: 10_000, limit: 50_000 });
    shows(ceiling(0), { passed: false, value: null });
  });

  it('knows nothing of reports where the history has not come', () => {
    const gate = (earnings: [] | null, scanner = SCANNER) =>
      judge(request(), book({ earningsOf: () => earnings }), LIMITS, scanner).gates.find(({ gate: name }) => name === 'earnings');
    shows(gate(null), { passed: false, note: 'not known: the history has not come' });
    shows(gate([]), { passed: true });
    expect(gate(null, { ...SCANNER, earningsBlackoutDays: 0 })).toBeUndefined();
  });

  it('takes a buy-write for a repetition of the shares that were sent just before', () => {
    const write = request({ legs: [shares(100), option('call', 105, -1)], netLimit: -98, secured: true });
    const recentSends = [{ key: 'open|XYZ:1', at: book().now, netLimit: -100 }];
    const duplicate = (sends: typeof recentSends) =>
      judge(write, book({ recentSends: sends }), LIMITS, SCANNER).gates.find(({ gate }) => gate === 'duplicate');
    shows(duplicate(recentSends), { passed: false, value: 0 });
    shows(duplicate([]), { passed: true, value: null });
  });
});
