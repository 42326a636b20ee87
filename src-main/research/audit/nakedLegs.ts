import { nextSession, sessionAt } from '#domain/market/calendar';
import { parseOccSymbol } from '#domain/market/instrument';
import { type Instant, plusMs } from '#domain/units';
import type { JournalRow } from '#ports/journal';
import type { EngineSettings } from '#ports/settings/settings';
import type { AuditedEntry, BrokerTruth, Finding } from './brokerTruth.ts';

/** After the sweep that must find it, a leg left alone is looked at twice and quoted before its repair goes out. */
const REPAIR_MS = 10_000;

/**
 * Walks the exchange's ledger fill by fill and looks for a short option that nothing covers: every short call needs a long call
 * (same underlying, no earlier expiration) or the shares, every short put a long put or cash for the whole strike. One that an
 * order of ours uncovers is a finding. One that another hand uncovers (the broker's risk desk) is, when no order that buys it back
 * follows: within a sweep and ten seconds, counted from when the engine could see and act (lines up, awake, not halted).
 * `multiplier` of the listed contracts on this exchange.
 */
export function nakedLegs(
  truth: BrokerTruth,
  rows: readonly JournalRow[],
  settings: EngineSettings,
  multiplier: number,
): readonly Finding[] {
  const held = new Map<string, number>();
  const ours = new Map(
    truth.orders.filter(({ origin }) => origin === 'client').map(({ clientOrderId, createdAt }) => [clientOrderId, createdAt]),
  );
  // When another hand last took a cover away.
  let takenAt: Instant | null = null;
  let cash = 0;
  let before: ReadonlyMap<string, number> = new Map();
  let fill: AuditedEntry | null = null;
  const findings: Finding[] = [];
  const entries = truth.ledger;
  for (const [index, entry] of entries.entries()) {
    cash += entry.cash;
    if (entry.symbol) held.set(entry.symbol, (held.get(entry.symbol) ?? 0) + entry.quantity);
    if (entry.kind === 'fill') fill = entry;
    const next = entries[index + 1];
    // The legs of one execution (or one clearing event) and its fees are one event: look only when it is complete.
    const sameEvent =
      next && next.at === entry.at && (next.executionId === entry.executionId || next.clientOrderId === entry.clientOrderId);
    if (sameEvent) continue;
    const now = uncovered(held, cash, multiplier);
    const last = before;
    const more = [...now].filter(
      ([symbol, open]) => open > (last.get(symbol) ?? 0) && sumLike(symbol, now) > sumLike(symbol, last),
    );
    before = now;
    // An assignment is told after the close and worked out of on the next day: what it leaves is no fill's doing.
    if (fill === null) continue;
    const { clientOrderId, at }: AuditedEntry = fill;
    fill = null;
    const sentAt = clientOrderId === null ? at : ours.get(clientOrderId);
    // An order that was out when another hand took the cover of its underlying could not know of it.
    const isOurs = sentAt !== undefined && (takenAt === null || sentAt > takenAt);
    if (sentAt === undefined && more.length > 0) takenAt = at;
    for (const [symbol, open] of more) {
      const detail = `${open} short ${symbol} uncovered after ${clientOrderId ?? 'a fill'}`;
      if (isOurs) findings.push({ kind: 'nakedLeg', detail });
      else if (!isRepaired(shortsLike(symbol, held), takenAt ?? at, truth, rows, settings))
        findings.push({ kind: 'nakedLeg', detail: `${detail} (another hand's), and nothing was done` });
    }
  }
  return findings;
}

/**
 * An order that buys the leg back is out, or was already, or another hand bought it back before we could. With several shorts of one
 * kind it is open which of them the longs that are left cover: buying any of them back covers the others.
 */
function isRepaired(
  shorts: ReadonlySet<string>,
  at: Instant,
  truth: BrokerTruth,
  rows: readonly JournalRow[],
  settings: EngineSettings,
): boolean {
  const roots = [...shorts].map((symbol) => parseOccSymbol(symbol)?.root ?? symbol);
  const unquoted = (truth.unquoted ?? []).filter(({ underlying }) => roots.some((root) => root.startsWith(underlying)));
  const deadline = repairDeadline(at, rows, unquoted, settings.failsafe.sweepSeconds * 1000 + REPAIR_MS);
  if (deadline === null) return true;
  const buysBack = (leg: { readonly symbol: string; readonly side: string }): boolean =>
    leg.side === 'buy' && shorts.has(leg.symbol);
  const buys = truth.orders.some(
    ({ legs, createdAt, updatedAt }) => createdAt <= deadline && updatedAt >= at && legs.some(buysBack),
  );
  const isTried = rows.some(
    ({ at: when, fact }) => when >= at && when <= deadline && fact.kind === 'OrderIntended' && fact.request.legs.some(buysBack),
  );
  // Assigned before anything could be done: it is no short any more.
  const isAssigned = truth.ledger.some(
    (entry) =>
      entry.kind !== 'fill' && entry.at >= at && entry.at <= deadline && entry.quantity > 0 && shorts.has(entry.symbol ?? ''),
  );
  return buys || isTried || isAssigned;
}

