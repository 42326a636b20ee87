import { describe, expect, it } from 'vitest';
import type { Decision } from '#domain/decisions/decision';
import { addDays } from '#domain/market/calendar';
import { instant, plusMs } from '#domain/units';
import { createCounterfactuals } from '#engine/ledger/counterfactual';
import { explainContract } from '#engine/ledger/explain';
import { createRefusalFold, refusalKey, refusalKeyOf } from '#engine/ledger/fold';
import { settleDecision } from '#engine/ledger/settle';
import { judge } from '#engine/risk/judge';
import { scanMarket } from '#engine/scanner/scan';
import { book, EXPIRATION, LIMITS, NOW, quote, request, SCANNER, TODAY } from '../risk/example.ts';
import { EMPTY_CAPACITY, EmbeddedMarket } from '../scanner/embeddedMarket.ts';

const START = instant(1_700_000_000_000);
const MINUTES = 60_000;

describe('repeated refusals', () => {
  it('the first is journalled, the next are counted, and told after half an hour with first and last time', () => {
    const fold = createRefusalFold();
    let ids = 0;
    const note = (minute: number) => fold.note('k', plusMs(START, minute * MINUTES), () => `d${++ids}`);
    expect(fold.tell(START, false)).toBeNull();
    expect([note(0), note(1), note(2)]).toEqual([true, false, false]);
    expect(ids).toBe(1);
    expect(fold.tell(plusMs(START, 29 * MINUTES), false)).toBeNull();
    expect(fold.tell(plusMs(START, 30 * MINUTES), false)).toEqual({
      kind: 'RefusalsRepeated',
      repeats: [{ decisionId: 'd1', count: 2, lastAt: plusMs(START, 2 * MINUTES) }],
    });
    expect(fold.tell(plusMs(START, 61 * MINUTES), false)).toBeNull();
  });

  it('at the close everything untold is told at once', () => {
    const fold = createRefusalFold();
    fold.note('k', START, () => 'd1');
    fold.note('k', START, () => 'd2');
    expect(fold.tell(START, true)?.repeats).toEqual([{ decisionId: 'd1', count: 1, lastAt: START }]);
    expect(fold.tell(START, true)).toBeNull();
  });

  it('memory is bounded: the refusal seen longest ago is forgotten, its untold repeats are not', () => {
    const fold = createRefusalFold({ capacity: 10, tellEveryMs: 0 });
    for (let i = 0; i < 10; i++) fold.note(`k${i}`, plusMs(START, i), () => `d${i}`);
    fold.note('k0', plusMs(START, 10), () => 'never');
    for (let i = 10; i < 100; i++) fold.note(`k${i}`, plusMs(START, i + 1), () => `d${i}`);
    expect(fold.size).toBeLessThanOrEqual(10);
    expect(fold.tell(plusMs(START, 200), true)?.repeats).toEqual([{ decisionId: 'd0', count: 1, lastAt: plusMs(START, 10) }]);
  });

  it('another leg, ratio, reason or strategy is another refusal', () => {
    const legs = [{ symbol: 'A', ratio: -1 }];
    const keys = [
      refusalKey('s', legs, ['x']),
      refusalKey('t', legs, ['x']),
      refusalKey('s', [{ symbol: 'A', ratio: 1 }], ['x']),
      refusalKey('s', legs, ['x', 'y']),
    ];
    expect(new Set(keys).size).toBe(4);
  });
});

