import { describe, expect, it } from 'vitest';
import type { ChainSnapshot, ExpirationSlice, SideColumns } from '#domain/market/chain';
import { lognormalDistribution } from '#domain/structures/probability';
import { cents } from '#domain/units';
import { createRefusalFold } from '#engine/ledger/fold';
import type { RiskBook } from '#engine/risk/book';
import { judge } from '#engine/risk/judge';
import { appraise } from '#engine/scanner/appraise';
import { contractGates } from '#engine/scanner/contractRules';
import { scanMarket, volatilityReadings } from '#engine/scanner/scan';
import type { ScanInput } from '#engine/scanner/scanInput';
import { createScanMemory } from '#engine/scanner/scanMemory';
import { engineSettings } from '#ports/settings/settings';
import { ACCOUNT } from '../risk/example.ts';
import { EMPTY_CAPACITY, EmbeddedMarket } from './embeddedMarket.ts';

function openMarket(seed = 7, minutes = 60): EmbeddedMarket {
  const market = new EmbeddedMarket(seed);
  market.open();
  market.walkTo(minutes);
  return market;
}

/** Nothing remembered: what this scan alone says. */
function fresh(input: ScanInput, change: Partial<ScanInput> = {}): ScanInput {
  let counter = 0;
  return {
    ...input,
    refusals: createRefusalFold(),
    memory: createScanMemory(),
    nextDecisionId: () => `d${++counter}`,
    ...change,
  };
}

function withSides(chain: ChainSnapshot, change: (side: SideColumns) => SideColumns): ChainSnapshot {
  const slices = chain.slices.map(
    (slice): ExpirationSlice => ({ ...slice, calls: change(slice.calls), puts: change(slice.puts) }),
  );
  return { ...chain, slices };
}

const reasonsOf = (input: ScanInput): Set<string> => new Set(scanMarket(input).decisions.flatMap((decision) => decision.reasons));

describe('expected value', () => {
  const market = openMarket();
  const input = market.scanInput();
  const { market: view } = scanMarket(fresh(input));
  const [condor] = input.strategies
    .filter(({ strategy }) => strategy.id === 'iron_condor')
    .flatMap(({ strategy }) => strategy.propose(view))
    .filter((proposal) => appraise(proposal, 0, input.settings.scanner).priced);

  it('of a structure that a time stop ends counts what it earns until then, and the whole of its costs', () => {
    if (!condor) throw new Error('no condor was proposed');
    const { scanner } = input.settings;
    const days = condor.expiration.daysToExpiration;
    const valueWith = (timeStopDays: number | null, change: Partial<typeof scanner> = {}): number =>
      appraise({ ...condor, exitPlan: { ...condor.exitPlan, timeStopDays } }, 0, {
        ...scanner,
        expectedValueUntil: 'timeStop',
        ...change,
      }).expectedValueCents;
    // Without a spread to pay only fees are left of the costs: 4 legs, both ways.
    const free = { expectedSlippageOfSpread: 0, expectedExitSlippageOfSpread: 0 };
    const edge = valueWith(null, free);
    const half = valueWith(days / 2, free);
    const none = valueWith(days - 1e-9, free);
    expect(none).toBeLessThan(0);
    expect(half).toBeCloseTo((edge + none) / 2, 6);
    // At or inside its stop it would be left at once: nothing is earned, the costs are paid.
    expect(valueWith(days, free)).toBeCloseTo(none, 4);
    expect(valueWith(days + 5, free)).toBe(valueWith(days, free));
    // Slippage is paid in full, however short the stay.
    const cost = edge - valueWith(null);
    expect(cost).toBeGreaterThan(0);
    expect(half - valueWith(days / 2)).toBeCloseTo(cost, 6);
    // Without the setting it counts as held to expiration, and is ranked by the time stop all the same.
    const plain = appraise({ ...condor, exitPlan: { ...condor.exitPlan, timeStopDays: days / 2 } }, 0, scanner);
    expect(plain.expectedValueCents).toBeCloseTo(valueWith(null), 6);
    expect(plain.expectedValueAtStopCents).toBeCloseTo(valueWith(days / 2), 6);
  });
});

