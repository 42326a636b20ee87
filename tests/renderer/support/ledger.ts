import { z } from 'zod';
import type { OutputOf } from '#contract/contract';
import type { DecisionView } from '#contract/decisions';
import type { JournalEventView, JournalSummary } from '#contract/journal';
import type { StrategyView } from '#contract/strategies';
import type { GateResult, VerdictKind } from '#domain/decisions/decision';
import type { ExitReason, Trade } from '#domain/portfolio/position';
import { cents, instant, isoDate } from '#domain/units';
import { NOW } from './market.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

function gatesOf(failing: readonly string[]): readonly GateResult[] {
  const gate = (name: string, value: number, limit: number, unit: string): GateResult => ({
    gate: name,
    passed: !failing.includes(name),
    value,
    limit,
    unit,
  });
  return [
    gate('quoteAge', 1.4, 10, 'seconds'),
    gate('spreadWidth', 0.08, 0.6, 'dollars'),
    gate('openInterest', 4_210, 100, 'contracts'),
    gate('probabilityOfProfit', failing.includes('probabilityOfProfit') ? 0.612 : 0.741, 0.65, 'fraction'),
    gate('creditToRisk', failing.includes('creditToRisk') ? 0.24 : 0.36, 0.33, 'fraction'),
    gate('expectedValue', failing.includes('expectedValue') ? -3.1 : 8.4, 0, 'dollars'),
    gate('maxLoss', 378, 500, 'dollars'),
    gate('riskPerTrade', 0.0076, 0.02, 'fraction'),
    gate('sectorPositions', failing.includes('sectorPositions') ? 5 : 2, 5, 'positions'),
    gate('buyingPower', 0.21, 0.5, 'fraction'),
    gate('portfolioDelta', 412, 3_000, 'shares'),
  ];
}

const STRATEGIES = ['bull_put_spread', 'bear_call_spread', 'iron_condor', 'cash_secured_put', 'covered_call'] as const;
const SYMBOLS = ['SPY', 'QQQ', 'AAPL', 'JPM', 'XOM', 'KO', 'CAT', 'NVDA'] as const;

function decision(index: number): DecisionView {
  const failing =
    index % 9 === 0
      ? []
      : index % 5 === 3
        ? ['sectorPositions']
        : index % 2 === 0
          ? ['creditToRisk', 'expectedValue']
          : ['probabilityOfProfit'];
  const verdict: VerdictKind =
    index === 1 ? 'awaitingApproval' : failing.length === 0 ? 'approved' : index % 11 === 4 ? 'resized' : 'refused';
  const underlying = SYMBOLS[index % SYMBOLS.length] ?? 'SPY';
  const at = instant(NOW - index * 4 * MINUTE);
  const leg = (strike: number, ratio: number) => ({
    symbol: `${underlying}261218P00${strike}000`,
    ratio,
    right: 'put' as const,
    strike,
    expiration: isoDate('2026-12-18'),
    bid: 3.1,
    ask: 3.18,
    quoteAt: instant(at - 1_400),
    impliedVolatility: 0.187,
    delta: -0.22,
    gamma: 0.004,
    thetaPerDay: -0.08,
    vegaPerPoint: 0.31,
    openInterest: 4_210,
    volume: 812,
  });
  return {
    decision: {
      decisionId: index === 0 ? 'D-P-101' : `D-${4000 - index}`,
      at,
      scanId: 812 - index,
      strategyId: STRATEGIES[index % STRATEGIES.length] ?? 'bull_put_spread',
      underlying,
      structure: index % 3 === 2 ? 'ironCondor' : 'bullPutSpread',
      legs: [leg(525, -1), leg(520, 1)],
      metrics: {
        spot: 551.42,
        daysToExpiration: 31,
        midCredit: 1.22,
        naturalCredit: 1.14,
        maxLossCents: 37_800,
        maxProfitCents: 12_200,
        breakevens: [523.78],
        probabilityOfProfit: failing.includes('probabilityOfProfit') ? 0.612 : 0.741,
        expectedValueCents: failing.includes('expectedValue') ? -310 : 840,
        creditToRisk: failing.includes('creditToRisk') ? 0.24 : 0.36,
        shortDelta: 0.22,
        width: 5,
        ivRank: 0.46,
        forecastModel: 'lognormalForecast',
        forecastVolatility: 0.171,
        momentumZ: 0.42,
        flowZ: -0.18,
        buyingPowerEffectCents: -37_800,
        deltaShares: 7.1,
        vegaDollarsPerPoint: -4.2,
        thetaDollarsPerDay: 3.1,
      },
      snapshotId: 99_120 - index,
      score: 1.42 - index * 0.01,
      rank: failing.length === 0 ? 1 : null,
      gates: gatesOf(failing),
      verdict,
      reasons: verdict === 'awaitingApproval' ? [] : failing,
      stage: failing.includes('sectorPositions') ? 'risk' : failing.length > 0 ? 'filter' : 'risk',
      contracts: verdict === 'refused' ? 0 : 2,
      parameters: { daysMin: 30, daysMax: 45, shortDelta: 0.25, width: 5, ivRankMin: 0.3 },
    },
    firstAt: instant(at - 22 * MINUTE),
    lastAt: at,
    repeats: 1 + ((index * 7) % 23),
    counterfactual:
      index > 12
        ? { pnlCents: Math.round(Math.sin(index) * 9_000), basis: 'the exit plan at recorded quotes', daysHeld: 9 }
        : null,
    answer: null,
  };
}