function refusedDecision(change: Partial<Decision> = {}): Decision {
  const leg = (symbol: string, ratio: number, strike: number) => ({
    symbol,
    ratio,
    right: 'put' as const,
    strike,
    expiration: EXPIRATION,
    bid: 1,
    ask: 1,
    quoteAt: NOW,
    impliedVolatility: 0.2,
    delta: -0.3,
    gamma: 0.01,
    thetaPerDay: -0.01,
    vegaPerPoint: 0.1,
    openInterest: 500,
    volume: 50,
    multiplier: 100,
  });
  return {
    decisionId: 'd1',
    at: NOW,
    scanId: 1,
    strategyId: 'bull_put_spread',
    underlying: 'XYZ',
    structure: 'bullPutSpread',
    legs: [leg('SHORT', -1, 95), leg('LONG', 1, 90)],
    metrics: {
      spot: 100,
      daysToExpiration: 38,
      midCredit: 1.22,
      naturalCredit: 1.18,
      maxLossCents: 38_000,
      maxProfitCents: 12_000,
      breakevens: [93.8],
      probabilityOfProfit: 0.7,
      expectedValueCents: 500,
      creditToRisk: 0.3,
      shortDelta: 0.3,
      width: 5,
      ivRank: 0.4,
      forecastModel: 'm',
      forecastVolatility: 0.2,
      momentumZ: 0,
      flowZ: 0,
      buyingPowerEffectCents: -38_000,
      deltaShares: 10,
      vegaDollarsPerPoint: -5,
      thetaDollarsPerDay: 2,
    },
    snapshotId: 1,
    score: null,
    rank: null,
    gates: [],
    verdict: 'refused',
    reasons: ['creditToRisk'],
    stage: 'filter',
    contracts: 0,
    parameters: {},
    ...change,
  };
}

describe('what a refused proposal would have made', () => {
  const marks: Record<string, ReturnType<typeof quote>> = { SHORT: quote(1.5), LONG: quote(0.6) };
  const at = (today: typeof TODAY, close: number | null) => ({
    today,
    quoteOf: (symbol: string) => marks[symbol] ?? null,
    closeOf: () => close,
  });

  it('sold for 1.20 (mid 1.22 less half of the 0.04 to natural), worth 0.90 at the close: 30 dollars made', () => {
    const told = createCounterfactuals(0.25);
    told.remember(refusedDecision());
    expect(told.atClose(at(TODAY, 100))).toEqual([
      { kind: 'CounterfactualMarked', decisionId: 'd1', pnlPerUnit: 3_000, basis: 'mid', daysHeld: 0 },
    ]);
  });

  it('is marked once at mid, once at expiration, and then forgotten', () => {
    const told = createCounterfactuals(0.25);
    told.remember(refusedDecision());
    for (const fact of told.atClose(at(TODAY, 100))) told.marked(fact);
    expect(told.atClose(at(addDays(TODAY, 1), 100))).toEqual([]);
    const [last] = told.atClose(at(EXPIRATION, 93));
    expect(last).toMatchObject({ pnlPerUnit: -8_000, basis: 'expiration', daysHeld: 38 });
    if (last) told.marked(last);
    expect(told.size).toBe(0);
  });

  it('all above the short strike keeps the credit, all below the long one loses 380', () => {
    const result = (close: number) => {
      const told = createCounterfactuals(0.25);
      told.remember(refusedDecision());
      return told.atClose(at(EXPIRATION, close))[0]?.pnlPerUnit;
    };
    expect([result(95), result(120), result(90), result(10)]).toEqual([12_000, 12_000, -38_000, -38_000]);
  });

  it('told on Monday of a Friday’s expiration: 92 then and 96 now are a loss of 180, not a gain of 120', () => {
    const friday = EXPIRATION;
    const monday = addDays(friday, 3);
    const closes = new Map([
      [friday, 92],
      [monday, 96],
    ]);
    const market = { ...at(monday, null), closeOf: (_: string, date: typeof TODAY) => closes.get(date) ?? null };
    const told = createCounterfactuals(0.25);
    told.remember(refusedDecision());
    expect(told.atClose(market)).toEqual([
      { kind: 'CounterfactualMarked', decisionId: 'd1', pnlPerUnit: -18_000, basis: 'expiration', daysHeld: 38 },
    ]);
    // Friday's close is not known: no mark by Monday's, and given up once all is known that will be.
    closes.delete(friday);
    expect(told.atClose(market)).toEqual([]);
    expect(told.giveUpBefore(friday, () => true)).toBe(0);
    expect(told.giveUpBefore(monday, () => false)).toBe(0);
    expect([told.giveUpBefore(monday, () => true), told.size]).toEqual([1, 0]);
  });

  it('nothing is invented: no close, no quote, no price, traded ones', () => {
    const told = createCounterfactuals(0.25, 2);
    told.remember(refusedDecision({ verdict: 'approved' }));
    told.remember(refusedDecision({ metrics: { ...refusedDecision().metrics, midCredit: 0, naturalCredit: 0 } }));
    expect(told.size).toBe(0);
    told.remember(refusedDecision());
    expect(told.atClose(at(EXPIRATION, null))).toEqual([]);
    expect(told.atClose({ ...at(TODAY, 100), quoteOf: () => null })).toEqual([]);
    for (const decisionId of ['d2', 'd3', 'd4']) told.remember(refusedDecision({ decisionId }));
    expect(told.size).toBe(2);
  });
});

