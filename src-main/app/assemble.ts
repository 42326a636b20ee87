import { refuseUnknown } from '#adapters/journal/migrate';
import { recordSession, type SessionTape, type TapeHead } from '#adapters/sessionTape/sessionTape';
import { DEFAULT_FEES, type FeeSchedule } from '#domain/portfolio/fees';
import type { Instant } from '#domain/units';
import type { Engine } from '#engine/engine';
import { createRuntime, type Runtime, type RuntimeParts } from '#modes/runtime';
import type { Broker } from '#ports/broker';
import { noteWireId } from '#ports/clientOrderId';
import type { JournalReader, JournalWriter } from '#ports/journal';
import type { Latch } from '#ports/latch';
import type { MarketData } from '#ports/marketData';
import type { EngineSettings } from '#ports/settings/settings';
import { buildEngine } from './buildEngine.ts';

export interface AssemblyParts {
  readonly settings: EngineSettings;
  readonly broker: Broker;
  readonly feed: MarketData;
  readonly journal: { readonly writer: JournalWriter; readonly reader: JournalReader };
  readonly latch: Latch;
  readonly mode: 'live' | 'paper' | 'backtest';
  readonly venue?: 'embedded' | 'alpaca-paper' | 'alpaca-live';
  readonly account: string;
  readonly build: string;
  readonly feeSchedule?: FeeSchedule;
  now(): Instant;
  onNotification?: RuntimeParts['onNotification'];
  onJournalled?: RuntimeParts['onJournalled'];
  onAgendaChanged?: () => void;
  onCrash?: RuntimeParts['onCrash'];
  beforeSend?: RuntimeParts['beforeSend'];
  /** Where everything that the engine is told is recorded; absent: nowhere. */
  readonly tape?: string;
  /** It cannot be recorded (the disk is full): it is traded all the same. */
  onTapeFailed?(error: unknown): void;
}

export interface Assembly {
  readonly engine: Engine;
  readonly runtime: Runtime;
  readonly tape: SessionTape | null;
  /** Posts the first event: fold, snapshot, reconcile, trade. */
  start(): void;
}

/** The one place where an engine is joined to a broker, a feed, a journal and a latch; every mode goes through here. */
export function assemble(parts: AssemblyParts): Assembly {
  const { writer, reader } = parts.journal;
  const wireIds = new Map<string, string>();
  function* earlierFacts() {
    for (const row of reader.rows(1)) {
      refuseUnknown(row);
      noteWireId(wireIds, writer.journalId, row);
      yield { at: row.at, fact: row.fact };
    }
  }
  const given = {
    settings: parts.settings,
    capabilities: parts.broker.capabilities,
    feedCapabilities: parts.feed.capabilities,
    mode: parts.mode,
    venue: parts.venue ?? null,
    account: parts.account,
    journalId: writer.journalId,
    build: parts.build,
    feeSchedule: parts.feeSchedule ?? DEFAULT_FEES,
  };
  const tape = openTape(parts, { ...given, firstSeq: writer.head().seq + 1, at: parts.now() });
  const engine = buildEngine({ ...given, wireIds, latch: parts.latch, earlierFacts: earlierFacts() });
  const runtime = createRuntime({
    engine,
    broker: parts.broker,
    feed: parts.feed,
    journal: writer,
    latch: parts.latch,
    wireIds,
    now: parts.now,
    onNotification: parts.onNotification ?? (() => {}),
    onJournalled: parts.onJournalled ?? (() => {}),
    onAgendaChanged: parts.onAgendaChanged ?? (() => {}),
    onCrash: parts.onCrash ?? (() => {}),
    ...(parts.beforeSend ? { beforeSend: parts.beforeSend } : {}),
    ...(tape ? { onEvent: (event) => tape.record(event, parts.latch.read()) } : {}),
  });
  return { engine, runtime, tape, start: () => runtime.post({ kind: 'started', at: parts.now() }) };
}

function openTape({ tape, onTapeFailed }: AssemblyParts, head: TapeHead): SessionTape | null {
  if (tape === undefined) return null;
  try {
    return recordSession(tape, head);
  } catch (error) {
    onTapeFailed?.(error);
    return null;
  }
}