describe('a scan of the embedded exchange', () => {
  const market = openMarket();
  const input = market.scanInput();
  const output = scanMarket(fresh(input));

  it('looks at all underlyings, proposes, and ranks at most five, one per underlying', () => {
    expect(output.counts.underlyings).toBe(19);
    expect(output.counts.contracts).toBeGreaterThan(5_000);
    expect(output.counts.proposals).toBeGreaterThan(60);
    expect(output.ranked.length).toBe(5);
    expect(new Set(output.ranked.map(({ decision }) => decision.underlying)).size).toBe(5);
    expect(output.ranked.map(({ decision }) => decision.rank)).toEqual([1, 2, 3, 4, 5]);
  });

  it('what is ranked keeps every filter of the settings, recomputed from the decision', () => {
    const { scanner } = input.settings;
    for (const { decision, riskRequest } of output.ranked) {
      const { metrics, gates } = decision;
      expect(gates.every((gate) => gate.passed)).toBe(true);
      expect(metrics.probabilityOfProfit).toBeGreaterThanOrEqual(scanner.minProbabilityOfProfit);
      expect(metrics.expectedValueCents).toBeGreaterThan(0);
      if (!riskRequest.secured) {
        expect(metrics.creditToRisk).toBeGreaterThanOrEqual(scanner.minCreditToRisk);
        expect(metrics.maxLossCents).toBeLessThanOrEqual(scanner.maxLossPerSpreadDollars * 100);
      }
      for (const leg of decision.legs.filter(({ right }) => right !== 'stock')) {
        expect(leg.openInterest).toBeGreaterThanOrEqual(scanner.minOpenInterest);
        expect(leg.ask - leg.bid).toBeLessThanOrEqual(scanner.maxSpreadDollars + 1e-9);
      }
    }
  });

  it('all legs of a decision come from its own snapshot', () => {
    for (const { decision } of output.ranked) {
      const chain = input.chains.find(({ underlying }) => underlying === decision.underlying);
      expect(decision.snapshotId).toBe(chain?.snapshotId);
      for (const leg of decision.legs.filter(({ right }) => right !== 'stock')) {
        const slice = chain?.slices.find(({ expiration }) => expiration === leg.expiration);
        const side = leg.right === 'call' ? slice?.calls : slice?.puts;
        const index = side?.symbols.indexOf(leg.symbol) ?? -1;
        expect([leg.bid, leg.ask]).toEqual([side?.bid[index], side?.ask[index]]);
      }
    }
  });

  it('the gate then lets the best candidate through on the same quotes', () => {
    const [best] = output.ranked;
    if (!best) throw new Error('nothing was ranked');
    const verdict = judge(best.riskRequest, bookOf(market), input.settings.risk, input.settings.scanner);
    expect(verdict.kind).not.toBe('refused');
    expect(['', 'notional']).toContain(verdict.reasons.join());
  });

  it('is the same twice, with or without a memory', () => {
    const { market: _first, ...again } = scanMarket(fresh(input));
    const { market: _second, ...once } = output;
    expect(JSON.stringify(again)).toBe(JSON.stringify(once));
    const warm = createScanMemory();
    scanMarket(fresh(input, { memory: warm }));
    const { market: _third, ...third } = scanMarket(fresh(input, { memory: warm }));
    expect(JSON.stringify(third)).toBe(JSON.stringify(once));
  });

  it('folds the same refusals the second time, and counts them all the same', () => {
    const refusals = createRefusalFold();
    const first = scanMarket(fresh(input, { refusals }));
    const second = scanMarket(fresh(input, { refusals }));
    expect(first.decisions.length).toBeGreaterThan(20);
    expect(second.decisions).toEqual([]);
    expect(second.funnel).toEqual(first.funnel);
  });

  it('measures the 30-day volatility of every underlying', () => {
    const readings = volatilityReadings(output.market);
    expect(readings.length).toBe(19);
    const spy = readings.find(({ underlying }) => underlying === 'SPY');
    expect(spy?.iv30).toBeGreaterThan(0.05);
    expect(spy?.iv30).toBeLessThan(0.6);
  });

  it('uses its own forecast, not the prices’ own law: the probabilities differ from the risk-neutral ones', () => {
    const view = output.market.underlyings.find(({ underlying }) => underlying === 'SPY');
    const expiration = view?.expirations.find(({ daysToExpiration }) => daysToExpiration >= 30);
    if (!view || !expiration) throw new Error('no SPY expiration');
    const index = expiration.slice.strikes.findIndex((strike) => strike >= view.spot * 0.96);
    const strike = expiration.slice.strikes[index] ?? 0;
    const riskNeutral = lognormalDistribution({
      forward: expiration.forward,
      years: expiration.years,
      volatility: expiration.puts.impliedVolatility[index] ?? 0,
    });
    expect(expiration.forecast.model).toContain('implied and realised, blended');
    expect(Math.abs(expiration.forecast.cdf(strike) - riskNeutral.cdf(strike))).toBeGreaterThan(0.01);
  });
});

