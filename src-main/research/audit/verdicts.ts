import type { GateResult } from '#domain/decisions/decision';
import type { JournalRow } from '#ports/journal';
import type { Finding } from './brokerTruth.ts';

/** Gates whose value must reach the limit; written down here anew, so that the engine's own comparison is not taken for granted. */
const AT_LEAST = new Set([
  'optionsLevel',
  'daysBetweenEntries',
  'duplicate',
  'worstPrice',
  'firstMinutes',
  'lastMinutes',
  'expired',
  'expiryDay',
]);
/** Losses: reaching the limit is the breach. */
const BELOW = new Set(['dailyLoss', 'dailyLossDollars', 'weeklyLoss', 'drawdown', 'roundTrips', 'dayTrades']);
/** The limit itself is still too near. */
const ABOVE = new Set(['earnings', 'bidToSell', 'washSale']);
/** Comparisons with what was before; where nothing was, there is nothing to compare. */
const WITH_BEFORE = new Set(['duplicate', 'lastOrders', 'theory', 'washSale']);

/** Every verdict on record must follow from its own numbers: a gate that is said to have passed is compared again. */
export function unfoundedVerdicts(rows: readonly JournalRow[]): readonly Finding[] {
  return rows.flatMap(({ fact }) => {
    if (fact.kind !== 'OrderIntended') return [];
    return fact.gates.flatMap((gate) =>
      gate.passed === passes(gate) || isTaxNote(gate)
        ? []
        : [
            {
              kind: 'unintendedOrder' as const,
              detail: `${fact.request.intentId}-${fact.request.attempt}: ${gate.gate} is said to ${gate.passed ? 'pass' : 'fail'} with ${gate.value} against ${gate.limit} ${gate.unit}`,
            },
          ],
    );
  });
}

/** Within the thirty days a wash sale is told; whether it also refuses is the owner's setting. */
function isTaxNote({ gate, note }: GateResult): boolean {
  return gate === 'washSale' && note !== undefined;
}

function passes({ gate, value, limit, unit }: GateResult): boolean {
  if (WITH_BEFORE.has(gate) && value === null) return true;
  if (value === null || limit === null) return false;
  if (unit === 'yes/no') return value === 1;
  if (AT_LEAST.has(gate)) return value >= limit;
  if (ABOVE.has(gate)) return value > limit;
  return BELOW.has(gate) ? value < limit : value <= limit;
}