export const decisions: readonly DecisionView[] = Array.from({ length: 60 }, (_, index) => decision(index));

export const funnel: OutputOf<'decisions.funnel'> = Array.from({ length: 30 }, (_, index) => ({
  scanId: 812 - index,
  at: instant(NOW - index * 30_000),
  underlyings: 19,
  contracts: 11_842 - index * 3,
  candidates: 642 - index * 5,
  proposals: 14 + ((index * 5) % 9),
  approved: index % 6 === 0 ? 1 : 0,
  funnel: {
    quoteAge: 212,
    spreadWidth: 3_118,
    openInterest: 4_020,
    volume: 2_240,
    daysToExpiration: 1_240,
    shortDelta: 382,
    creditToRisk: 301,
    probabilityOfProfit: 118,
    expectedValue: 96,
    maxLoss: 11,
    sectorPositions: 3,
  },
}));

const parameters = z.object({
  daysMin: z
    .number()
    .int()
    .min(1)
    .max(365)
    .default(30)
    .meta({ unit: 'days', description: 'Earliest expiration, in calendar days' }),
  daysMax: z
    .number()
    .int()
    .min(1)
    .max(365)
    .default(45)
    .meta({ unit: 'days', description: 'Latest expiration, in calendar days' }),
  shortDelta: z
    .number()
    .min(0.05)
    .max(0.5)
    .default(0.25)
    .meta({ unit: 'delta', description: 'Absolute delta wanted of the short leg' }),
  width: z.number().min(0.5).max(50).default(5).meta({ unit: 'dollars', description: 'Distance between the strikes' }),
  ivRankMin: z.number().min(0).max(1).default(0.3).meta({ unit: 'fraction', description: 'Least IV rank of the underlying' }),
  avoidEarnings: z.boolean().default(true).meta({ unit: 'on/off', description: 'No entry with earnings before expiration' }),
});

const TITLES: Readonly<Record<string, readonly [string, string]>> = {
  bull_put_spread: ['Bull put spread', 'Sells a put below the market and buys one further down.'],
  bear_call_spread: ['Bear call spread', 'Sells a call above the market and buys one further up.'],
  iron_condor: ['Iron condor', 'Sells a put spread and a call spread around the market.'],
  cash_secured_put: ['Cash-secured put', 'Sells a put with the cash to take the shares.'],
  covered_call: ['Covered call', 'Sells a call against shares that are held.'],
};

export function strategies(modes: ReadonlyMap<string, StrategyView['mode']>): readonly StrategyView[] {
  return STRATEGIES.map((strategyId, index) => ({
    strategyId,
    title: TITLES[strategyId]?.[0] ?? strategyId,
    summary: TITLES[strategyId]?.[1] ?? '',
    mode: modes.get(strategyId) ?? (index === 4 ? 'off' : index === 3 ? 'approve' : 'auto'),
    profile: 'moderate',
    profiles: { conservative: { shortDelta: 0.16 }, moderate: { shortDelta: 0.25 }, aggressive: { shortDelta: 0.32 } },
    schema: z.toJSONSchema(parameters),
    parameters: parameters.parse({}),
    overrides: index === 0 ? { ivRankMin: 0.35 } : {},
    maxPositions: 6,
    maxRiskFraction: 0.1,
    trust:
      index === 0
        ? { rung: 'autoFull', since: null, reason: '', by: '', next: null }
        : {
            rung: 'autoSmall',
            since: NOW,
            reason: 'losingStreak: 6 against 6 trades',
            by: 'engine',
            next: {
              rung: 'autoFull',
              gates: [
                { gate: 'closedTrades', passed: index < 2, value: 30 - index * 7, limit: 20, unit: 'trades' },
                { gate: 'expectancyLowerBound', passed: true, value: 11.2, limit: 0, unit: 'dollars' },
                { gate: 'breakerTrips', passed: true, value: 0, limit: 0, unit: 'breakers' },
              ],
            },
          },
    performance: {
      trades: 42 - index * 7,
      wins: 31 - index * 5,
      pnl: cents(184_200 - index * 61_000),
      averagePnl: cents(4_385 - index * 1_900),
      profitFactor: 1.62 - index * 0.21,
      expectancy: cents(4_385 - index * 1_900),
      openPositions: index === 4 ? 0 : 1,
      openRisk: cents(index === 4 ? 0 : 75_600),
    },
    today: {
      proposals: 84 - index * 9,
      approved: index < 3 ? 1 : 0,
      refused: 83 - index * 9,
      topRefusals: [
        { reason: 'creditToRisk', count: 41 - index * 4 },
        { reason: 'expectedValue', count: 22 },
        { reason: 'sectorPositions', count: 9 },
      ],
    },
  }));
}