function bookOf(market: EmbeddedMarket): RiskBook {
  const equity = cents(10_000_000);
  return {
    now: market.simulation.at,
    today: market.date,
    session: market.simulation.day.session,
    killState: 'ACTIVE',
    entriesBlockedBy: [],
    live: null,
    account: ACCOUNT,
    snapshotAt: market.simulation.at,
    equity,
    dayStartEquity: equity,
    weekStartEquity: equity,
    peakEquity: equity,
    exposures: [],
    ordersToday: 0,
    ordersLastMinute: 0,
    entriesTodayBySymbol: new Map(),
    lastEntryAt: new Map(),
    ordersLastSecond: 0,
    roundTripsToday: new Map(),
    dayTrades: 0,
    lastLossAt: new Map(),
    closingSides: new Map(),
    earningsOf: () => [],
    recentSends: [],
    underlyingsInDoubt: new Set(),
    pausedSymbols: new Set(),
    haltedSymbols: new Set(),
    quoteOf: (symbol) => market.desk.quoteOf(symbol),
    sectorOf: () => 'any',
    coolingOf: () => null,
    leaveOf: () => null,
    freeShares: () => 0,
    theoryOf: () => null,
  };
}

describe('the owner’s own limits of a strategy', () => {
  const market = openMarket();
  const scanWith = (strategyId: string, parameters: Record<string, number>) => {
    const settings = engineSettings.parse({ strategies: { [strategyId]: { parameters } } });
    const input = market.scanInput(settings);
    const alone = input.strategies.filter(({ strategy }) => strategy.id === strategyId);
    return scanMarket(fresh(input, { strategies: alone }));
  };

  it('a put spread moved to 7-21 days with its time stop left at 21 is never entered, and says so in days', () => {
    const weeklies = { dteMin: 7, dteMax: 21, dteTarget: 14, ivRankMin: 0 };
    const stopped = scanWith('bull_put_spread', { ...weeklies, timeStopDays: 21 });
    expect(stopped.counts.proposals).toBeGreaterThan(10);
    expect(stopped.ranked).toEqual([]);
    expect(stopped.funnel['timeStop']).toBe(stopped.counts.proposals);
    const gate = stopped.decisions.flatMap(({ gates }) => gates).find((found) => found.gate === 'timeStop');
    expect(gate).toMatchObject({ passed: false, limit: 21, unit: 'days' });
    expect(gate?.value).toBeLessThanOrEqual(21);
    // With a stop below its window, or none, it is entered.
    expect(scanWith('bull_put_spread', { ...weeklies, timeStopDays: 3 }).funnel['timeStop']).toBeUndefined();
    expect(scanWith('bull_put_spread', { ...weeklies, timeStopDays: 0 }).funnel['timeStop']).toBeUndefined();
  });

  it.each(['iron_condor', 'bull_put_spread', 'bear_call_spread'])('%s: no side is wider than its greatest width', (id) => {
    const narrow = scanWith(id, { maxWidthDollars: 0.5, ivRankMin: 0 });
    expect(narrow.counts.proposals).toBeGreaterThan(10);
    expect(narrow.ranked).toEqual([]);
    const wide = narrow.decisions.flatMap(({ gates }) => gates).find((found) => found.gate === 'maxWidth' && !found.passed);
    expect(wide).toMatchObject({ limit: 0.5, unit: 'dollars' });
    expect(wide?.value).toBeGreaterThan(0.5);
    const usual = scanWith(id, { maxWidthDollars: 5, ivRankMin: 0 });
    for (const { decision } of usual.ranked) expect(decision.parameters['width']).toBeLessThanOrEqual(5);
    expect(usual.decisions.some(({ gates }) => gates.some((found) => found.gate === 'maxWidth' && found.passed))).toBe(true);
  });
});

