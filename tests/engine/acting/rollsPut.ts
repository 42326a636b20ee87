import { EngineDesk } from '#support/engineDesk';
import { pricedByModel } from '#support/putChain';
import { QUIET_STRATEGY } from '#support/quietStrategy';
import { onlyPosition, SHORT } from './spread.ts';

/**
 * A 95 put sold against cash with XYZ at 100 by a strategy of the catalogue, whose short delta has passed 0.40 by now: the close
 * of its roll is at the broker.
 */
export function rollsPut(
  mode: 'auto' | 'approve' | 'observe',
  block: Readonly<Record<string, unknown>> = {},
  trust: Readonly<Record<string, unknown>> = {},
  contracts = 1,
): EngineDesk {
  const desk = new EngineDesk({
    catalog: [{ ...QUIET_STRATEGY, id: 'manual' }],
    settings: { strategies: { manual: { mode, ...block } }, trust },
  });
  pricedByModel(desk, 100);
  desk.start().pass(31);
  const quote = desk.quotes.get(SHORT);
  const netLimit = Math.round((((quote?.bid ?? 0) + (quote?.ask ?? 0)) / 2) * 100) / 100;
  const sent = desk.command({
    kind: 'openStructure',
    legs: [{ symbol: SHORT, ratio: -1 }],
    contracts,
    netLimit,
    note: '',
  });
  if (sent.kind !== 'done') throw new Error(JSON.stringify(sent.reasons));
  desk.fills();
  const { positionId, exitPlan } = onlyPosition(desk);
  const roll = { whenShortDeltaAbove: 0.4, atDaysToExpiration: 0, minCredit: 0.05, maxRolls: 2 };
  desk.command({ kind: 'setExitPlan', positionId, exitPlan: { ...exitPlan, roll } });
  pricedByModel(desk, 95.5);
  for (let n = 0; n < 30 && desk.factsOf('ExitTriggered').length === 0; n += 1) desk.pass(10);
  return desk;
}
