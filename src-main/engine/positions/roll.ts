import { midOf, type Quote, quoteAt } from '#domain/market/chain';
import type { Position } from '#domain/portfolio/position';
import { optionLegs } from '#domain/structures/anatomy';
import type { OptionLeg } from '#domain/structures/leg';
import { profitBounds } from '#domain/structures/payoff';
import { cents, instant, type Price } from '#domain/units';
import { strategyBlock } from '#ports/settings/settings';
import type { ExpirationView } from '#ports/strategy';
import { buildLadder } from '../execution/ladder.ts';
import { newIntentId, startWhenQuoted } from '../execution/work.ts';
import type { RollTarget, WorkSpec } from '../execution/workSpec.ts';
import { combinationQuote, isSane } from '../risk/combinationQuote.ts';
import { notify, type Turn } from '../turn.ts';
import { heldLegs } from './legs.ts';
import { unitGreeks } from './unitGreeks.ts';

/**
 * Where a position could be rolled to for a credit: the same strikes at a later expiration, or a strike further out of the
 * money, above its own time stop: what that would close again at once is not opened. null when nothing in the last look at the
 * market pays for the close. Only structures whose legs share one expiration
 * and hold no shares are rolled.
 */
export function rollTargetOf(turn: Turn, position: Position): RollTarget | null {
  const plan = position.exitPlan.roll;
  const view = turn.present.scan?.output.market.underlyings.find((candidate) => candidate.underlying === position.underlying);
  const held = heldLegs(position);
  const options = optionLegs(held);
  if (!plan || !view || options.length !== held.length || position.units < 1) return null;
  if (options.some(({ contract }) => contract.expiration !== position.expiration)) return null;
  const close = combinationQuote(
    options.map((leg) => ({ ...leg, ratio: -leg.ratio / position.units })),
    (symbol) => turn.present.quotes.get(symbol) ?? null,
  );
  if (!close) return null;
  for (const expiration of view.expirations) {
    if (position.expiration !== null && expiration.slice.expiration <= position.expiration) continue;
    if (position.exitPlan.timeStopDays !== null && expiration.daysToExpiration <= position.exitPlan.timeStopDays) continue;
    for (const outward of [2, 1, 0]) {
      const legs = options.map((leg) => movedLeg(leg, position.units, expiration, outward));
      if (legs.some((leg) => leg === null)) continue;
      const target = legs.filter((leg): leg is OptionLeg => leg !== null);
      const mid = midIn(target, expiration);
      if (mid === null || mid + close.natural < plan.minCredit) continue;
      return {
        legs: target,
        structure: position.structure,
        minCredit: plan.minCredit,
        maxLossPerUnit: profitBounds(target, mid).maxLoss,
        campaignId: position.campaignId,
        exitPlan: position.exitPlan,
        rolls: position.rolls + 1,
      };
    }
  }
  return null;
}

/** The same leg at another expiration of its series, `steps` strikes further out of the money; null where it is not listed or not usable. */
function movedLeg(leg: OptionLeg, units: number, expiration: ExpirationView, steps: number): OptionLeg | null {
  const { slice } = expiration;
  if (slice.root !== leg.contract.root) return null;
  const side = leg.contract.right === 'call' ? slice.calls : slice.puts;
  const usable = leg.contract.right === 'call' ? expiration.calls.usable : expiration.puts.usable;
  const at = slice.strikes.indexOf(leg.contract.strike);
  if (at < 0) return null;
  const index = at + (leg.contract.right === 'call' ? steps : -steps);
  const symbol = side.symbols[index];
  const strike = slice.strikes[index];
  if (!symbol || strike === undefined || usable[index] !== 1) return null;
  return {
    kind: 'option',
    ratio: leg.ratio / units,
    contract: {
      ...leg.contract,
      symbol,
      strike,
      expiration: slice.expiration,
      root: slice.root,
      style: slice.style,
      settlement: slice.settlement,
      multiplier: slice.multiplier,
    },
  };
}

function midIn(legs: readonly OptionLeg[], expiration: ExpirationView): Price | null {
  let mid = 0;
  for (const leg of legs) {
    const side = leg.contract.right === 'call' ? expiration.slice.calls : expiration.slice.puts;
    const index = side.symbols.indexOf(leg.contract.symbol);
    const quote = {
      bid: side.bid[index] ?? Number.NaN,
      ask: side.ask[index] ?? Number.NaN,
      bidSize: 0,
      askSize: 0,
      at: instant(0),
    };
    if (!isSane(quote)) return null;
    mid -= leg.ratio * midOf(quote);
  }
  return mid;
}

