import type { ItemOf } from '#contract/contract';
import type { ExitRuleView, LooseLegView, PositionView } from '#contract/positions';
import { civilDate, daysToExpiration } from '#domain/market/calendar';
import { parseOccSymbol } from '#domain/market/instrument';
import { cents } from '#domain/units';
import type { EngineView } from '#engine/view';
import { campaignsOf, closedIn } from './campaignViews.ts';
import type { Desk } from './desk.ts';
import { openPnlOf, unrealisedOf } from './status.ts';

type Held = EngineView['positions'][number];

const RULE_TITLES: Readonly<Record<string, string>> = {
  takeProfit: 'Take profit',
  stopLoss: 'Stop loss',
  trailingStop: 'Trailing stop',
  timeStop: 'Time stop',
  roll: 'Roll',
  scaleOut: 'Scale out',
  expiryGuard: 'Expiry guard',
  earlyAssignmentRisk: 'Early assignment',
};

/** Structures held, with their distance to every exit rule, and the legs that no structure explains. */
export function positionsOf(desk: Desk): ItemOf<'positions.list'> {
  const view = desk.view();
  const positions = view.positions.map((held) => positionViewOf(desk, view, held));
  const sumOf = (read: (held: Held) => number | undefined): number | null => {
    let total = 0;
    for (const held of view.positions) {
      const value = read(held);
      if (value === undefined) return null;
      total += value;
    }
    return total;
  };
  return {
    positions,
    loose: looseLegsOf(view),
    campaigns: campaignsOf(positions, closedIn(desk)),
    totals: {
      unrealised: openPnlOf(view),
      deltaShares: sumOf(({ mark }) => mark?.deltaShares),
      thetaDollarsPerDay: sumOf(({ mark }) => mark?.thetaDollarsPerDay),
      vegaDollarsPerPoint: sumOf(({ mark }) => mark?.vegaDollarsPerPoint),
    },
  };
}

function positionViewOf(desk: Desk, view: EngineView, { position, mark, standings, working, takesOwnLimit }: Held): PositionView {
  const stale = !mark || view.now - mark.at > Math.max(view.settings.positions.checkSeconds * 2, 150) * 1000;
  return {
    position,
    mid: mark?.unitMid ?? null,
    natural: mark ? Math.round((mark.unitMid - mark.spread / 2) * 1e6) / 1e6 : null,
    unrealised: unrealisedOf({ position, mark }),
    totalPnl: mark ? cents(mark.profit - position.fees) : null,
    markedAt: mark?.at ?? null,
    stale,
    deltaShares: mark?.deltaShares ?? null,
    thetaDollarsPerDay: mark?.thetaDollarsPerDay ?? null,
    vegaDollarsPerPoint: mark?.vegaDollarsPerPoint ?? null,
    daysToExpiration: position.expiration === null ? null : daysToExpiration(civilDate(view.now), position.expiration),
    spot: mark?.spot ?? null,
    legs: position.legs.map((leg) => {
      const quote = desk.parts.market.quoteOf(leg.symbol);
      return {
        symbol: leg.symbol,
        quantity: leg.quantity,
        bid: quote?.bid ?? null,
        ask: quote?.ask ?? null,
        delta: leg.contract ? (mark?.legDeltas.get(leg.symbol) ?? null) : 1,
        entryPrice: leg.entryPrice,
      };
    }),
    exitRules: standings.map(ruleViewOf),
    workingOrder: working,
    takesOwnLimit,
    warnings: position.strategyId === 'external' ? ['Opened outside Strikedesk: adopt it to have it managed'] : [],
  };
}

function ruleViewOf(standing: Held['standings'][number]): ExitRuleView {
  const { rule, value, trigger, unit, fires, suspended, nearness } = standing;
  return {
    rule,
    title: RULE_TITLES[rule] ?? rule,
    value,
    trigger,
    unit,
    progress: nearness ?? progressOf(value, trigger, unit, fires),
    suspended,
  };
}

/** 0 = far, 1 = fires. Days count down to their trigger, everything else counts up. */
function progressOf(value: number | null, trigger: number | null, unit: string, fires: boolean): number | null {
  if (fires) return 1;
  if (value === null || trigger === null) return null;
  const clamped = (share: number): number => Math.min(1, Math.max(0, share));
  if (unit.startsWith('day')) return value <= trigger ? 1 : clamped(1 - (value - trigger) / 45);
  return trigger === 0 ? null : clamped(value / trigger);
}

function looseLegsOf(view: EngineView): LooseLegView[] {
  const explained = new Map<string, number>();
  for (const { position } of view.positions)
    for (const leg of position.legs) explained.set(leg.symbol, (explained.get(leg.symbol) ?? 0) + leg.quantity);
  return view.brokerPositions.flatMap((held) => {
    const quantity = held.quantity - (explained.get(held.symbol) ?? 0);
    const underlying = held.underlying || (parseOccSymbol(held.symbol)?.root ?? held.symbol);
    return quantity === 0 ? [] : [{ symbol: held.symbol, underlying, quantity, averagePrice: held.averagePrice }];
  });
}
