import { atNewYork } from '#domain/market/calendar';
import type { Quote } from '#domain/market/chain';
import { type OptionContract, occSymbol, type Right } from '#domain/market/instrument';
import type { Leg } from '#domain/structures/leg';
import { cents, type Instant, isoDate, plusMs } from '#domain/units';
import type { Exposure, RiskBook, RiskRequest } from '#engine/risk/book';
import type { BrokerAccount } from '#ports/broker';
import { engineSettings, type RiskSettings, type ScannerSettings } from '#ports/settings/settings';

/** A Tuesday in the middle of the session. */
export const TODAY = isoDate('2026-03-10');
export const NOW: Instant = atNewYork(TODAY, '11:00');
export const EXPIRATION = isoDate('2026-04-17');

const settings = engineSettings.parse({});
export const LIMITS: RiskSettings = settings.risk;
export const SCANNER: ScannerSettings = settings.scanner;

export function contract(right: Right, strike: number, expiration = EXPIRATION, underlying = 'XYZ'): OptionContract {
  const symbol = occSymbol({ root: underlying, expiration, right, strike });
  return {
    symbol,
    underlying,
    root: underlying,
    right,
    strike,
    expiration,
    style: 'american',
    settlement: 'physical',
    multiplier: 100,
    pennyProgram: true,
  };
}

export function option(right: Right, strike: number, ratio: number, expiration = EXPIRATION, underlying = 'XYZ'): Leg {
  return { kind: 'option', contract: contract(right, strike, expiration, underlying), ratio };
}

export function shares(count: number, underlying = 'XYZ'): Leg {
  return { kind: 'stock', underlying, shares: count };
}

export function quote(mid: number, width = 0.04, at: Instant = NOW): Quote {
  return {
    bid: Math.round((mid - width / 2) * 1e4) / 1e4,
    ask: Math.round((mid + width / 2) * 1e4) / 1e4,
    bidSize: 10,
    askSize: 10,
    at,
  };
}

/** A 95/90 put spread on a 100-dollar stock, sold for 1.20 when its mid is 1.22: loses at most 380 a unit. */
export const SPREAD: readonly Leg[] = [option('put', 95, -1), option('put', 90, 1)];
export const SHORT_PUT = SPREAD[0]!;
export const LONG_PUT = SPREAD[1]!;

export const QUOTES: ReadonlyMap<string, Quote> = new Map([
  ['XYZ', quote(100, 0.02)],
  [contract('put', 95).symbol, quote(2.1)],
  [contract('put', 90).symbol, quote(0.88)],
  [contract('call', 105).symbol, quote(1.9)],
  [contract('call', 110).symbol, quote(0.8)],
]);

export const ACCOUNT: BrokerAccount = {
  accountNumber: 'PA1',
  cash: cents(10_000_000),
  equity: cents(10_000_000),
  lastEquity: null,
  buyingPower: cents(10_000_000),
  optionsBuyingPower: cents(10_000_000),
  optionsLevel: 3,
  tradingBlocked: false,
  accountBlocked: false,
  suspendedByUser: false,
  isPaper: true,
  marginDeficit: cents(0),
};

export function book(change: Partial<RiskBook> = {}): RiskBook {
  return {
    now: NOW,
    today: TODAY,
    session: { open: atNewYork(TODAY, '09:30'), close: atNewYork(TODAY, '16:00') },
    killState: 'ACTIVE',
    entriesBlockedBy: [],
    live: null,
    account: ACCOUNT,
    snapshotAt: NOW,
    equity: cents(10_000_000),
    dayStartEquity: cents(10_000_000),
    weekStartEquity: cents(10_000_000),
    peakEquity: cents(10_000_000),
    exposures: [],
    ordersToday: 0,
    ordersLastMinute: 0,
    ordersLastSecond: 0,
    roundTripsToday: new Map(),
    dayTrades: 0,
    lastLossAt: new Map(),
    closingSides: new Map(),
    earningsOf: () => [],
    entriesTodayBySymbol: new Map(),
    lastEntryAt: new Map(),
    recentSends: [],
    underlyingsInDoubt: new Set(),
    pausedSymbols: new Set(),
    haltedSymbols: new Set(),
    quoteOf: (symbol) => QUOTES.get(symbol) ?? null,
    theoryOf: () => null,
    sectorOf: () => 'Technology',
    coolingOf: () => null,
    leaveOf: () => null,
    freeShares: () => 0,
    ...change,
  };
}

/** With other quotes than the usual ones; null takes a quote away. */
export function bookWithQuotes(quotes: Readonly<Record<string, Quote | null>>, change: Partial<RiskBook> = {}): RiskBook {
  return book({ ...change, quoteOf: (symbol) => (symbol in quotes ? (quotes[symbol] ?? null) : (QUOTES.get(symbol) ?? null)) });
}

export function request(change: Partial<RiskRequest> = {}): RiskRequest {
  return {
    purpose: 'open',
    origin: 'strategy',
    strategyId: 'bull_put_spread',
    positionId: null,
    underlying: 'XYZ',
    legs: SPREAD,
    contracts: 1,
    netLimit: 1.2,
    maxLossPerUnit: null,
    deltaSharesPerUnit: 10,
    vegaDollarsPerUnit: -5,
    buyingPowerEffectPerUnit: cents(-38_000),
    strategyLimits: { maxPositions: 6, maxRiskFraction: 0.1 },
    secured: false,
    ...change,
  };
}

let counter = 0;

/** Something held elsewhere: one 95/90 put spread of another underlying. */
export function exposure(change: Partial<Exposure> = {}): Exposure {
  counter += 1;
  const underlying = change.underlying ?? 'ABC';
  return {
    positionId: `p${counter}`,
    strategyId: 'other',
    underlying,
    sector: 'Energy',
    legs: [option('put', 95, -1, EXPIRATION, underlying), option('put', 90, 1, EXPIRATION, underlying)],
    units: 1,
    maxLoss: cents(38_000),
    buyingPowerEffect: cents(-38_000),
    deltaShares: 0,
    vegaDollarsPerPoint: 0,
    source: 'position',
    expiration: EXPIRATION,
    ...change,
  };
}

/** Quotes for every leg of an exposure and its underlying, so that the stress grid can value it. */
export function quotedFor(exposures: readonly Exposure[]): Record<string, Quote> {
  const quotes: Record<string, Quote> = {};
  for (const held of exposures) {
    quotes[held.underlying] = quote(100, 0.02);
    for (const leg of held.legs)
      if (leg.kind === 'option') quotes[leg.contract.symbol] = quote(leg.contract.strike > 92 ? 2.1 : 0.88);
  }
  return quotes;
}

export function secondsAgo(seconds: number): Instant {
  return plusMs(NOW, -seconds * 1000);
}
