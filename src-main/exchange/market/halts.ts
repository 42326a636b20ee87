import type { Instant } from '#domain/units';
import type { FaultDesk } from '../faults.ts';
import type { MarketSimulation } from './simulation.ts';
import type { ListedSeries } from './underlying.ts';

/** A pause after a limit-up or limit-down state lasts five minutes. */
const HALT_MS = 300_000;

/** What an underlying's market showed when its trading was halted. */
export interface HaltedMarket {
  readonly at: Instant;
  readonly price: number;
  /** Total implied variance of each listed series. */
  readonly variances: ReadonlyMap<ListedSeries, number>;
}

/**
 * Trading halts, as the fault script has them, five minutes at a time. The price goes on being made underneath, as the news does in a real halt: nobody
 * sees it before trading resumes, and then it may be somewhere else.
 */
export class Halts {
  private readonly market: MarketSimulation;
  private readonly faults: FaultDesk;
  private readonly standing = new Map<number, HaltedMarket>();

  constructor(market: MarketSimulation, faults: FaultDesk) {
    this.market = market;
    this.faults = faults;
  }

  /** Takes down what stands still from now on, and lets go what trades again. Called after every step of the market and change of the script. */
  look(): void {
    if (!this.faults.has('halt')) return this.standing.clear();
    const { market, faults } = this;
    for (const state of market.states) {
      const { symbol } = state.spec;
      const pause = Math.floor(market.at / HALT_MS);
      const isHalted = market.inSession && faults.matching('halt', symbol, pause, market.at) !== null;
      if (!isHalted) this.standing.delete(state.index);
      else if (!this.standing.has(state.index)) {
        faults.lasting('halt', symbol, market.at);
        this.standing.set(state.index, {
          at: market.at,
          price: market.dynamics.prices[state.index] ?? 0,
          variances: new Map(state.listed.map((listed) => [listed, market.impliedVariance(state.index, listed)])),
        });
      }
    }
  }

  /** What is shown of a halted underlying (by its index); null while it trades. */
  of(index: number): HaltedMarket | null {
    return this.standing.get(index) ?? null;
  }

  /** What is halted now, in the order of listing. */
  underlyings(): readonly string[] {
    if (this.standing.size === 0) return [];
    return this.market.states.filter(({ index }) => this.standing.has(index)).map(({ spec }) => spec.symbol);
  }

  isHalted(underlying: string): boolean {
    const index = this.market.indexOf.get(underlying);
    return index !== undefined && this.standing.has(index);
  }
}
