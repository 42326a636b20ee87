import type { Quote } from '#domain/market/chain';
import type { Cents, Instant } from '#domain/units';
import type { Exchange } from '#exchange/exchangeApi';
import type { SnapshotAnswer } from '#ports/broker';
import type { Outcome } from '#ports/engine';

/** An account that reached the engine. */
export interface AccountLook {
  readonly at: Instant;
  /** False of one that was some seconds old. */
  readonly fresh: boolean;
  /** Null where the account did not tell it. */
  readonly optionsBuyingPower: Cents | null;
}

/** What everything held could be looked at for, as the feed showed it at that moment. */
export interface HeldQuotes {
  readonly at: Instant;
  readonly quotes: ReadonlyMap<string, Quote>;
}

/** Something that the owner was told. */
export type Told = Extract<Outcome, { kind: 'notify' }>['notification'] & { readonly at: Instant };

/** What the harness notes while a session goes on, by looking alone: the session is the same whether it is there or not. */
export class Watch {
  readonly looks: AccountLook[] = [];
  readonly held: HeldQuotes[] = [];
  readonly told: Told[] = [];
  /** Where in a view of the engine a secret stood. */
  readonly shown: string[] = [];
  private readonly exchange: Exchange;
  private readonly secret: string;

  constructor(exchange: Exchange, secret: string) {
    this.exchange = exchange;
    this.secret = secret;
  }

  noteLook(answer: SnapshotAnswer, fresh: boolean): void {
    if (answer.kind !== 'snapshot') return;
    const { optionsBuyingPower } = answer.snapshot.account;
    this.looks.push({ at: this.exchange.now(), fresh, optionsBuyingPower });
  }

  noteTold(notification: Omit<Told, 'at'>): void {
    this.told.push({ ...notification, at: this.exchange.now() });
  }

  noteQuotes(): void {
    const { market, desk } = this.exchange;
    const symbols = new Set(desk.positions().flatMap(({ symbol, underlying }) => [symbol, underlying]));
    if (symbols.size === 0) return;
    const quotes = new Map<string, Quote>();
    for (const symbol of symbols) {
      const quote = market.quoteOf(symbol);
      if (quote) quotes.set(symbol, quote);
    }
    this.held.push({ at: this.exchange.now(), quotes });
  }

  /** Looks for the secret in everything that a window could be shown, but the market, which holds no words. */
  noteView(view: Readonly<Record<string, unknown>>): void {
    const { market: _, ...shown } = view;
    const seen = new Set<object>();
    const search = (value: unknown, place: string): void => {
      if (typeof value === 'string' && value.includes(this.secret)) this.shown.push(place);
      if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return;
      seen.add(value);
      if (value instanceof Map) for (const [key, each] of value) search(each, `${place}.${String(key)}`);
      else if (value instanceof Set) for (const each of value) search(each, place);
      else for (const [key, each] of Object.entries(value)) search(each, `${place}.${key}`);
    };
    search(shown, 'view');
  }
}
