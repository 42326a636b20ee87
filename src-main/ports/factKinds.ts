import type { JournalFact } from './facts.ts';

type Kind = JournalFact['kind'];

/** Every kind of fact once: the compiler asks for a new one here. */
const KNOWN: Readonly<Record<Kind, true>> = {
  ActivityBooked: true,
  AlertAcknowledged: true,
  AlertRaised: true,
  BreakerReset: true,
  BreakerTripped: true,
  CancelRequested: true,
  CashBookOpened: true,
  CashBooked: true,
  ClockJumped: true,
  CommandAnswered: true,
  ConnectionChanged: true,
  CounterfactualMarked: true,
  DailyVolatilityRecorded: true,
  DayAudited: true,
  DayClosed: true,
  DayOpened: true,
  DayReconciled: true,
  ExitPlanChanged: true,
  ExitTriggered: true,
  FaultRecorded: true,
  KillStateChanged: true,
  LiveArmed: true,
  LiveDisarmed: true,
  LiveStepTaken: true,
  NoteEdited: true,
  OrderInDoubt: true,
  OrderIntended: true,
  OrderProved: true,
  OrderReported: true,
  OrderWorkEnded: true,
  PositionChanged: true,
  PositionClosed: true,
  PositionMarked: true,
  PositionOpened: true,
  ProposalAnswered: true,
  ProposalDecided: true,
  Reconciled: true,
  RefusalsRepeated: true,
  RungEnded: true,
  ScanCompleted: true,
  SessionEnded: true,
  SessionStarted: true,
  SettingChanged: true,
  SettingHeldBack: true,
  SlippageNoted: true,
  StrategyModeChanged: true,
  SymbolPauseChanged: true,
  TradingHaltTold: true,
  TrustChanged: true,
  UnrecordedOrderNoted: true,
  WrongCodeCounted: true,
};

/** True when this program knows what a fact of this kind does to the state. One it does not know was written by a newer program. */
export function isKnownKind(kind: string): kind is Kind {
  return Object.hasOwn(KNOWN, kind);
}
