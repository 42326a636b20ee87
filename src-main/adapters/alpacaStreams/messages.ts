import type { SymbolQuote, TradingHalt } from '#ports/marketData';
import type { AlpacaVenue } from '../brokers/alpaca/venue.ts';
import type { StreamSettings, StreamState } from './keptSocket.ts';

/** Which quotes a thread hears. */
export interface QuoteOrder {
  readonly optionFeed: string;
  readonly stockFeed: string;
  /** Symbols that the owner's data plan lets one connection hold. */
  readonly maxOptions: number;
  readonly maxStocks: number;
  /** Longest believable silence of one stream while something of it is wanted. */
  readonly silenceMs: number;
  /** When quotes must flow: in New York's sessions, or always (a simulated exchange with a time of its own). */
  readonly hours: 'sessions' | 'always';
}

/** Whose streams, and which. Sent to a thread when it starts; the key stays in memory. */
export interface StreamOrder {
  readonly keyId: string;
  readonly secret: string;
  readonly venue: AlpacaVenue;
  readonly settings: StreamSettings;
  readonly stream: { readonly kind: 'updates' } | ({ readonly kind: 'quotes' } & QuoteOrder);
}

/** What the engine's thread says to a stream's. */
export type ToStream =
  | { readonly kind: 'watch'; readonly symbols: readonly string[] }
  /** The connection is open but not believed: a new one. */
  | { readonly kind: 'renew'; readonly detail: string }
  | { readonly kind: 'stop' };

/** What a stream's thread says. `alive` comes whether or not the market does. */
export type FromStream =
  | { readonly kind: 'alive' }
  | { readonly kind: 'quotes'; readonly quotes: readonly SymbolQuote[] }
  | { readonly kind: 'halts'; readonly halts: readonly TradingHalt[] }
  | { readonly kind: 'update'; readonly data: unknown }
  | { readonly kind: 'state'; readonly state: StreamState; readonly detail: string };

/** Time between two signs of life of a thread. */
export const ALIVE_MS = 2_000;
