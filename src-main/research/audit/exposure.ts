import { sessionAt } from '#domain/market/calendar';
import { parseOccSymbol } from '#domain/market/instrument';
import type { Position } from '#domain/portfolio/position';
import type { Instant } from '#domain/units';
import type { JournalFact } from '#ports/facts';
import type { JournalRow } from '#ports/journal';
import type { EngineSettings } from '#ports/settings/settings';
import type { Finding } from './brokerTruth.ts';

/** Compares what was intended with the limits of the settings, recomputed from the journal's own numbers and the calendar. */
export function limitBreaches(rows: readonly JournalRow[], settings: EngineSettings): readonly Finding[] {
  const { risk, positions, scanner } = settings;
  const findings: Finding[] = [];
  const open = new Map<string, Held>();
  /** Positions that entries under way would make: they count as filled. */
  const working = new Map<string, Held & { readonly intentId: string }>();
  let equity: number | null = null;
  let blocked = false;
  for (const { at, fact } of rows) {
    const breach = (detail: string): void => {
      findings.push({ kind: 'limitBreach', detail });
    };
    if (fact.kind === 'Reconciled') equity = fact.equity;
    if (fact.kind === 'DayOpened') equity = fact.startEquity;
    if (fact.kind === 'KillStateChanged') blocked = fact.to !== 'ACTIVE';
    if (fact.kind === 'PositionChanged' && open.has(fact.position.positionId))
      open.set(fact.position.positionId, heldAs(fact.position));
    if (fact.kind === 'PositionOpened') {
      open.set(fact.position.positionId, heldAs(fact.position));
      // What came from elsewhere while our entry was on its way was not ours to hold back: that counts at the next entry.
      const own = [...open.values()].filter(({ strategyId }) => strategyId !== 'external').length;
      if (own > risk.maxPositions && fact.position.strategyId !== 'external')
        breach(`${own} positions open, ${risk.maxPositions} allowed (${fact.position.positionId})`);
    }
    if (fact.kind === 'PositionClosed') open.delete(fact.positionId);
    // Between two attempts nothing can fill: the next one is judged anew.
    if (fact.kind === 'OrderWorkEnded' || fact.kind === 'RungEnded')
      for (const [positionId, work] of working) if (work.intentId === fact.intentId) working.delete(positionId);
    if (fact.kind !== 'OrderIntended') continue;
    const { request } = fact;
    const name = `${request.intentId}-${request.attempt}`;
    const session = sessionAt(at);
    if (!session) breach(`${name} was intended outside the session`);
    if (request.purpose === 'close') continue;
    if (blocked) breach(`${name} opens while the kill switch is thrown`);
    if (request.assetClass === 'option' && request.contracts > risk.maxContractsPerOrder)
      breach(`${name}: ${request.contracts} contracts, ${risk.maxContractsPerOrder} allowed`);
    const loss = definedLossCents(fact);
    if (loss !== null && equity !== null && loss > Math.floor(equity * risk.maxRiskPerTradeFraction))
      breach(`${name}: may lose ${loss} cents of ${equity}, ${risk.maxRiskPerTradeFraction} allowed`);
    if (loss !== null && loss / request.contracts > scanner.maxLossPerSpreadDollars * 100 && fact.cause.kind === 'decision')
      breach(`${name}: ${loss / request.contracts} cents a spread`);
    if (!open.has(fact.positionId) && request.assetClass === 'option') {
      const others = [...working].filter(([positionId]) => positionId !== fact.positionId && !open.has(positionId));
      const together = open.size + others.length;
      if (together >= risk.maxPositions) breach(`${name}: ${together} positions held or worked, ${risk.maxPositions} allowed`);
      const count = (belongs: (held: Held) => boolean): number =>
        [...open.values()].filter(belongs).length + others.filter(([, work]) => belongs(work)).length;
      const inSymbol = count(({ underlying }) => underlying === request.underlying);
      if (inSymbol >= risk.maxPositionsPerSymbol)
        breach(`${name}: ${inSymbol} positions held or worked in ${request.underlying}, ${risk.maxPositionsPerSymbol} allowed`);
      const ofStrategy = count(({ strategyId }) => strategyId === fact.strategyId);
      if (ofStrategy >= risk.maxPositionsPerStrategy)
        breach(`${name}: ${ofStrategy} positions of ${fact.strategyId}, ${risk.maxPositionsPerStrategy} allowed`);
      for (const day of expirationsOf(request.legs.map(({ symbol }) => symbol))) {
        const ending = count(({ expirations }) => expirations.includes(day));
        if (ending >= risk.maxPositionsPerExpiration)
          breach(`${name}: ${ending} positions end on ${day}, ${risk.maxPositionsPerExpiration} allowed`);
      }
    }
    working.set(fact.positionId, {
      intentId: request.intentId,
      underlying: request.underlying,
      strategyId: fact.strategyId,
      expirations: expirationsOf(request.legs.map(({ symbol }) => symbol)),
    });
    if (fact.ladder.bound > request.netLimit + 1e-9)
      breach(`${name}: limit ${request.netLimit} is worse than the frozen bound ${fact.ladder.bound}`);
    if (expiresToday(fact, at) && positions.expiryCutoff <= '15:30' && fact.cause.kind === 'decision')
      breach(`${name} opens a contract on its expiration day`);
  }
  return findings;
}

/** A position, or an entry that would make one, as the limits count it. */
interface Held {
  readonly strategyId: string;
  readonly underlying: string;
  readonly expirations: readonly string[];
}

function heldAs({ strategyId, underlying, legs }: Position): Held {
  return { strategyId, underlying, expirations: expirationsOf(legs.map(({ symbol }) => symbol)) };
}

function expirationsOf(symbols: readonly string[]): readonly string[] {
  return [...new Set(symbols.flatMap((symbol) => parseOccSymbol(symbol)?.expiration ?? []))];
}

type Intended = Extract<JournalFact, { kind: 'OrderIntended' }>;

/** Worst loss at expiration of a vertical or condor in cents for all units; null for other shapes (bounded elsewhere). */
export function definedLossCents(fact: Intended): number | null {
  const legs = fact.request.legs.map((leg) => ({
    parts: parseOccSymbol(leg.symbol),
    quantity: (leg.side === 'buy' ? 1 : -1) * leg.ratio,
  }));
  if (legs.length < 2 || legs.some((leg) => !leg.parts)) return null;
  if (new Set(legs.map((leg) => leg.parts?.expiration)).size > 1) return null;
  const strikes = legs.map((leg) => leg.parts?.strike ?? 0);
  const points = [0, ...strikes, Math.max(...strikes) * 10];
  const worst = Math.min(
    ...points.map((spot) =>
      legs.reduce((sum, leg) => sum + leg.quantity * intrinsic(leg.parts?.right === 'call', leg.parts?.strike ?? 0, spot), 0),
    ),
  );
  return Math.round(Math.max(0, -(worst + fact.request.netLimit)) * 100 * 100) * fact.request.contracts;
}

function intrinsic(isCall: boolean, strike: number, spot: number): number {
  return Math.max(0, isCall ? spot - strike : strike - spot);
}

function expiresToday(fact: Intended, at: Instant): boolean {
  const today = sessionAt(at)?.date;
  return fact.request.legs.some((leg) => parseOccSymbol(leg.symbol)?.expiration === today);
}
