import { addDays, civilDate } from '#domain/market/calendar';
import { midOf } from '#domain/market/chain';
import type { Engine } from '#engine/engine';
import type { Exchange } from '#exchange/exchangeApi';
import type { CommandLeg, OperatorCommand } from '#ports/commands';
import type { Random } from '#ports/random';
import type { Act } from './plan.ts';

/** What the owner would say now to do the act; null when there is nothing to do it with. */
export function commandFor(
  act: Act,
  desk: {
    readonly engine: Engine;
    readonly exchange: Exchange;
    readonly random: Random;
    readonly underlyings: readonly string[];
  },
): OperatorCommand | null {
  const view = desk.engine.view();
  const pick = <T>(list: readonly T[]): T | null => list[desk.random.below(Math.max(1, list.length))] ?? null;
  switch (act.kind) {
    case 'openSpread':
    case 'openCondor':
    case 'openPut':
    case 'openCall':
      return opening(act, desk);
    case 'doublePress':
      return opening({ kind: 'openSpread', daysToExpiration: 30, takeAssignment: false }, desk);
    case 'close': {
      const held = pick(view.positions);
      return held && { kind: 'closePosition', positionId: held.position.positionId, contracts: null, netLimit: null };
    }
    case 'roll': {
      const held = pick(view.positions);
      return held && { kind: 'rollPosition', positionId: held.position.positionId };
    }
    case 'adopt': {
      const loose = pick(view.positions.filter(({ position }) => position.strategyId === 'external'));
      return (
        loose && {
          kind: 'adoptPosition',
          symbols: loose.position.legs.map(({ symbol }) => symbol),
          strategyId: 'bull_put_spread',
        }
      );
    }
    case 'setTimeStop': {
      const held = view.positions.find(({ position }) => position.exitPlan.timeStopDays === null);
      if (!held) return null;
      const { positionId, exitPlan } = held.position;
      return { kind: 'setExitPlan', positionId, exitPlan: { ...exitPlan, timeStopDays: act.days } };
    }
    case 'cancel': {
      const order = pick(view.orders);
      return order && { kind: 'cancelOrder', intentId: order.request.intentId };
    }
    case 'pauseSymbol':
      return { kind: 'pauseSymbol', underlying: pick(desk.underlyings) ?? '', paused: desk.random.next() < 0.5 };
    case 'approve':
    case 'decline': {
      const waiting = pick(view.awaiting);
      if (!waiting) return null;
      const { decisionId } = waiting;
      return act.kind === 'approve' ? { kind: 'approveProposal', decisionId } : { kind: 'declineProposal', decisionId };
    }
    case 'kill':
      return { kind: 'throwKillSwitch', verb: act.verb, reason: 'battery' };
    case 'release':
      return { kind: 'releaseKillSwitch', word: 'RESUME', heldMs: 60_000, reason: 'battery' };
    case 'acknowledge': {
      const alert = pick(view.alerts);
      return alert && { kind: 'acknowledgeAlert', alertId: alert.alertId };
    }
    case 'resetBreakers': {
      const breaker = pick(view.breakers);
      return breaker && { kind: 'resetBreaker', breaker: breaker.breaker, reason: 'battery' };
    }
  }
}

/** A structure out of what is listed, at a price between mid and natural. */
function opening(
  act: Extract<Act, { daysToExpiration: number }>,
  {
    exchange,
    random,
    underlyings,
  }: { readonly exchange: Exchange; readonly random: Random; readonly underlyings: readonly string[] },
): OperatorCommand | null {
  const underlying = underlyings[random.below(underlyings.length)] ?? '';
  const spot = exchange.market.quoteOf(underlying);
  if (!spot) return null;
  const wanted = addDays(civilDate(exchange.now()), act.daysToExpiration);
  const contracts = exchange.market.contracts({ underlyings: [underlying] });
  const expirations = [...new Set(contracts.map(({ expiration }) => expiration))].sort();
  const expiration = expirations.find((date) => date >= wanted) ?? expirations.at(-1);
  const puts = contracts
    .filter((contract) => contract.expiration === expiration && contract.right === 'put')
    .sort((one, other) => one.strike - other.strike);
  const calls = contracts
    .filter((contract) => contract.expiration === expiration && contract.right === 'call')
    .sort((one, other) => one.strike - other.strike);
  const at = puts.findIndex(({ strike }) => strike >= midOf(spot));
  const down = 1 + random.below(4);
  const width = 1 + random.below(2);
  const leg = (list: typeof puts, index: number, ratio: number): CommandLeg[] => {
    const contract = list[index];
    return contract ? [{ symbol: contract.symbol, ratio }] : [];
  };
  const put = [...leg(puts, at - down, -1), ...leg(puts, at - down - width, 1)];
  const call = [...leg(calls, at + down, -1), ...leg(calls, at + down + width, 1)];
  const legs =
    act.kind === 'openSpread'
      ? random.next() < 0.5
        ? put
        : call
      : act.kind === 'openCondor'
        ? [...put, ...call]
        : act.kind === 'openPut'
          ? leg(puts, at, 1)
          : leg(calls, at, 1);
  if (legs.length === 0) return null;
  let mid = 0;
  let natural = 0;
  for (const { symbol, ratio } of legs) {
    const quote = exchange.market.quoteOf(symbol);
    if (!quote) return null;
    mid -= ratio * midOf(quote);
    natural -= ratio * (ratio > 0 ? quote.ask : quote.bid);
  }
  const limit = mid + (natural - mid) * random.next();
  const units = 1 + random.below(2);
  return { kind: 'openStructure', legs, contracts: units, netLimit: Math.round(limit * 100) / 100, note: 'battery' };
}