describe('bad quotes', () => {
  const input = openMarket().scanInput();
  const spoiled = (change: (side: SideColumns) => SideColumns) =>
    fresh(input, { chains: input.chains.map((chain) => withSides(chain, change)) });
  const filled = (side: SideColumns, value: number) => new Float64Array(side.bid.length).fill(value);

  it('crossed: nothing is ranked and the package says why', () => {
    const crossed = spoiled((side) => ({ ...side, defect: new Uint8Array(side.defect.length).fill(3) }));
    expect(scanMarket(crossed).ranked).toEqual([]);
    expect(scanMarket(crossed).funnel['legQuote'] ?? 0).toBeGreaterThan(1_000);
  });

  it('not a number: nothing is ranked, nothing throws', () => {
    const broken = spoiled((side) => ({
      ...side,
      bid: filled(side, Number.NaN),
      ask: filled(side, Number.NaN),
      defect: new Uint8Array(side.defect.length).fill(2),
    }));
    expect(scanMarket(broken).ranked).toEqual([]);
  });

  it('11 seconds old: refused for its age; 10 seconds: not', () => {
    const aged = (seconds: number) => spoiled((side) => ({ ...side, quoteAt: filled(side, input.now - seconds * 1000) }));
    expect(reasonsOf(aged(11))).toContain('quoteAge');
    expect(scanMarket(aged(11)).ranked).toEqual([]);
    expect(scanMarket(aged(10)).ranked.length).toBe(5);
  });

  it('a quote from the future is as bad as an old one', () => {
    expect(scanMarket(spoiled((side) => ({ ...side, quoteAt: filled(side, input.now + 11_000) }))).ranked).toEqual([]);
  });

  it('no interest, no volume: refused for that', () => {
    expect(reasonsOf(spoiled((side) => ({ ...side, openInterest: filled(side, 99) })))).toContain('openInterest');
    expect(reasonsOf(spoiled((side) => ({ ...side, volume: filled(side, 4) })))).toContain('volume');
    expect(reasonsOf(spoiled((side) => ({ ...side, openInterest: filled(side, Number.NaN) })))).toContain('openInterest');
  });

  it('one bad leg fails the whole package', () => {
    const [best] = scanMarket(fresh(input)).ranked.filter(({ decision }) => decision.legs.length > 1);
    const victim = best?.decision.legs.find(({ right }) => right !== 'stock')?.symbol ?? '';
    const after = scanMarket(
      spoiled((side) => {
        const index = side.symbols.indexOf(victim);
        const defect = Uint8Array.from(side.defect);
        if (index >= 0) defect[index] = 1;
        return { ...side, defect };
      }),
    );
    expect(after.ranked.some(({ decision }) => decision.legs.some(({ symbol }) => symbol === victim))).toBe(false);
  });

  it('without a bid: its strike takes the volatility of the other side, and has none where that is unsound too', () => {
    const bare = (bid: Float64Array, defect: Uint8Array, index: number) => {
      bid[index] = 0;
      defect[index] = 4;
    };
    const chains = input.chains.map((chain) => ({
      ...chain,
      slices: chain.slices.map((slice) => {
        const change = (side: SideColumns) => ({ ...side, bid: side.bid.slice(), defect: side.defect.slice() });
        return { ...slice, calls: change(slice.calls), puts: change(slice.puts) };
      }),
    }));
    const before = scanMarket(fresh(input)).market.underlyings.find(({ underlying }) => underlying === 'SPY');
    const month = before?.expirations.find(({ daysToExpiration }) => daysToExpiration >= 30);
    if (!before || !month) throw new Error('no SPY expiration');
    const own = (strike: number) => month.puts.impliedVolatility[month.slice.strikes.indexOf(strike)] ?? 0;
    const below = [...month.slice.strikes].filter((strike) => strike < month.forward && own(strike) > 0);
    const [bidless, barren] = [below.at(-3) ?? 0, below.at(-4) ?? 0];
    for (const chain of chains) {
      for (const { strikes, calls, puts, expiration } of chain.slices) {
        if (chain.underlying !== 'SPY' || expiration !== month.slice.expiration) continue;
        bare(puts.bid, puts.defect, strikes.indexOf(bidless));
        bare(puts.bid, puts.defect, strikes.indexOf(barren));
        calls.defect[strikes.indexOf(barren)] = 3;
      }
    }
    const after = scanMarket(fresh(input, { chains }))
      .market.underlyings.find(({ underlying }) => underlying === 'SPY')
      ?.expirations.find(({ slice }) => slice.expiration === month.slice.expiration);
    if (!after) throw new Error('the expiration is gone');
    const at = (strike: number) => after.slice.strikes.indexOf(strike);
    // Half its ask would imply far less: the in-the-money call knows better, to within its spread.
    expect(Math.abs((after.puts.impliedVolatility[at(bidless)] ?? 0) - own(bidless))).toBeLessThan(0.03);
    expect(after.puts.usable[at(bidless)]).toBe(0);
    expect(after.calls.usable[at(bidless)]).toBe(1);
    expect(after.puts.impliedVolatility[at(barren)]).toBeNaN();
    expect(after.puts.delta[at(barren)]).toBeNaN();
    expect(contractGates(after.slice.puts, at(barren), input.now, input.settings.scanner)[0]).toMatchObject({
      gate: 'legQuote',
      passed: false,
      note: expect.stringContaining('zeroBid'),
    });
  });

  it('an underlying without a fresh quote of its own is left out and counted', () => {
    const [first, ...rest] = input.chains;
    if (!first) throw new Error('no chain');
    const stale = { ...first, spot: { ...first.spot, at: (input.now - 11_000) as typeof input.now } };
    const output = scanMarket(fresh(input, { chains: [stale, ...rest] }));
    expect(output.counts.underlyings).toBe(18);
    expect(output.funnel['spotQuoteAge']).toBe(1);
  });
});

