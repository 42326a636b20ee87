import type { ProtectionView, TriggerView } from '#contract/protection';
import type { EngineView } from '#engine/view';
import { TRIGGERS, type Trigger } from '#ports/settings/protectionSettings';
import type { Desk } from './desk.ts';

interface Row {
  readonly title: string;
  readonly setting: string;
  readonly unit: string;
  readonly limit: (view: EngineView) => number;
  readonly value: (view: EngineView) => number | null;
}

/** What maps to what: every trigger with its limit, its setting and the figure that is held against it. */
const TABLE: Readonly<Record<Trigger, Row>> = {
  dailyLoss: {
    title: 'Loss of the day',
    setting: 'risk.maxDailyLossFraction',
    unit: 'fraction',
    limit: ({ settings }) => settings.risk.maxDailyLossFraction,
    value: ({ book, markedEquity }) => fallen(book.dayStartEquity, worseOf(book.equity, markedEquity)),
  },
  weeklyLoss: {
    title: 'Loss of the week',
    setting: 'risk.maxWeeklyLossFraction',
    unit: 'fraction',
    limit: ({ settings }) => settings.risk.maxWeeklyLossFraction,
    value: ({ book, markedEquity }) => fallen(book.weekStartEquity, worseOf(book.equity, markedEquity)),
  },
  drawdown: {
    title: 'Fall from the highest equity',
    setting: 'risk.maxDrawdownFraction',
    unit: 'fraction',
    limit: ({ settings }) => settings.risk.maxDrawdownFraction,
    value: ({ book, markedEquity }) => fallen(book.peakEquity, worseOf(book.equity, markedEquity)),
  },
  unknownMark: {
    title: 'Longest time that something held could not be valued',
    setting: 'protection.unknownMarkSeconds',
    unit: 'seconds',
    limit: ({ settings }) => settings.protection.unknownMarkSeconds,
    value: ({ unmarkedMs }) => unmarkedMs / 1000,
  },
  drift: {
    title: 'Our book differs from the broker’s',
    setting: 'failsafe.driftPolls',
    unit: 'differences',
    limit: () => 0,
    value: ({ lastDifferences }) => lastDifferences?.differences.filter(({ resolved }) => !resolved).length ?? null,
  },
  books: {
    title: 'Cash that nobody can account for',
    setting: 'failsafe.unknownCashDollars',
    unit: 'dollars',
    limit: ({ settings }) => settings.failsafe.unknownCashDollars,
    value: ({ cashBook }) =>
      cashBook === null ? null : cashBook.unknown.reduce((sum, { amount }) => sum + Math.abs(amount), 0) / 100,
  },
  audit: {
    title: 'Orders of the day that the journal does not prove',
    setting: 'protection.severities.audit',
    unit: 'orders',
    limit: () => 0,
    value: ({ lastAudit }) => (lastAudit === null ? null : lastAudit.unintended + lastAudit.duplicates + lastAudit.lost),
  },
  errors: {
    title: 'Hard errors today',
    setting: 'failsafe.maxErrorsPerDay',
    unit: 'errors',
    limit: ({ settings }) => settings.failsafe.maxErrorsPerDay,
    value: ({ day }) => day?.errors ?? null,
  },
  rejects: {
    title: 'Orders that the broker refused today',
    setting: 'failsafe.maxRejectsPerDay',
    unit: 'orders',
    limit: ({ settings }) => settings.failsafe.maxRejectsPerDay,
    value: ({ day }) => day?.rejects ?? null,
  },
  slippage: {
    title: 'Fills far worse than decided today',
    setting: 'protection.maxSlippageOutliersPerDay',
    unit: 'fills',
    limit: ({ settings }) => settings.protection.maxSlippageOutliersPerDay,
    value: ({ day }) => day?.outliers ?? null,
  },
  feedDeath: {
    title: 'Age of the market data',
    setting: 'protection.feedDeadSeconds',
    unit: 'seconds',
    limit: ({ settings }) => settings.protection.feedDeadSeconds,
    value: ({ dataAt, now }) => (dataAt === null ? null : Math.max(0, now - dataAt) / 1000),
  },
  clockSkew: {
    title: 'Our clock against the broker’s',
    setting: 'protection.maxClockSkewMs',
    unit: 'milliseconds',
    limit: ({ settings }) => settings.protection.maxClockSkewMs,
    value: ({ machine }) => machine.get('clockSkew')?.value ?? null,
  },
  diskSpace: {
    title: 'Free disk of the data folder',
    setting: 'protection.minDiskMegabytes',
    unit: 'megabytes',
    limit: ({ settings }) => settings.protection.minDiskMegabytes,
    value: ({ machine }) => machine.get('diskFree')?.value ?? null,
  },
  loopLag: {
    title: 'Longest stand-still of the program',
    setting: 'protection.maxLoopLagMs',
    unit: 'milliseconds',
    limit: ({ settings }) => settings.protection.maxLoopLagMs,
    value: ({ machine }) => machine.get('loopLag')?.value ?? null,
  },
  heap: {
    title: 'Memory of the program',
    setting: 'protection.maxHeapFraction',
    unit: 'fraction',
    limit: ({ settings }) => settings.protection.maxHeapFraction,
    value: ({ machine }) => machine.get('heap')?.value ?? null,
  },
  runaway: {
    title: 'Entries that the order throttles refused in a minute',
    setting: 'risk.maxThrottledPerMinute',
    unit: 'orders',
    limit: ({ settings }) => settings.risk.maxThrottledPerMinute,
    value: ({ throttled }) => throttled,
  },
  alertUnseen: {
    title: 'Oldest critical alert not acknowledged',
    setting: 'protection.alertAcknowledgeSeconds',
    unit: 'seconds',
    limit: ({ settings }) => settings.protection.alertAcknowledgeSeconds,
    value: ({ alerts, now }) => (alerts[0] ? (now - alerts[0].at) / 1000 : null),
  },
};

