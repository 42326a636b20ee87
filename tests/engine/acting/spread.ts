import { occSymbol } from '#domain/market/instrument';
import { isoDate } from '#domain/units';
import type { CommandOutcome } from '#ports/commands';
import { type DeskOptions, EngineDesk } from '#support/engineDesk';

const EXPIRATION = isoDate('2026-04-17');
export const SHORT = occSymbol({ root: 'XYZ', expiration: EXPIRATION, right: 'put', strike: 95 });
export const LONG = occSymbol({ root: 'XYZ', expiration: EXPIRATION, right: 'put', strike: 90 });

/** XYZ at 100; its 95/90 put spread is worth 1.22 at mid (2.10 less 0.88). */
export function quietDesk(options: DeskOptions = {}): EngineDesk {
  const desk = new EngineDesk(options);
  desk.price('XYZ', 100).price(SHORT, 2.1).price(LONG, 0.88);
  return desk.start();
}

/** The owner's ticket: sell the 95/90 put spread for 1.20. */
export function sellSpread(desk: EngineDesk, contracts = 1, commandId?: string): CommandOutcome {
  return desk.command(
    {
      kind: 'openStructure',
      legs: [
        { symbol: SHORT, ratio: -1 },
        { symbol: LONG, ratio: 1 },
      ],
      contracts,
      netLimit: 1.2,
      note: '',
    },
    commandId,
  );
}

/** The same desk with the spread sold and filled at 1.20. */
export function holdingSpread(contracts = 1, options: DeskOptions = {}): EngineDesk {
  const desk = quietDesk(options);
  sellSpread(desk, contracts);
  desk.fills();
  return desk;
}

/** The only position; fails when there is another number of them. */
export function onlyPosition(desk: EngineDesk) {
  const positions = desk.engine.view().positions;
  const [first] = positions;
  if (!first || positions.length > 1) throw new Error(`${positions.length} positions are held`);
  return first.position;
}