describe('cheap rules first', () => {
  const input = openMarket().scanInput();
  const withCapacity = (capacity: Partial<typeof EMPTY_CAPACITY>) =>
    scanMarket(fresh(input, { capacity: { ...EMPTY_CAPACITY, ...capacity } }));

  it('a full book asks no strategy', () => {
    const full = withCapacity({ positions: 20 });
    expect(full.counts.proposals).toBe(0);
    expect(full.funnel).toEqual({ positions: 19 });
    expect(withCapacity({ positions: 19 }).counts.proposals).toBeGreaterThan(0);
  });

  it('blocked entries ask no strategy', () => {
    expect(withCapacity({ entriesBlockedBy: ['killSwitch'] }).funnel).toEqual({ entriesBlocked: 19 });
  });

  it('a paused symbol, a full sector and a held underlying are left out and counted', () => {
    const some = withCapacity({
      pausedSymbols: new Set(['SPY']),
      bySector: new Map([['Technology', 5]]),
      heldByStrategy: new Set(['iron_condor:XOM']),
    });
    expect(some.funnel['symbolPaused']).toBe(1);
    expect(some.funnel['sectorPositions']).toBeGreaterThanOrEqual(3);
    expect(some.funnel['alreadyHeld']).toBe(1);
    const settings = engineSettings.parse({ scanner: { repeatInSameSymbol: true } });
    const again = scanMarket(
      fresh(input, { settings, capacity: { ...EMPTY_CAPACITY, heldByStrategy: new Set(['iron_condor:XOM']) } }),
    );
    expect(again.funnel['alreadyHeld']).toBeUndefined();
    expect(some.ranked.some(({ decision }) => decision.underlying === 'SPY')).toBe(false);
  });

  it('before five minutes past the open and after ten to four nobody is asked', () => {
    const at = (minutes: number) => {
      const market = openMarket(7, minutes);
      return scanMarket(fresh(market.scanInput())).funnel;
    };
    expect(at(4)).toMatchObject({ firstMinutes: 19 });
    expect(at(5)).not.toHaveProperty('firstMinutes');
    expect(at(380)).not.toHaveProperty('lastMinutes');
    expect(at(381)).toMatchObject({ lastMinutes: 19 });
  });

  it('what does not fit into the buying power left gives its place to what does', () => {
    const room = (buyingPowerRoomCents: number | null) => withCapacity({ buyingPowerRoomCents });
    expect(room(null).ranked).toEqual([]);
    expect(room(0).funnel['buyingPowerRoom']).toBeGreaterThan(10);
    const small = room(50_000);
    expect(small.ranked.length).toBe(5);
    expect(small.ranked.every(({ decision }) => decision.metrics.buyingPowerEffectCents >= -50_000)).toBe(true);
  });

  it('unknown equity lets no secured structure pass', () => {
    const unknown = withCapacity({ equityCents: null });
    expect(unknown.ranked.some(({ riskRequest }) => riskRequest.secured)).toBe(false);
  });

  it('earnings tomorrow keep every strategy out, in two days not', () => {
    const earnings = (date: string) =>
      new Map(
        [...input.histories].map(([symbol, history]) => [
          symbol,
          { ...history, earnings: [{ underlying: symbol, date: date as typeof input.today, timing: 'afterClose' as const }] },
        ]),
      );
    expect(scanMarket(fresh(input, { histories: earnings('2026-01-06') })).funnel['earnings']).toBe(19);
    expect(scanMarket(fresh(input, { histories: earnings('2026-01-07') })).funnel['earnings']).toBeUndefined();
  });
});

