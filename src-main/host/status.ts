import type { DeskStatus } from '#contract/desk';
import { nextSession, sessionAt } from '#domain/market/calendar';
import { type Cents, cents } from '#domain/units';
import type { EngineView } from '#engine/view';
import type { Desk } from './desk.ts';

/** Always in sight: whose money, which clock, how fresh, what the kill switch says. */
export function statusOf(desk: Desk): DeskStatus {
  const { parts } = desk;
  const view = desk.view();
  const now = parts.clock.now();
  const session = sessionAt(now);
  const dataAge = view.dataAt === null ? null : Math.max(0, now - view.dataAt);
  const { failsafe } = view.settings;
  const scan = view.lastScan;
  return {
    now,
    mode: parts.mode,
    venue: parts.venue,
    armedUntil: parts.mode === 'live' ? (view.arming?.until ?? null) : null,
    build: parts.about.build,
    account: {
      number: view.account.number,
      equity: view.account.equity,
      cash: view.account.cash,
      optionsBuyingPower: view.account.optionsBuyingPower,
      dayPnl: difference(view.account.equity, view.account.dayStartEquity),
      openPnl: openPnlOf(view),
      optionsLevel: view.account.optionsLevel,
    },
    clock: {
      phase: session ? 'open' : 'closed',
      nextChange: session ? session.close : nextSession(now).open,
      speed: parts.clock.speed(),
    },
    connections: (['broker', 'updates', 'data'] as const).map((channel) => ({
      channel,
      state: view.connections.get(channel) ?? 'unknown',
      ...desk.connection(channel),
    })),
    data: {
      ageMs: dataAge,
      stale: session !== null && (dataAge === null || dataAge > failsafe.staleDataSeconds * 1000),
      quality: parts.quality,
    },
    kill: {
      ...view.latch,
      progress: view.killProgress,
      releaseWord: failsafe.releaseWord,
      releaseHoldMs: failsafe.releaseHoldSeconds * 1000,
    },
    entries: entriesOf(view, session !== null),
    breakers: view.breakers,
    alerts: view.alerts,
    scan: {
      scanId: scan?.scanId ?? 0,
      at: scan?.at ?? null,
      nextAt: view.nextScanAt,
      underlyings: scan?.underlyings ?? 0,
      contracts: scan?.contracts ?? 0,
      candidates: scan?.candidates ?? 0,
      proposals: scan?.proposals ?? 0,
      approved: scan?.approved ?? 0,
      funnel: scan?.funnel ?? {},
    },
    counts: {
      positions: view.positions.length,
      workingOrders: [...view.works.values()].filter((work) => work.outcome === null).length,
      awaitingApproval: view.awaiting.length,
    },
    danger: view.danger,
    dangers: view.dangers,
    unattendedMs: view.unattendedMs,
  };
}

function entriesOf(view: EngineView, inSession: boolean): DeskStatus['entries'] {
  const blockedBy = [...view.entriesBlockedBy];
  if (view.latch.state !== 'ACTIVE') blockedBy.unshift(`the kill switch is ${view.latch.state}`);
  if (view.book.live !== null && (view.arming === null || view.arming.until <= view.now))
    blockedBy.unshift('live trading is not armed');
  if (!inSession) blockedBy.push('the market is closed');
  return { open: blockedBy.length === 0, blockedBy };
}

type Held = EngineView['positions'][number];

/** Profit of the units still open at their mark, before fees: what parts already closed brought is realised. null without a mark. */
export function unrealisedOf({ position, mark }: Pick<Held, 'position' | 'mark'>): Cents | null {
  return mark === null ? null : cents(mark.profit - (position.realisedBeforeFees ?? position.realised));
}

/** Unrealised profit of everything held; null when anything cannot be valued. */
export function openPnlOf(view: Pick<EngineView, 'positions'>): Cents | null {
  let total = 0;
  for (const held of view.positions) {
    const unrealised = unrealisedOf(held);
    if (unrealised === null) return null;
    total += unrealised;
  }
  return cents(total);
}

function difference(a: Cents | null, b: Cents | null): Cents | null {
  return a === null || b === null ? null : cents(a - b);
}
