import type { CatalogEntry, ConfiguredStrategy, Strategy } from '#ports/strategy';
import { bearCallSpread } from './bear_call_spread.strategy.ts';
import { bullPutSpread } from './bull_put_spread.strategy.ts';
import { cashSecuredPut } from './cash_secured_put.strategy.ts';
import { coveredCall } from './covered_call.strategy.ts';
import { ironCondor } from './iron_condor.strategy.ts';

/**
 * Every strategy, one line each. The list is written out so that it is the same under Node, Vite and Vitest; a test fails when a
 * `*.strategy.ts` file beside it is missing here.
 */
export const CATALOG: readonly CatalogEntry[] = [
  entryOf(bullPutSpread),
  entryOf(bearCallSpread),
  entryOf(ironCondor),
  entryOf(cashSecuredPut),
  entryOf(coveredCall),
];

/** Erases a strategy's settings type behind its own schema. */
function entryOf<Settings extends Record<string, unknown>>(strategy: Strategy<Settings>): CatalogEntry {
  const { id, title, summary, settings: schema, profiles } = strategy;
  return {
    id,
    title,
    summary,
    schema,
    profiles: {
      conservative: { ...profiles.conservative },
      moderate: { ...profiles.moderate },
      aggressive: { ...profiles.aggressive },
    },
    configure: (settings) => configured(strategy, schema.parse(settings)),
  };
}

function configured<Settings extends Record<string, unknown>>(
  strategy: Strategy<Settings>,
  settings: Settings,
): ConfiguredStrategy {
  return {
    id: strategy.id,
    parameters: { ...settings },
    window: strategy.window(settings),
    propose: (market) => strategy.propose(market, settings),
    around: (contract) => strategy.around(contract, settings),
    manage: (position, market) => strategy.manage(position, market, settings),
  };
}
