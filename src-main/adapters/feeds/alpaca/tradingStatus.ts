import { instant } from '#domain/units';
import type { TradingHalt } from '#ports/marketData';

/** A trading status as the SDK decodes it. */
export interface SdkStatus {
  readonly symbol?: string;
  readonly statusCode?: string;
  readonly statusMessage?: string;
  readonly reasonCode?: string;
  readonly reasonMessage?: string;
  readonly timestamp?: Date | undefined;
}

/**
 * Status codes of the two tapes. CTA (tapes A and B): 2 halt, 3 resume. UTP (tapes C and O): H halt, P volatility pause,
 * Q quotes are resumed while trading still stands, T trading is resumed.
 * Source: Alpaca, "Real-time Stock Data", trading status.
 */
const HALTS = new Set(['2', 'H', 'P', 'Q']);
const RESUMES = new Set(['3', 'T']);
/** No word about whether it is traded: imbalances, price indications, short-sale restriction, limit-up/limit-down state. */
const ASIDE = new Set(['5', '6', '7', '8', '9', 'A', 'C', 'D', 'E', 'F']);

/**
 * A halt or its end; null for what says neither. A code that is in no list is judged by its words: one that speaks of a halt or a
 * pause counts as one, since a halt that is missed costs more than one that is believed.
 */
export function haltOf(status: SdkStatus, heardAt: number): TradingHalt | null {
  const symbol = textIn(status.symbol);
  const statusCode = textIn(status.statusCode);
  const statusMessage = textIn(status.statusMessage);
  const at = status.timestamp?.getTime() ?? heardAt;
  if (symbol === '' || ASIDE.has(statusCode)) return null;
  const unlisted = !HALTS.has(statusCode) && !RESUMES.has(statusCode);
  const halted = HALTS.has(statusCode) || (unlisted && /halt|pause/i.test(statusMessage));
  if (unlisted && !halted) return null;
  return {
    underlying: symbol,
    halted,
    code: textIn(status.reasonCode) || statusCode,
    reason: textIn(status.reasonMessage) || statusMessage,
    at: instant(Number.isSafeInteger(at) ? at : heardAt),
  };
}

/** The SDK hands on whatever the frame held. */
function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
