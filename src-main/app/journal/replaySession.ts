import { canonicalJson } from '#adapters/journal/canonicalJson';
import { openSession, type TapeHead } from '#adapters/sessionTape/sessionTape';
import type { Instant } from '#domain/units';
import { noteWireId } from '#ports/clientOrderId';
import type { JournalFact } from '#ports/facts';
import type { JournalReader, JournalRow } from '#ports/journal';
import type { LatchRecord } from '#ports/latch';
import { buildEngine } from '../buildEngine.ts';

export interface SessionReplay {
  readonly ok: boolean;
  readonly build: string;
  /** False: the session was another program's; its decisions need not come out the same. */
  readonly sameBuild: boolean;
  readonly events: number;
  /** Facts that the engine stated again, and verdicts among them. */
  readonly facts: number;
  readonly decisions: number;
  /** Rows of the session that came after the tape's last event: a death may have taken a second of it. */
  readonly rowsAfterTape: number;
  readonly firstDifference: { readonly seq: number; readonly journal: string; readonly replayed: string } | null;
}

/** Rows that the desk writes by itself, between those of the engine. */
const OF_THE_DESK: ReadonlySet<JournalFact['kind']> = new Set([
  'SettingChanged',
  'SettingHeldBack',
  'LiveStepTaken',
  'WrongCodeCounted',
  'OpinionAsked',
  'OpinionEnded',
  'SessionEnded',
]);

/**
 * Tells a new engine what the session's engine was told, in the same order and under the same kill switch, and compares every fact
 * that it states with the journal's row, letter by letter: the same verdicts, orders and exits, with the same numbers.
 */
export function replaySession(path: string, journal: JournalReader, build: string): SessionReplay {
  const { head, entries } = openSession(path);
  let latch: LatchRecord = { state: 'HALTED', reason: 'the tape has not begun', by: 'replay', at: head.at };
  const wireIds = new Map<string, string>();
  const engine = buildEngine({
    settings: head.settings,
    capabilities: head.capabilities,
    feedCapabilities: head.feedCapabilities,
    latch: { read: () => latch, write() {}, replace: () => true },
    mode: head.mode,
    venue: head.venue,
    account: head.account,
    journalId: head.journalId,
    build: head.build,
    feeSchedule: head.feeSchedule,
    wireIds,
    earlierFacts: before(journal, head, wireIds),
  });
  const rows = journal.rows(head.firstSeq)[Symbol.iterator]();
  let events = 0;
  let facts = 0;
  let decisions = 0;
  const told = { build: head.build, sameBuild: head.build === build };
  for (const entry of entries()) {
    events += 1;
    latch = entry.latch ?? latch;
    for (const outcome of engine.process(entry.event)) {
      if (outcome.kind !== 'journal') continue;
      const replayed = canonicalJson(outcome.fact);
      const row = nextOf(rows, replayed);
      const written = row === null ? 'nothing' : canonicalJson(row.fact);
      if (written !== replayed) {
        const firstDifference = { seq: row?.seq ?? 0, journal: written, replayed };
        return { ok: false, ...told, events, facts, decisions, rowsAfterTape: 0, firstDifference };
      }
      if (row !== null) noteWireId(wireIds, head.journalId, row);
      facts += 1;
      if (outcome.fact.kind === 'ProposalDecided') decisions += 1;
    }
  }
  return { ok: true, ...told, events, facts, decisions, rowsAfterTape: left(rows), firstDifference: null };
}

/** The engine's next row: what the desk wrote meanwhile is passed over, unless it is what the engine says too. */
function nextOf(rows: Iterator<JournalRow>, replayed: string): JournalRow | null {
  for (let next = rows.next(); !next.done; next = rows.next()) {
    const row = next.value;
    if (!OF_THE_DESK.has(row.fact.kind) || canonicalJson(row.fact) === replayed) return row;
  }
  return null;
}

function* before(
  journal: JournalReader,
  { firstSeq, journalId }: Pick<TapeHead, 'firstSeq' | 'journalId'>,
  wireIds: Map<string, string>,
): Generator<{ at: Instant; fact: JournalFact }> {
  for (const row of journal.rows(1)) {
    if (row.seq >= firstSeq) return;
    noteWireId(wireIds, journalId, row);
    yield { at: row.at, fact: row.fact };
  }
}

/** What follows in the same session. */
function left(rows: Iterator<JournalRow>): number {
  let count = 0;
  for (let next = rows.next(); !next.done && next.value.fact.kind !== 'SessionStarted'; next = rows.next())
    if (!OF_THE_DESK.has(next.value.fact.kind)) count += 1;
  return count;
}
