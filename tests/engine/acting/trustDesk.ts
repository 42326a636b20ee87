import type { EngineDesk } from '#support/engineDesk';
import { QUIET_STRATEGY } from '#support/quietStrategy';
import { onlyPosition, quietDesk, sellSpread } from './spread.ts';

type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A desk whose own tickets count as the trades of one strategy, so that a story can close as many as it needs. */
export function trustDesk(settings: Sections = {}): EngineDesk {
  return quietDesk({
    catalog: [{ ...QUIET_STRATEGY, id: 'manual' }],
    settings: {
      ...settings,
      risk: {
        maxRoundTripsPerSymbolPerDay: 100,
        maxOrdersPerSecond: 100,
        duplicateWindowSeconds: 0,
        maxEntriesPerSymbolPerDay: 100,
        maxOrdersPerDay: 10_000,
        maxOrdersPerMinute: 1_000,
      },
      protection: { slippageOutlierDollars: 100, slippageStopDollars: 1_000, stopCooldownMinutes: 0, ...settings['protection'] },
    },
  });
}

/** One spread sold for 1.20 and bought back so that it made so many dollars before fees. */
export function closedTrade(desk: EngineDesk, dollars: number): void {
  const sold = sellSpread(desk);
  if (sold.kind === 'refused') throw new Error(sold.reasons.map(({ gate }) => gate).join(', '));
  desk.fills(desk.only(), 1, 1.2);
  const { positionId } = onlyPosition(desk);
  const closing = desk.command({ kind: 'closePosition', positionId, contracts: null, netLimit: null });
  if (closing.kind === 'refused') throw new Error(closing.message);
  desk.fills(desk.only(), 1, Math.round(dollars - 120) / 100);
}
