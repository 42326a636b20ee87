import { EmbeddedFeed } from '#adapters/feeds/embedded/embeddedFeed';
import { type Instant, plusMs } from '#domain/units';
import type { Exchange } from '#exchange/exchangeApi';
import type { ConnectionChange, Unsubscribe } from '#ports/broker';
import type { ChainAnswer, ChainRequest } from '#ports/marketData';
import type { LinkFaultDesk } from './linkFaultDesk.ts';

/** The embedded feed behind a bad line. */
export class AdverseFeed extends EmbeddedFeed {
  private readonly market: Exchange;
  private readonly faults: LinkFaultDesk;
  private readonly listeners = new Set<(change: ConnectionChange) => void>();
  private own: (() => void)[] = [];
  private downUntil: Instant | null = null;

  constructor(exchange: Exchange, faults: LinkFaultDesk) {
    super(exchange);
    this.market = exchange;
    this.faults = faults;
  }

  override take(): readonly (() => void)[] {
    const own = this.own;
    this.own = [];
    return [...own, ...super.take()];
  }

  override requestChains(request: ChainRequest): void {
    if (this.downUntil !== null || this.faults.strikes('chainsUnanswered')) return;
    super.requestChains(request);
  }

  override requestQuotes(symbols: readonly string[]): void {
    if (this.downUntil === null) super.requestQuotes(symbols);
  }

  override onChains(listener: (answer: ChainAnswer) => void): Unsubscribe {
    return super.onChains((answer) => {
      if (answer.chains.length < 2 || !this.faults.strikes('chainsMissing')) return listener(answer);
      const [first, ...others] = answer.chains;
      const fault = { code: 'timeout', message: 'no answer in time', retryable: true };
      listener({ ...answer, chains: others, missing: first ? [{ underlying: first.underlying, fault }] : [] });
    });
  }

  override onConnection(listener: (change: ConnectionChange) => void): Unsubscribe {
    this.listeners.add(listener);
    const forget = super.onConnection(listener);
    return () => {
      this.listeners.delete(listener);
      forget();
    };
  }

  /** At each step of the harness: the line may go down, or come back. */
  weather(): void {
    const now = this.market.now();
    if (this.downUntil !== null && now >= this.downUntil) this.clearUp();
    else if (this.downUntil === null && this.faults.strikes('dataDisconnected')) {
      this.downUntil = plusMs(now, 10_000 + this.faults.random.below(900_000));
      this.say('disconnected');
    }
  }

  clearUp(): void {
    if (this.downUntil === null) return;
    this.downUntil = null;
    this.say('connected');
  }

  private say(state: ConnectionChange['state']): void {
    const change: ConnectionChange = { channel: 'data', state, detail: 'battery', at: this.market.now() };
    this.own.push(() => {
      for (const listener of this.listeners) listener(change);
    });
  }
}
