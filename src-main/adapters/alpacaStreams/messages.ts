import type { SymbolQuote } from '#ports/marketData';
import type { AlpacaVenue } from '../brokers/alpaca/venue.ts';

/** Whose streams, and which. Sent to a thread when it starts; the key stays in memory. */
export interface StreamOrder {
  readonly keyId: string;
  readonly secret: string;
  readonly venue: AlpacaVenue;
  /** Authentication must be done within this time, else the connection is given up and tried again. */
  readonly authenticationMs: number;
  /** Wait before a try after the connection limit or a missed deadline. */
  readonly slowRetryMs: number;
  readonly stream:
    | { readonly kind: 'updates' }
    | { readonly kind: 'quotes'; readonly optionFeed: string; readonly stockFeed: string; readonly maxOptions: number };
}

/** What the engine's thread says to a stream's. */
export type ToStream = { readonly kind: 'watch'; readonly symbols: readonly string[] } | { readonly kind: 'stop' };

/** What a stream's thread says. `alive` comes whether or not the market does. */
export type FromStream =
  | { readonly kind: 'alive' }
  | { readonly kind: 'quotes'; readonly quotes: readonly SymbolQuote[] }
  | { readonly kind: 'update'; readonly data: unknown }
  | { readonly kind: 'state'; readonly state: 'connected' | 'disconnected' | 'stale'; readonly detail: string };

/** Time between two signs of life of a thread. */
export const ALIVE_MS = 2_000;