describe('settling a ranked decision', () => {
  it('adds the gate’s comparisons, size and reasons', () => {
    const ranked = refusedDecision({ stage: 'ranking', reasons: [], gates: [] });
    const approved = settleDecision(ranked, judge(request({ contracts: 8 }), book(), LIMITS, SCANNER));
    expect([approved.verdict, approved.contracts, approved.stage, approved.reasons]).toEqual([
      'resized',
      5,
      'risk',
      ['riskPerTrade'],
    ]);
    const refused = settleDecision(ranked, judge(request(), book({ killState: 'HALTED' }), LIMITS, SCANNER));
    expect([refused.verdict, refused.contracts, refused.reasons]).toEqual(['refused', 0, ['killSwitch']]);
    expect(settleDecision(ranked, judge(request(), book(), LIMITS, SCANNER), true).verdict).toBe('awaitingApproval');
  });
});

describe('why not?', () => {
  const market = new EmbeddedMarket(7);
  market.open();
  market.walkTo(60);
  const input = market.scanInput();
  const output = scanMarket(input);

  it('a structure that was refused gets the same reasons again, and the decision that recorded them', () => {
    const decision = output.decisions.find(
      ({ stage, legs, strategyId }) => stage === 'filter' && strategyId === 'bull_put_spread' && legs.length === 2,
    );
    if (!decision) throw new Error('no refused put spread');
    const short = decision.legs.find(({ ratio }) => ratio < 0);
    const answer = explainContract(short?.symbol ?? '', output.market, input).strategies.find(
      ({ strategyId }) => strategyId === decision.strategyId,
    );
    expect(answer?.reasons).toEqual(decision.reasons);
    expect(answer?.lastDecisionId).toBe(decision.decisionId);
    expect(refusalKeyOf(decision)).toContain(decision.reasons[0] ?? '?');
  });

  it('any contract is answered by every strategy with numbers against limits, even if nobody proposed it', () => {
    const view = output.market.underlyings.find(({ underlying }) => underlying === 'SPY');
    const symbol = view?.expirations.at(-1)?.slice.puts.symbols.at(2) ?? '';
    const answer = explainContract(symbol, output.market, input);
    expect(answer.snapshotId).toBe(view?.snapshotId);
    expect(answer.strategies.map(({ strategyId }) => strategyId).sort()).toEqual(
      input.strategies.map(({ strategy }) => strategy.id).sort(),
    );
    const bull = answer.strategies.find(({ strategyId }) => strategyId === 'bull_put_spread');
    expect(bull?.gates.length).toBeGreaterThan(15);
    expect(bull?.gates.some(({ value, limit }) => value !== null && limit !== null)).toBe(true);
    expect(bull?.reasons.length).toBeGreaterThan(0);
    expect(answer.strategies.find(({ strategyId }) => strategyId === 'bear_call_spread')?.reasons).toContain('structure');
  });

  it('a full book is a reason too', () => {
    const [best] = output.ranked;
    const short = best?.decision.legs.find(({ ratio, right }) => ratio < 0 && right !== 'stock');
    const full = { ...input, capacity: { ...EMPTY_CAPACITY, positions: 20 } };
    const answer = explainContract(short?.symbol ?? '', output.market, full).strategies.find(
      ({ strategyId }) => strategyId === best?.decision.strategyId,
    );
    expect(answer?.reasons).toEqual(['positions']);
    const free = explainContract(short?.symbol ?? '', output.market, input).strategies.find(
      ({ strategyId }) => strategyId === best?.decision.strategyId,
    );
    expect(free?.reasons).toEqual([]);
  });

  it('a contract that is not in the snapshot says so', () => {
    for (const symbol of ['SPY990101C00100000', 'nonsense']) {
      const answer = explainContract(symbol, output.market, input);
      expect(answer.snapshotId).toBeNull();
      expect(answer.strategies.every(({ reasons }) => reasons.includes('inSnapshot'))).toBe(true);
    }
  });
});
