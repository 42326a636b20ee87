import type { CampaignView, PositionView } from '#contract/positions';
import type { Trade } from '#domain/portfolio/position';
import { cents } from '#domain/units';
import type { Desk } from './desk.ts';

type Closed = Pick<Trade, 'positionId' | 'campaignId'> & { readonly outcome: Pick<Trade['outcome'], 'pnl'> };
type ClosedByCampaign = ReadonlyMap<string, readonly Closed[]>;

const ALL = 1_000_000;
const read = new WeakMap<Desk, { readonly closings: number; readonly trades: ClosedByCampaign }>();

/** Closed trades by campaign; the journal is read anew only after a position was closed. */
export function closedIn(desk: Desk): ClosedByCampaign {
  const closings = desk.count('PositionClosed');
  const known = read.get(desk);
  if (known?.closings === closings) return known.trades;
  const trades = Map.groupBy(desk.parts.journal.trades(ALL), ({ campaignId }) => campaignId);
  read.set(desk, { closings, trades });
  return trades;
}

/** Campaigns that still hold something, each with all that it made: open positions and those that went before. */
export function campaignsOf(
  positions: readonly Pick<PositionView, 'position' | 'totalPnl'>[],
  closed: ClosedByCampaign,
): CampaignView[] {
  return [...Map.groupBy(positions, ({ position }) => position.campaignId)].map(([campaignId, open]) => {
    const ids = open.map(({ position }) => position.positionId);
    const before = (closed.get(campaignId) ?? []).filter(({ positionId }) => !ids.includes(positionId));
    const parts = [...open.map(({ totalPnl }) => totalPnl), ...before.map(({ outcome }) => outcome.pnl)];
    return {
      campaignId,
      underlying: open[0]?.position.underlying ?? '',
      positions: [...before.map(({ positionId }) => positionId), ...ids],
      closed: before.length,
      pnl: parts.reduce<CampaignView['pnl']>((sum, part) => (sum === null || part === null ? null : cents(sum + part)), cents(0)),
    };
  });
}
