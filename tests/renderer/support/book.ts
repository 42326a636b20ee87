import type { ItemOf } from '#contract/contract';
import type { OrderView } from '#contract/orders';
import type { PositionView } from '#contract/positions';
import { type OptionContract, parseOccSymbol } from '#domain/market/instrument';
import type { Position } from '#domain/portfolio/position';
import { cents, instant, isoDate } from '#domain/units';
import { NOW } from './market.ts';

const HOUR = 3_600_000;

const exitPlan: Position['exitPlan'] = {
  takeProfitFraction: 0.5,
  stopLossMultiple: 2,
  trailing: null,
  timeStopDays: 21,
  roll: { whenShortDeltaAbove: 0.35, atDaysToExpiration: 21, minCredit: 0.05, maxRolls: 2 },
  scaleOut: [],
  takeAssignment: false,
};

function contractOf(symbol: string): OptionContract {
  const parts = parseOccSymbol(symbol);
  if (!parts) throw new Error(`not an option in the sample: ${symbol}`);
  return {
    ...parts,
    symbol,
    underlying: parts.root,
    style: 'american',
    settlement: 'physical',
    multiplier: 100,
    pennyProgram: true,
  };
}

interface Sketch {
  readonly id: string;
  readonly underlying: string;
  readonly structure: string;
  readonly strategyId: string;
  readonly legs: readonly (readonly [string, number, number])[];
  readonly units: number;
  readonly credit: number;
  readonly mid: number;
  readonly days: number;
  readonly spot: number;
  readonly delta: number;
  readonly theta: number;
  readonly warnings?: readonly string[];
}

function positionView(sketch: Sketch, tick: number): PositionView {
  const mid = Math.round((sketch.mid + Math.sin(tick / 5 + sketch.credit) * 0.02) * 100) / 100;
  const unrealised = cents(Math.round((sketch.credit + mid) * 100) * 100 * sketch.units);
  const profitShare = (sketch.credit + mid) / sketch.credit;
  return {
    position: {
      positionId: sketch.id,
      campaignId: `C-${sketch.underlying}`,
      strategyId: sketch.strategyId,
      decisionId: `D-${sketch.id}`,
      underlying: sketch.underlying,
      structure: sketch.structure,
      status: 'open',
      legs: sketch.legs.map(([symbol, ratio, entryPrice]) => ({
        symbol,
        contract: contractOf(symbol),
        quantity: ratio * sketch.units,
        ratio,
        entryPrice,
      })),
      units: sketch.units,
      openedUnits: sketch.units,
      openedAt: instant(NOW - 94 * HOUR),
      expiration: isoDate('2026-12-18'),
      entryCredit: sketch.credit,
      cashFlow: cents(Math.round(sketch.credit * 100) * 100 * sketch.units),
      fees: cents(112),
      maxLossPerUnit: cents(38_000),
      maxProfitPerUnit: cents(Math.round(sketch.credit * 100) * 100),
      exitPlan,
      rolls: 0,
      scaledOut: 0,
      highWaterProfit: cents(4_100),
      maxAdverse: cents(-6_300),
      maxFavourable: cents(4_100),
      exitReason: null,
      realised: cents(0),
      tags: [],
    },
    mid,
    natural: mid - 0.06,
    unrealised,
    totalPnl: cents(unrealised - 112),
    markedAt: NOW,
    stale: false,
    deltaShares: sketch.delta,
    thetaDollarsPerDay: sketch.theta,
    vegaDollarsPerPoint: -sketch.theta * 1.9,
    daysToExpiration: sketch.days,
    spot: sketch.spot,
    legs: sketch.legs.map(([symbol, ratio, entryPrice]) => ({
      symbol,
      quantity: ratio * sketch.units,
      bid: Math.round((entryPrice - 0.32) * 100) / 100,
      ask: Math.round((entryPrice - 0.26) * 100) / 100,
      delta: -0.12 * ratio,
      entryPrice,
    })),
    exitRules: [
      {
        rule: 'takeProfit',
        title: 'Take profit',
        value: profitShare,
        trigger: 0.5,
        unit: 'fraction',
        progress: Math.max(0, profitShare / 0.5),
        suspended: null,
      },
      {
        rule: 'stopLoss',
        title: 'Stop',
        value: Math.max(0, -profitShare),
        trigger: 2,
        unit: 'times the credit',
        progress: Math.max(0, -profitShare / 2),
        suspended: sketch.days < 12 ? 'market too wide' : null,
      },
      {
        rule: 'timeStop',
        title: 'Time',
        value: sketch.days,
        trigger: 21,
        unit: 'days',
        progress: Math.min(1, 21 / sketch.days),
        suspended: null,
      },
      { rule: 'roll', title: 'Roll', value: 0.22, trigger: 0.35, unit: 'delta', progress: 0.62, suspended: null },
    ],
    workingOrder: null,
    takesOwnLimit: true,
    warnings: sketch.warnings ?? [],
  };
}