/** The figure of a trigger as it stands, and its limit. */
export function figureOf(trigger: Trigger, view: EngineView): { readonly value: number | null; readonly limit: number } {
  const { value, limit } = TABLE[trigger];
  return { value: value(view), limit: limit(view) };
}

/** Always critical: there is no limit and no choice. */
const FIXED: readonly (readonly [trigger: string, title: string])[] = [
  ['journalWrite', 'The journal cannot be written'],
  ['invariant', 'An assertion of the program is broken'],
];

/** Everything that may stop the engine by itself, with where it stands. */
export function protectionOf(desk: Desk): ProtectionView {
  const view = desk.view();
  const { severities, onHigh, onCritical } = view.settings.protection;
  const tripped = new Set(view.breakers.map(({ breaker }) => breaker));
  const triggers = TRIGGERS.map((trigger): TriggerView => {
    const { title, setting, unit, limit, value } = TABLE[trigger];
    const last = view.lastTrips.get(trigger);
    return {
      trigger,
      title,
      severity: severities[trigger],
      isChosen: true,
      value: value(view),
      limit: limit(view),
      unit,
      setting,
      isTripped: tripped.has(trigger),
      lastAt: last?.at ?? null,
      lastWhat: last?.what ?? '',
    };
  });
  return {
    triggers: [...triggers, ...FIXED.map(([trigger, title]) => fixed(view, trigger, title))],
    acts: [
      { severity: 'low', does: 'is journalled' },
      { severity: 'medium', does: 'is journalled and told' },
      { severity: 'high', does: HIGH[onHigh] },
      { severity: 'critical', does: CRITICAL[onCritical] },
    ],
    cooling: view.breakers.flatMap(({ breaker, detail, until }) =>
      until !== null && until > view.now ? [{ breaker, detail, until }] : [],
    ),
  };
}

const HIGH = {
  pause: 'holds entries back until it is over; positions are watched on',
  stopEntries: 'stops entries until you release the switch; positions are watched on',
  freeze: 'cancels everything and halts until you release the switch',
} as const;
const CRITICAL = {
  stopEntries: 'stops entries and must be acknowledged',
  freeze: 'cancels everything, halts, and must be acknowledged',
  flatten: 'closes everything, then halts, and must be acknowledged',
} as const;

function fixed(view: EngineView, trigger: string, title: string): TriggerView {
  const last = view.lastTrips.get(trigger);
  return {
    trigger,
    title,
    severity: 'critical',
    isChosen: false,
    value: null,
    limit: null,
    unit: '',
    setting: '',
    isTripped: false,
    lastAt: last?.at ?? null,
    lastWhat: last?.what ?? '',
  };
}

function fallen(from: number | null, to: number | null): number | null {
  return from === null || to === null || from <= 0 ? null : Math.max(0, from - to) / from;
}

/** The two figures that the limits are asked against: the broker's less the spreads, and our own at the newest marks. */
function worseOf(reported: number | null, marked: number | null): number | null {
  return reported === null || marked === null ? (reported ?? marked) : Math.min(reported, marked);
}