/** What is short of the same underlying and right. */
function shortsLike(symbol: string, held: ReadonlyMap<string, number>): ReadonlySet<string> {
  return new Set([...held].filter(([other, quantity]) => quantity < 0 && isLike(symbol, other)).map(([other]) => other));
}

/** How much of one underlying and right is uncovered in all: which of several shorts a long covers is nobody's to say. */
function sumLike(symbol: string, found: ReadonlyMap<string, number>): number {
  return [...found].reduce((sum, [other, open]) => (isLike(symbol, other) ? sum + open : sum), 0);
}

function isLike(one: string, other: string): boolean {
  const [a, b] = [parseOccSymbol(one), parseOccSymbol(other)];
  return a?.root === b?.root && a?.right === b?.right;
}

/**
 * When a repair is due: what hindered the engine (a line down, sleep, a restart, a failed look, the kill switch, quotes that cannot be
 * used) starts the time anew; null when it lasted to the end.
 */
function repairDeadline(
  at: Instant,
  rows: readonly JournalRow[],
  unquoted: NonNullable<BrokerTruth['unquoted']>,
  allowedMs: number,
): Instant | null {
  const pastUnquoted = (deadline: Instant): Instant =>
    unquoted.reduce((due, { from, until }) => {
      if (from > due || until < at) return due;
      const anew = plusMs(until, allowedMs);
      return anew > due ? anew : due;
    }, deadline);
  let deadline = pastUnquoted(inSession(at, allowedMs));
  const down = new Set<string>();
  for (const { at: when, fact } of rows) {
    // A line that comes back with this row was down until now.
    const wasDown = down.size > 0;
    if (fact.kind === 'ConnectionChanged') {
      if (fact.change.state === 'connected') down.delete(fact.change.channel);
      else down.add(fact.change.channel);
    }
    if (fact.kind === 'KillStateChanged') {
      if (fact.to === 'HALTED') down.add('kill switch');
      else down.delete('kill switch');
    }
    const since = fact.kind === 'ClockJumped' ? fact.from : when;
    if (when < at || (since > deadline && !wasDown && down.size === 0)) continue;
    const hinders =
      wasDown ||
      down.size > 0 ||
      fact.kind === 'ConnectionChanged' ||
      fact.kind === 'KillStateChanged' ||
      fact.kind === 'ClockJumped' ||
      fact.kind === 'SessionStarted' ||
      (fact.kind === 'FaultRecorded' && fact.where === 'account snapshot');
    if (hinders) deadline = pastUnquoted(inSession(when, allowedMs));
  }
  return down.size > 0 && deadline > (rows.at(-1)?.at ?? at) ? null : deadline;
}

/** `allowedMs` of one session after `at`: nothing is bought back while the market is closed. */
function inSession(at: Instant, allowedMs: number): Instant {
  const session = sessionAt(at);
  const due = plusMs(at, allowedMs);
  return session && due < session.close ? due : plusMs(nextSession(session?.close ?? at).open, allowedMs);
}

/** Short options that nothing covers, by symbol, in contracts. */
function uncovered(held: ReadonlyMap<string, number>, cash: number, multiplier: number): ReadonlyMap<string, number> {
  const byUnderlying = new Map<
    string,
    { symbol: string; quantity: number; right: 'call' | 'put'; expiration: string; strike: number }[]
  >();
  for (const [symbol, quantity] of held) {
    const parts = parseOccSymbol(symbol);
    if (!parts || quantity === 0) continue;
    byUnderlying.set(parts.root, [...(byUnderlying.get(parts.root) ?? []), { symbol, quantity, ...parts }]);
  }
  const found = new Map<string, number>();
  let freeCash = cash;
  for (const [root, legs] of byUnderlying) {
    for (const right of ['call', 'put'] as const) {
      const shorts = legs
        .filter((leg) => leg.right === right && leg.quantity < 0)
        .sort((a, b) => (a.expiration < b.expiration ? 1 : -1));
      const longs = legs.filter((leg) => leg.right === right && leg.quantity > 0).map((leg) => ({ ...leg }));
      let shares = right === 'call' ? Math.max(0, Math.floor((held.get(root) ?? 0) / multiplier)) : 0;
      for (const short of shorts) {
        let open = -short.quantity;
        for (const long of longs) {
          if (open === 0 || long.expiration < short.expiration) continue;
          const used = Math.min(open, long.quantity);
          long.quantity -= used;
          open -= used;
        }
        const byShares = Math.min(open, shares);
        shares -= byShares;
        open -= byShares;
        if (right === 'put' && open > 0) {
          const needed = Math.round(short.strike * multiplier * 100) * open;
          if (needed <= freeCash) {
            freeCash -= needed;
            open = 0;
          }
        }
        if (open > 0) found.set(short.symbol, open);
      }
    }
  }
  return found;
}