const REASONS: readonly ExitReason[] = [
  'takeProfit',
  'takeProfit',
  'timeStop',
  'takeProfit',
  'stopLoss',
  'expired',
  'roll',
  'assigned',
];

export function trades(notes: ReadonlyMap<string, string>): readonly Trade[] {
  return Array.from({ length: 48 }, (_, index) => {
    const exitReason = REASONS[index % REASONS.length] ?? 'takeProfit';
    const pnl = exitReason === 'stopLoss' ? -24_600 : exitReason === 'assigned' ? -5_200 : 5_900 + index * 40;
    const tradeId = `T-${300 - index}`;
    return {
      tradeId,
      positionId: `P-${99 - index}`,
      campaignId: `C-${99 - index}`,
      account: 'PA3EMBED7',
      mode: 'paper',
      underlying: SYMBOLS[index % SYMBOLS.length] ?? 'SPY',
      strategyId: STRATEGIES[index % 4] ?? 'bull_put_spread',
      structure: index % 3 === 2 ? 'ironCondor' : 'bullPutSpread',
      enteredAt: instant(NOW - (index + 12) * DAY),
      exitedAt: instant(NOW - index * DAY * 0.7),
      parameters: { daysMin: 30, shortDelta: 0.25 },
      entry: {
        spot: 548.2,
        ivRank: 0.44,
        openInterestShort: 3_910,
        spread: 0.08,
        probabilityOfProfit: 0.74,
        expectedValueCents: 820,
        legs: [
          {
            symbol: 'SPY261218P00525000',
            ratio: -1,
            bid: 3.8,
            ask: 3.86,
            impliedVolatility: 0.19,
            delta: -0.24,
            gamma: 0.004,
            thetaPerDay: -0.09,
            vegaPerPoint: 0.33,
          },
          {
            symbol: 'SPY261218P00520000',
            ratio: 1,
            bid: 2.6,
            ask: 2.66,
            impliedVolatility: 0.195,
            delta: -0.2,
            gamma: 0.003,
            thetaPerDay: -0.08,
            vegaPerPoint: 0.3,
          },
        ],
      },
      execution: {
        limitCredit: 1.18,
        fillCredit: 1.2,
        slippage: 0.02,
        fees: cents(24),
        workingMs: 18_400,
        exitCredit: -0.58,
        exitSlippage: 0.01,
      },
      risk: { units: 2, maxLoss: cents(75_600), riskFraction: 0.0076 },
      outcome: {
        pnl: cents(pnl),
        daysHeld: 12 - (index % 5),
        exitReason,
        maxAdverse: cents(-6_200),
        maxFavourable: cents(7_100),
      },
      reasonTags: ['high IV rank'],
      notes: notes.get(tradeId) ?? (index === 3 ? 'Closed too early: the range held.' : ''),
    };
  });
}

export const summary: JournalSummary = {
  trades: 48,
  wins: 36,
  pnl: cents(238_400),
  fees: cents(4_210),
  profitFactor: 1.71,
  expectancy: cents(4_967),
  maxDrawdown: cents(121_300),
  equity: Array.from({ length: 240 }, (_, index) => ({
    at: instant(NOW - (240 - index) * 3 * 3_600_000),
    equity: cents(Math.round(10_000_000 + index * 1_100 + Math.sin(index / 9) * 52_000)),
  })),
  exitReasons: { takeProfit: 22, timeStop: 9, stopLoss: 6, expired: 5, roll: 3, assigned: 2, owner: 1 },
};

const KINDS = [
  'DecisionMade',
  'IntentWritten',
  'OrderSubmitted',
  'OrderReplaced',
  'OrderFilled',
  'PositionOpened',
  'ExitTriggered',
  'TradeClosed',
] as const;

export function events(from: number, count: number): readonly JournalEventView[] {
  return Array.from({ length: count }, (_, index) => {
    const seq = from - index;
    const kind = KINDS[seq % KINDS.length] ?? 'DecisionMade';
    return {
      seq,
      at: instant(NOW - index * 41_000),
      kind,
      summary: `${kind} for SPY bull put spread 525/520, two units at 1.20 credit`,
      payload: { underlying: 'SPY', netLimit: 1.2, contracts: 2 },
      hash: `${seq.toString(16)}9f2b7c41e8d3a5`.padEnd(64, '0'),
    };
  });
}
