import fc from 'fast-check';
import type { Quote } from '#domain/market/chain';
import type { Leg } from '#domain/structures/leg';
import { cents, plusMs } from '#domain/units';
import type { RiskBook, RiskRequest } from '#engine/risk/book';
import type { RiskSettings } from '#ports/settings/settings';
import { ACCOUNT, book, EXPIRATION, exposure, LIMITS, NOW, option, quote, request, shares } from '../../engine/risk/example.ts';

/** Few positions reach the limits on their number, and the grid has its corners only: it is what costs time. */
export const TIGHT: RiskSettings = {
  ...LIMITS,
  maxPositions: 6,
  maxPositionsPerSector: 4,
  maxPositionsPerStrategy: 3,
  stressSpotMoves: [-0.15, 0.15],
  stressVolatilityMoves: [-0.2, 0.5],
};

const STRIKES = [85, 90, 95, 100, 105, 110, 115];

/** Numbers as they come from a program that has gone wrong. */
const anyNumber = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.double({ min, max, noNaN: true }) },
    { weight: 4, arbitrary: fc.integer({ min: Math.ceil(min), max: Math.floor(max) }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        Number.NaN,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        0,
        -0,
        1e15,
        -1e15,
        1e-12,
        1e300,
      ),
    },
  );
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null, freq: 12 });
const money = (min: number, max: number) => orNull(fc.integer({ min, max }).map(cents));

const anyLeg: fc.Arbitrary<Leg> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom('put' as const, 'call' as const), fc.constantFrom(...STRIKES), anyRatio(), anyUnderlying())
      .map(([right, strike, ratio, underlying]) => option(right, strike, ratio, EXPIRATION, underlying)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(100, -100, 50, 0, 200), anyUnderlying()).map(([count, of]) => shares(count, of)),
  },
);

function anyRatio(): fc.Arbitrary<number> {
  return fc.oneof({ weight: 14, arbitrary: fc.constantFrom(1, -1) }, { weight: 2, arbitrary: fc.constantFrom(2, -2, 3, 0, 0.5) });
}

function anyUnderlying(): fc.Arbitrary<string> {
  return fc.constantFrom(...Array.from({ length: 15 }, () => 'XYZ'), 'ABC');
}

const anyQuote: fc.Arbitrary<Quote | null> = orNull(
  fc.record({
    bid: anyNumber(-1, 6),
    ask: anyNumber(-1, 8),
    bidSize: fc.constant(1),
    askSize: fc.constant(1),
    age: fc.double({ min: -5, max: 30, noNaN: true }),
  }),
).map((made) => (made === null ? null : { ...made, at: plusMs(NOW, -Math.round(made.age * 1000)) }));

/** Any order at all: sound ones, and such as no strategy would make. */
export const anyRequest: fc.Arbitrary<RiskRequest> = fc
  .record({
    purpose: fc.constantFrom('open' as const, 'close' as const),
    legs: fc.array(anyLeg, { minLength: 0, maxLength: 4 }),
    contracts: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 14 }) }, { weight: 1, arbitrary: anyNumber(-2, 14) }),
    netLimit: anyNumber(-6, 6),
    maxLossPerUnit: money(-10_000, 90_000),
    deltaSharesPerUnit: orNull(anyNumber(-200, 200)),
    vegaDollarsPerUnit: orNull(anyNumber(-50, 50)),
    secured: fc.boolean(),
    replacing: fc.boolean(),
    positionId: fc.constantFrom(null, 'p1'),
    strategyLimits: fc.constantFrom(null, { maxPositions: 3, maxRiskFraction: 0.1 }),
  })
  .map((made) => request(made));