describe('tuning', () => {
  it('within a month on the embedded exchange each of the five strategies is ranked under the stated filters', () => {
    const market = new EmbeddedMarket(7);
    market.open();
    const seen = new Map<string, number>();
    for (let day = 0; day < 20; day++) {
      for (const minutes of [30, 120, 210, 300]) {
        market.walkTo(minutes);
        for (const { decision } of scanMarket(market.scanInput()).ranked)
          seen.set(decision.strategyId, (seen.get(decision.strategyId) ?? 0) + 1);
      }
      market.nextDay();
    }
    expect([...seen.keys()].sort()).toEqual([
      'bear_call_spread',
      'bull_put_spread',
      'cash_secured_put',
      'covered_call',
      'iron_condor',
    ]);
    const { scanner } = engineSettings.parse({});
    expect([scanner.minProbabilityOfProfit, scanner.minCreditToRisk, scanner.maxLossPerSpreadDollars]).toEqual([0.65, 0.33, 500]);
  });
});

describe('a forecast that believes a part of the skew', () => {
  const market = openMarket();
  const input = market.scanInput();
  const scanner = { ...input.settings.scanner, forecastSkewShare: 0.5 };
  const { market: plain } = scanMarket(fresh(input));
  const { market: skewed } = scanMarket(fresh(input, { settings: { ...input.settings, scanner } }));
  const spy = (view: typeof plain) => {
    const found = view.underlyings.find(({ underlying }) => underlying === 'SPY');
    const expiration = found?.expirations.find(({ daysToExpiration }) => daysToExpiration >= 30);
    if (!found || !expiration) throw new Error('SPY has no month');
    return {
      spot: found.spot,
      forecast: expiration.forecast,
      years: expiration.years,
      volatility: expiration.forecastVolatility,
    };
  };

  it('expects small rises of an index more often, and large falls too; its mean stays', () => {
    const without = spy(plain);
    const { forecast, spot, years, volatility } = spy(skewed);
    const deviation = volatility * Math.sqrt(years);
    expect(forecast.model).toContain('skewed lognormal');
    expect(without.forecast.model).not.toContain('skewed');
    expect(1 - forecast.cdf(spot * Math.exp(0.5 * deviation))).toBeGreaterThan(
      1 - without.forecast.cdf(spot * Math.exp(0.5 * deviation)),
    );
    expect(forecast.cdf(spot * Math.exp(-2 * deviation))).toBeGreaterThan(without.forecast.cdf(spot * Math.exp(-2 * deviation)));
    expect(forecast.partialExpectation(Number.POSITIVE_INFINITY)).toBeCloseTo(
      without.forecast.partialExpectation(Number.POSITIVE_INFINITY),
      6,
    );
  });
});