const SKETCHES: readonly Sketch[] = [
  {
    id: 'P-101',
    underlying: 'SPY',
    structure: 'bullPutSpread',
    strategyId: 'bull_put_spread',
    legs: [
      ['SPY261218P00525000', -1, 3.82],
      ['SPY261218P00520000', 1, 3.02],
    ],
    units: 2,
    credit: 1.22,
    mid: -0.82,
    days: 31,
    spot: 551.42,
    delta: 14.2,
    theta: 6.1,
  },
  {
    id: 'P-102',
    underlying: 'SPY',
    structure: 'ironCondor',
    strategyId: 'iron_condor',
    legs: [
      ['SPY261218P00515000', 1, 2.4],
      ['SPY261218P00520000', -1, 3.0],
      ['SPY261218C00580000', -1, 2.9],
      ['SPY261218C00585000', 1, 2.1],
    ],
    units: 1,
    credit: 1.4,
    mid: -1.64,
    days: 31,
    spot: 551.42,
    delta: -3.4,
    theta: 4.8,
  },
  {
    id: 'P-103',
    underlying: 'AAPL',
    structure: 'bearCallSpread',
    strategyId: 'bear_call_spread',
    legs: [
      ['AAPL261218C00240000', -1, 2.6],
      ['AAPL261218C00245000', 1, 1.7],
    ],
    units: 3,
    credit: 0.92,
    mid: -1.71,
    days: 31,
    spot: 228.35,
    delta: -31.6,
    theta: 9.3,
    warnings: ['ex-dividend tomorrow'],
  },
  {
    id: 'P-104',
    underlying: 'XOM',
    structure: 'cashSecuredPut',
    strategyId: 'cash_secured_put',
    legs: [['XOM261218P00110000', -1, 1.35]],
    units: 1,
    credit: 1.35,
    mid: -0.55,
    days: 10,
    spot: 117.4,
    delta: 18.1,
    theta: 3.7,
  },
];

export function book(tick: number, isEmpty: boolean): ItemOf<'positions.list'> {
  const positions = isEmpty ? [] : SKETCHES.map((sketch) => positionView(sketch, tick));
  const sum = (of: (view: PositionView) => number | null) => positions.reduce((total, view) => total + (of(view) ?? 0), 0);
  return {
    positions,
    loose: isEmpty ? [] : [{ symbol: 'KO261218C00072500', underlying: 'KO', quantity: 1, averagePrice: 0.84 }],
    campaigns: isEmpty
      ? []
      : [{ campaignId: 'C-SPY', underlying: 'SPY', positions: ['P-101', 'P-102'], closed: 0, pnl: cents(5_600) }],
    totals: {
      unrealised: cents(sum((view) => view.unrealised)),
      deltaShares: sum((view) => view.deltaShares),
      thetaDollarsPerDay: sum((view) => view.thetaDollarsPerDay),
      vegaDollarsPerPoint: sum((view) => view.vegaDollarsPerPoint),
    },
  };
}

function order(id: string, state: OrderView['state'], part: Partial<OrderView>): OrderView {
  return {
    intentId: id,
    attempt: 1,
    clientOrderId: `sd-${id.toLowerCase()}-1-9f27c1`,
    brokerOrderId: `61e69015-${id}`,
    state,
    purpose: 'open',
    strategyId: 'bull_put_spread',
    positionId: 'P-105',
    underlying: 'QQQ',
    legs: [
      { symbol: 'QQQ261218P00455000', side: 'sell', ratio: 1, intent: 'sellToOpen' },
      { symbol: 'QQQ261218P00450000', side: 'buy', ratio: 1, intent: 'buyToOpen' },
    ],
    contracts: 2,
    filled: 0,
    netLimit: 1.18,
    fillPrice: null,
    bound: 1.1,
    midAtDecision: 1.22,
    rung: 1,
    rungs: [1.22, 1.18, 1.14, 1.1],
    cause: 'entry',
    fees: null,
    createdAt: instant(NOW - 32_000),
    updatedAt: instant(NOW - 4_000),
    message: '',
    ...part,
  };
}

export function orders(): readonly OrderView[] {
  return [
    order('I-210', 'working', {}),
    order('I-209', 'inDoubt', {
      underlying: 'CAT',
      strategyId: 'iron_condor',
      rung: 0,
      message: 'No answer to the submission within 8 s; looking it up by its client order id.',
    }),
    order('I-208', 'partiallyFilled', {
      underlying: 'AAPL',
      purpose: 'close',
      filled: 1,
      contracts: 3,
      cause: 'takeProfit',
      netLimit: -0.46,
      midAtDecision: -0.44,
      bound: -0.52,
      rungs: [-0.44, -0.48, -0.52],
    }),
    order('I-207', 'filled', { filled: 2, fillPrice: 1.2, rung: 0, fees: cents(24), underlying: 'SPY', positionId: 'P-101' }),
    order('I-206', 'cancelled', {
      underlying: 'JPM',
      rung: 3,
      cause: 'entry',
      message: 'Rested 120 s at the bound, then cancelled.',
    }),
    order('I-205', 'rejected', {
      underlying: 'VXX',
      rung: 0,
      message: 'Broker: insufficient options buying power (code 40310000).',
    }),
    order('I-204', 'expired', { underlying: 'KO', rung: 3 }),
  ];
}
