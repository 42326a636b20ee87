import { civilDate } from '#domain/market/calendar';
import { parseOccSymbol } from '#domain/market/instrument';
import { type ToldFill, tradedElsewhere } from '#domain/tax/elsewhere';
import type { TaxEvent } from '#domain/tax/lots';
import type { BrokerActivity } from '#ports/broker';
import type { JournalRow } from '#ports/journal';

/** Of an option that no intent of ours names (a fill from elsewhere); ours carry their contract's own. */
const USUAL_MULTIPLIER = 100;

/** What the tax report is made of, in the journal's order. */
export type TaxStep =
  /** A trade; `elsewhere`: by another hand in the same account. */
  | { readonly kind: 'trade'; readonly event: TaxEvent; readonly elsewhere: boolean }
  /** Expired, or settled in cash. */
  | { readonly kind: 'closed'; readonly event: TaxEvent }
  /** Assigned or exercised for shares: its premium goes to the delivery of the same group. */
  | { readonly kind: 'becomesShares'; readonly symbol: string; readonly quantity: number; readonly group: string }
  | { readonly kind: 'delivered'; readonly event: TaxEvent; readonly group: string };

export interface TaxSteps {
  readonly steps: readonly TaxStep[];
  multiplierOf(symbol: string): number;
}

interface Told {
  readonly place: number;
  readonly fill: ToldFill;
}

/** Reads what was bought, sold, delivered and expired out of an account's rows: our own executions, and the broker's activities. */
export function taxSteps(rows: Iterable<JournalRow>): TaxSteps {
  const executions = new Set<string>();
  const multipliers = new Map<string, number>();
  const own: Told[] = [];
  const theirs: Told[] = [];
  const activities: { readonly place: number; readonly activity: BrokerActivity }[] = [];
  for (const { fact, seq: place } of rows) {
    if (fact.kind === 'OrderIntended') {
      for (const leg of fact.legs) if (leg.kind === 'option') multipliers.set(leg.contract.symbol, leg.contract.multiplier);
    } else if (fact.kind === 'OrderReported' && fact.report.kind === 'orderFilled') {
      if (executions.has(fact.report.executionId)) continue;
      executions.add(fact.report.executionId);
      const date = civilDate(fact.report.at);
      for (const { symbol, contracts: quantity, price } of fact.report.legs)
        own.push({ place, fill: { symbol, quantity, price, date } });
    } else if (fact.kind === 'ActivityBooked') {
      const { kind, symbol, quantity, price, date } = fact.activity;
      if (kind !== 'fill') activities.push({ place, activity: fact.activity });
      else if (symbol !== null && price !== null) theirs.push({ place, fill: { symbol, quantity, price, date } });
    }
  }
  const multiplierOf = (symbol: string): number => multipliers.get(symbol) ?? (parseOccSymbol(symbol) ? USUAL_MULTIPLIER : 1);
  const fillsOf = (told: readonly Told[]): readonly ToldFill[] => told.map(({ fill }) => fill);
  const foreign = tradedElsewhere(fillsOf(theirs), fillsOf(own));
  const trade = ({ fill: { symbol, price, date } }: Told, quantity: number): TaxEvent => ({
    symbol,
    quantity,
    cash: -quantity * price * multiplierOf(symbol) * 100,
    date,
  });
  const placed = [
    ...own.map((told) => ({
      place: told.place,
      step: { kind: 'trade', event: trade(told, told.fill.quantity), elsewhere: false } as const,
    })),
    ...theirs.flatMap((told, index) => {
      const quantity = foreign[index] ?? 0;
      return quantity === 0
        ? []
        : [{ place: told.place, step: { kind: 'trade', event: trade(told, quantity), elsewhere: true } as const }];
    }),
    ...stepsOfActivities(activities),
  ];
  return { steps: placed.sort((a, b) => a.place - b.place).map(({ step }) => step), multiplierOf };
}

/** A delivery may be told before the option that it comes from: the option's step stands first, wherever it was told. */
function stepsOfActivities(
  activities: readonly { readonly place: number; readonly activity: BrokerActivity }[],
): { readonly place: number; readonly step: TaxStep }[] {
  const deliveredAt = new Map<string, number>();
  for (const { place, activity } of activities)
    if (activity.kind === 'optionTrade' && !deliveredAt.has(groupOf(activity))) deliveredAt.set(groupOf(activity), place);
  const before: { place: number; step: TaxStep }[] = [];
  const rest: { place: number; step: TaxStep }[] = [];
  for (const { place, activity } of activities) {
    const { kind, symbol, quantity, netCash: cash, date } = activity;
    if (symbol === null) continue;
    const group = groupOf(activity);
    const event = { symbol, quantity, cash, date };
    if (kind === 'expiration') rest.push({ place, step: { kind: 'closed', event } });
    else if (kind === 'optionTrade') rest.push({ place, step: { kind: 'delivered', event, group } });
    else if (kind === 'assignment' || kind === 'exercise') {
      // Cash-settled: the money is in this row, and no shares follow.
      if (cash !== 0) rest.push({ place, step: { kind: 'closed', event } });
      else
        before.push({
          place: Math.min(place, deliveredAt.get(group) ?? place),
          step: { kind: 'becomesShares', symbol, quantity, group },
        });
    }
  }
  return [...before, ...rest];
}

/** What ties an option to the shares that it delivered: the broker's group, else the underlying and the day. */
function groupOf({ groupId, symbol, date }: BrokerActivity): string {
  return groupId ?? `${symbol === null ? '' : (parseOccSymbol(symbol)?.root ?? symbol)} ${date}`;
}