/** Any account and book at all, with holes in it and prices that are none. */
export const anyBook: fc.Arbitrary<RiskBook> = fc
  .record({
    killState: fc.constantFrom(
      'ACTIVE' as const,
      'ACTIVE' as const,
      'REDUCING' as const,
      'HALTED' as const,
      'FLATTENING' as const,
    ),
    equity: money(-1_000_000, 20_000_000),
    dayStartEquity: money(-100, 20_000_000),
    weekStartEquity: money(-100, 20_000_000),
    peakEquity: money(-100, 20_000_000),
    hasAccount: fc.boolean(),
    optionsLevel: fc.integer({ min: 0, max: 4 }),
    buyingPower: money(-100_000, 10_000_000),
    ordersToday: anyNumber(0, 200),
    held: fc.array(fc.tuple(fc.array(anyLeg, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 4 }), fc.boolean()), {
      maxLength: 3,
    }),
    spot: anyQuote,
    quotes: fc.array(anyQuote, { minLength: 2 * STRIKES.length, maxLength: 2 * STRIKES.length }),
    theory: orNull(anyNumber(-1, 8)),
    freeShares: anyNumber(-100, 400),
    isOpen: fc.boolean(),
    sends: fc.array(anyNumber(-3, 3), { maxLength: 2 }),
  })
  .map((made) => {
    const symbols = STRIKES.flatMap((strike) => (['put', 'call'] as const).map((right) => symbolAt(right, strike)));
    const quotes = new Map(symbols.map((symbol, index) => [symbol, made.quotes[index] ?? null]));
    const plain = book();
    return {
      ...plain,
      ...made,
      session: made.isOpen ? plain.session : null,
      account: made.hasAccount
        ? { ...ACCOUNT, optionsLevel: made.optionsLevel, optionsBuyingPower: made.buyingPower ?? cents(0) }
        : null,
      exposures: made.held.map(([legs, units, isPosition], index) =>
        exposure({
          positionId: `p${index + 1}`,
          underlying: 'XYZ',
          legs: legs.filter((leg) => (leg.kind === 'stock' ? leg.shares : leg.ratio) !== 0),
          units,
          source: isPosition ? 'position' : 'workingOrder',
        }),
      ),
      recentSends: made.sends.map((netLimit) => ({ key: 'open|', at: NOW, netLimit })),
      quoteOf: (symbol: string) => (symbol === 'XYZ' ? atSpot(made.spot) : (quotes.get(symbol) ?? null)),
      theoryOf: () => (made.theory === null || !Number.isFinite(made.theory) ? null : Math.max(0, made.theory)),
      freeShares: () => made.freeShares,
    };
  });

function symbolAt(right: 'put' | 'call', strike: number): string {
  const leg = option(right, strike, 1);
  return leg.kind === 'option' ? leg.contract.symbol : '';
}

/** The underlying near 100 where the option's numbers are near 3. */
function atSpot(made: Quote | null): Quote | null {
  return made === null ? null : { ...made, bid: made.bid + 97, ask: made.ask + 97 };
}

/** A world in which a sound spread asks to be opened; every field may be made worse, in one respect. */
export interface World {
  /** Bull put spreads or bear call spreads, the candidate and what is held alike: nothing hedges anything. */
  readonly side: 'put' | 'call';
  readonly held: number;
  readonly working: number;
  readonly equity: number;
  readonly dayLoss: number;
  readonly orders: number;
  readonly ordersLastMinute: number;
  readonly ordersLastSecond: number;
  readonly buyingPower: number;
  readonly delta: number;
  readonly vega: number;
  readonly contracts: number;
  readonly maxLoss: number;
  /** Seconds. */
  readonly quoteAge: number;
  readonly snapshotAge: number;
  /** Bid/ask of each leg, cents; the limit stands this share of the way from mid to natural. */
  readonly spread: number;
  readonly share: number;
  readonly lossDays: number | null;
  readonly entries: number;
  readonly minutesToClose: number;
}

export const world: fc.Arbitrary<World> = fc.record({
  side: fc.constantFrom('put' as const, 'call' as const),
  held: fc.integer({ min: 0, max: 4 }),
  working: fc.integer({ min: 0, max: 2 }),
  equity: fc.integer({ min: 1_000_000, max: 20_000_000 }),
  dayLoss: fc.integer({ min: -100_000, max: 600_000 }),
  orders: fc.integer({ min: 0, max: 155 }),
  ordersLastMinute: fc.integer({ min: 0, max: 31 }),
  ordersLastSecond: fc.integer({ min: 0, max: 11 }),
  buyingPower: fc.integer({ min: 0, max: 12_000_000 }),
  delta: fc.integer({ min: 0, max: 3_100 }),
  vega: fc.integer({ min: 0, max: 3_100 }),
  contracts: fc.integer({ min: 1, max: 14 }),
  maxLoss: fc.integer({ min: 0, max: 60_000 }),
  quoteAge: fc.double({ min: 0, max: 12, noNaN: true }),
  snapshotAge: fc.double({ min: 0, max: 170, noNaN: true }),
  spread: fc.integer({ min: 2, max: 60 }),
  share: fc.double({ min: 0, max: 0.8, noNaN: true }),
  lossDays: fc.option(fc.integer({ min: 0, max: 40 }), { nil: null }),
  entries: fc.integer({ min: 0, max: 2 }),
  minutesToClose: fc.integer({ min: 0, max: 300 }),
});