/** The close is filled: open the target, at a price that makes the whole roll a credit, or not at all. */
export function openRolled(turn: Turn, closed: WorkSpec, target: RollTarget): void {
  const { execution } = turn.settings;
  const quote = combinationQuote(target.legs, (symbol) => turn.present.quotes.get(symbol) ?? null) ?? quoteFromScan(turn, target);
  const { units, value } = closedBy(turn, closed);
  const first = target.legs[0];
  if (!quote || first?.kind !== 'option' || units < 1) {
    notify(turn, 'exit', `${closed.positionId}: rolled out, not reopened`, 'the new legs have no usable quote');
    return;
  }
  const ladder = buildLadder(
    {
      legs: target.legs,
      profile: execution.entryProfile,
      mid: quote.mid,
      natural: quote.natural,
      boundOfSpread: execution.entryBoundOfSpread,
      spot: closed.ladder.spotAtDecision,
      purpose: 'open',
      frozenBound: target.minCredit - value / units,
    },
    execution,
  );
  if (ladder.bound > quote.mid + 0.05) {
    notify(turn, 'exit', `${first.contract.underlying}: rolled out, not reopened`, 'no credit is left for the whole');
    return;
  }
  const greeks = unitGreeks(
    target.legs,
    first.contract.underlying,
    { now: turn.now, quoteOf: (symbol) => scannedQuote(turn, symbol) },
    turn.settings.scanner.riskFreeRate,
  );
  turn.state.counters.position += 1;
  startWhenQuoted(turn, {
    intentId: newIntentId(turn),
    positionId: `p${turn.state.counters.position}`,
    strategyId: closed.strategyId,
    origin: 'engine',
    purpose: 'open',
    cause: closed.cause,
    // The owner ordered this one himself: the strategy's mode is not asked, everything else is.
    consent: closed.origin === 'owner' || closed.cause.kind === 'command' ? undefined : 'own',
    entry: {
      campaignId: target.campaignId,
      structure: target.structure,
      legs: target.legs,
      exitPlan: target.exitPlan,
      rolls: target.rolls,
      tags: ['rolled'],
    },
    stage: { assetClass: 'option', legs: target.legs, contracts: units, unitWeight: 1 },
    ladder,
    later: [],
    earlier: [],
    risk: {
      legs: target.legs,
      maxLossPerUnit: target.maxLossPerUnit,
      deltaSharesPerUnit: greeks?.deltaShares ?? null,
      vegaDollarsPerUnit: greeks?.vegaDollars ?? null,
      buyingPowerEffectPerUnit: cents(-(target.maxLossPerUnit ?? 0)),
      strategyLimits: strategyLimitsOf(turn, closed.strategyId),
      secured: target.legs.length === 1,
    },
    restOfPrice: 0,
    riskUnitsPerContract: 1,
    rollTo: null,
    flattening: false,
  });
}

/**
 * What this roll closed and no other close before it: units of the position, and their net price summed over them (+ received).
 * One by one the legs have orders of their own; only the last of them counts units, all of them cost.
 */
function closedBy(turn: Turn, closed: WorkSpec): { readonly units: number; readonly value: number } {
  const intents = new Set([...closed.earlier, closed.intentId]);
  const orders = [...turn.state.orders.values()].filter(({ request }) => intents.has(request.intentId));
  const units = Math.round(orders.reduce((sum, { filled, unitWeight }) => sum + filled * unitWeight, 0));
  return { units, value: orders.reduce((sum, { filledValue }) => sum + filledValue, 0) };
}

/** A strategy's own limits hold for what its roll opens too; null for what no strategy opened. */
function strategyLimitsOf({ parts, settings }: Turn, strategyId: string): WorkSpec['risk']['strategyLimits'] {
  if (!parts.catalog.some(({ id }) => id === strategyId)) return null;
  const { maxPositions, maxRiskFraction } = settings.strategies[strategyId] ?? strategyBlock.parse({});
  return { maxPositions, maxRiskFraction };
}

function quoteFromScan(turn: Turn, target: RollTarget): ReturnType<typeof combinationQuote> {
  return combinationQuote(target.legs, (symbol) => scannedQuote(turn, symbol));
}

/** The newest quote there is: the stream's, else the last look's. For planning only: the gate asks for fresh ones. */
function scannedQuote(turn: Turn, symbol: string): Quote | null {
  const streamed = turn.present.quotes.get(symbol);
  if (streamed) return streamed;
  for (const { expirations } of turn.present.scan?.output.market.underlyings ?? []) {
    for (const { slice } of expirations) {
      for (const side of [slice.calls, slice.puts]) {
        const index = side.symbols.indexOf(symbol);
        if (index >= 0) return quoteAt(side, index);
      }
    }
  }
  return null;
}
