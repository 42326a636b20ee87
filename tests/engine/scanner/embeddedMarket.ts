import { nextTradingDay, sessionOn } from '#domain/market/calendar';
import { sectorOf } from '#domain/market/sectors';
import { type IsoDate, instant, isoDate } from '#domain/units';
import { createRefusalFold } from '#engine/ledger/fold';
import { configuredStrategies } from '#engine/scanner/configured';
import type { Capacity, ScanInput } from '#engine/scanner/scanInput';
import { createScanMemory } from '#engine/scanner/scanMemory';
import { FaultDesk } from '#exchange/faults';
import { Halts } from '#exchange/market/halts';
import { MarketView } from '#exchange/market/marketView';
import { MarketSimulation } from '#exchange/market/simulation';
import { marketSettings } from '#exchange/settings';
import { type EngineSettings, engineSettings } from '#ports/settings/settings';
import { CATALOG } from '#strategies/catalog';

/** Nothing held, nothing blocked, 100,000 dollars. */
export const EMPTY_CAPACITY: Capacity = {
  positions: 0,
  bySector: new Map(),
  bySymbol: new Map(),
  byStrategy: new Map(),
  entriesTodayBySymbol: new Map(),
  lastEntryAt: new Map(),
  heldByStrategy: new Set(),
  portfolioDeltaShares: 0,
  portfolioVegaDollars: 0,
  equityCents: 10_000_000,
  pausedSymbols: new Set(),
  underlyingsInDoubt: new Set(),
  haltedSymbols: new Set(),
  entriesBlockedBy: [],
};

/** The embedded exchange's market alone, moved by hand in coarse ticks: what the scanner looks at. */
export class EmbeddedMarket {
  readonly simulation: MarketSimulation;
  readonly desk: MarketView;
  date: IsoDate;
  private scans = 0;
  private decisions = 0;
  readonly memory = createScanMemory();
  readonly refusals = createRefusalFold();

  constructor(seed: number, start = '2026-01-05', tickSeconds = 30) {
    this.date = isoDate(start);
    this.simulation = new MarketSimulation(seed, this.date, marketSettings.parse({ tickSeconds }));
    const faults = new FaultDesk(seed, []);
    this.desk = new MarketView(this.simulation, faults, new Halts(this.simulation, faults), () => this.simulation.at);
  }

  /** Opens the day; `nextDay` goes on to the next one. */
  open(): void {
    this.simulation.beginSession(this.date);
  }

  nextDay(): void {
    this.simulation.endSession();
    this.date = nextTradingDay(this.date);
    this.simulation.beginSession(this.date);
  }

  /** Walks to minutes after the open. */
  walkTo(minutes: number): void {
    const session = sessionOn(this.date);
    if (!session) throw new Error(`no session on ${this.date}`);
    const until = session.open + minutes * 60_000;
    const step = this.simulation.settings.tickSeconds * 1000;
    for (let at = this.simulation.at + step; at <= until; at += step) this.simulation.tick(instant(at));
  }

  scanInput(settings: EngineSettings = engineSettings.parse({}), capacity: Capacity = EMPTY_CAPACITY): ScanInput {
    const strategies = configuredStrategies(CATALOG, settings);
    const from = Math.min(...strategies.map(({ strategy }) => strategy.window.minDaysToExpiration));
    const to = Math.max(...strategies.map(({ strategy }) => strategy.window.maxDaysToExpiration));
    const strikesWithin = Math.max(...strategies.map(({ strategy }) => strategy.window.strikesWithin));
    const window = { minDaysToExpiration: from, maxDaysToExpiration: to, strikesWithin };
    const chains = settings.universe.flatMap((symbol) => this.desk.chainSnapshot(symbol, window) ?? []);
    const histories = new Map(
      settings.universe.flatMap((symbol) => {
        const history = this.desk.historyOf(symbol, 270);
        return history ? [[symbol, history] as const] : [];
      }),
    );
    this.scans += 1;
    return {
      now: this.simulation.at,
      today: this.date,
      scanId: this.scans,
      chains,
      histories,
      ivHistories: new Map(
        settings.universe.map((symbol) => [symbol, this.desk.impliedVolatilityHistory(symbol, 252).map((day) => day.volatility)]),
      ),
      settings,
      strategies,
      capacity,
      freeShares: new Map(),
      sectorOf,
      nextDecisionId: () => `d${++this.decisions}`,
      refusals: this.refusals,
      memory: this.memory,
    };
  }
}
