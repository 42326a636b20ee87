import type { GateResult } from '#domain/decisions/decision';
import { multiplierOf } from '#domain/structures/anatomy';
import type { Price } from '#domain/units';
import type { Stage } from '../execution/workSpec.ts';

/** Shares that one price per unit of a position is told for, as its mark tells it. */
const SHARES_PER_UNIT = 100;

/**
 * Whether a price per unit of a position is the limit of its closing order, too: one order, which counts by the same unit. What
 * is closed in steps (shares and options; legs that the broker does not take together) has no order with the price of the whole.
 */
export function takesOwnLimit(stages: readonly Stage[], units: number): boolean {
  const [only, ...later] = stages;
  if (!only || later.length > 0) return false;
  // Shares have the price of one, by whatever unit they are counted.
  if (only.assetClass === 'stock') return true;
  return Math.abs(only.contracts * multiplierOf(only.legs) - units * SHARES_PER_UNIT) < 1e-6;
}

/** Why the owner's limit is not taken; null when it is, or when he gave none. */
export function refusedLimit(netLimit: Price | null | undefined, stages: readonly Stage[], units: number): GateResult | null {
  if (netLimit === null || netLimit === undefined || takesOwnLimit(stages, units)) return null;
  return { gate: 'ownLimit', passed: false, value: netLimit, limit: null, unit: 'dollars', note: IN_STEPS };
}

const IN_STEPS = 'this position is closed in steps, no order has the price of the whole: close it without a limit of your own';