const CANDIDATE = {
  put: { legs: [option('put', 95, -1), option('put', 90, 1)], mids: [2.1, 0.88] },
  call: { legs: [option('call', 105, -1), option('call', 110, 1)], mids: [2.1, 0.88] },
} as const;

export function bookOf(at: World): RiskBook {
  const { side, held, working, equity, dayLoss, delta, vega, spread, quoteAge } = at;
  const of = (source: 'position' | 'workingOrder', index: number) =>
    exposure({
      positionId: `${source}${index}`,
      underlying: 'ABC',
      sector: index % 2 === 0 ? 'Technology' : 'Energy',
      strategyId: index % 3 === 0 ? 'bull_put_spread' : 'other',
      source,
      legs:
        side === 'put'
          ? [option('put', 95, -1, EXPIRATION, 'ABC'), option('put', 90, 1, EXPIRATION, 'ABC')]
          : [option('call', 105, -1, EXPIRATION, 'ABC'), option('call', 110, 1, EXPIRATION, 'ABC')],
    });
  const exposures = [
    ...Array.from({ length: held }, (_, index) => of('position', index)),
    ...Array.from({ length: working }, (_, index) => of('workingOrder', index)),
  ];
  const [first] = exposures;
  if (first) exposures[0] = { ...first, deltaShares: delta, vegaDollarsPerPoint: -vega };
  const quotes = new Map<string, Quote>([
    ['XYZ', quote(100, 0.02, plusMs(NOW, -Math.round(quoteAge * 1000)))],
    ['ABC', quote(100, 0.02)],
  ]);
  const asked = CANDIDATE[side];
  asked.legs.forEach((leg, index) => {
    if (leg.kind !== 'option') return;
    const mid = asked.mids[index] ?? 0;
    quotes.set(leg.contract.symbol, quote(mid, spread / 100, plusMs(NOW, -Math.round(quoteAge * 1000))));
    quotes.set(leg.contract.symbol.replace('XYZ', 'ABC'), quote(mid));
  });
  return book({
    exposures,
    equity: cents(equity),
    dayStartEquity: cents(equity + dayLoss),
    weekStartEquity: cents(equity + dayLoss),
    peakEquity: cents(equity + Math.max(0, dayLoss)),
    ordersToday: at.orders,
    ordersLastMinute: at.ordersLastMinute,
    ordersLastSecond: at.ordersLastSecond,
    account: { ...ACCOUNT, optionsBuyingPower: cents(at.buyingPower) },
    snapshotAt: plusMs(NOW, -Math.round(at.snapshotAge * 1000)),
    session: { open: plusMs(NOW, -90 * 60_000), close: plusMs(NOW, at.minutesToClose * 60_000) },
    lastLossAt: new Map(at.lossDays === null ? [] : [['XYZ', plusMs(NOW, -at.lossDays * 86_400_000)]]),
    entriesTodayBySymbol: new Map([['XYZ', at.entries]]),
    quoteOf: (symbol) => quotes.get(symbol) ?? null,
    theoryOf: (contract) =>
      contract.underlying === 'XYZ' ? (contract.strike === 95 || contract.strike === 105 ? 2.1 : 0.88) : null,
  });
}

/** Mid 1.22 less the share of the way to natural, in whole cents. */
export function requestOf({ side, contracts, maxLoss, spread, share }: World, netLimit?: number): RiskRequest {
  return request({
    legs: CANDIDATE[side].legs,
    contracts,
    netLimit: netLimit ?? Math.round((1.22 - (share * spread) / 100) * 100) / 100,
    maxLossPerUnit: cents(maxLoss),
    deltaSharesPerUnit: 10,
    vegaDollarsPerUnit: -5,
  });
}
