import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenJournal, openJournal } from '#adapters/journal/journal';
import { cents, instant } from '#domain/units';
import { createLookBack } from '#host/safety/lookBack';
import type { Difference, JournalFact } from '#ports/facts';

/** A sweep every fifty seconds, as the engine writes one while positions move. */
const SWEEP_MS = 50_000;
const at = (row: number) => instant(1_773_154_800_000 + row * SWEEP_MS);

const missedFill: Difference = {
  kind: 'position',
  subject: 'XYZ260417P00095000',
  ours: '0',
  theirs: '-1',
  classification: 'missedFill',
  resolved: true,
  ended: 'booked',
};

const sweep = (differences: readonly Difference[] = []): JournalFact => ({
  kind: 'Reconciled',
  trigger: 'sweep',
  differences,
  equity: cents(10_000_000),
  cash: cents(9_000_000),
});

function refusedTicket(gate: string): JournalFact {
  return {
    kind: 'CommandAnswered',
    issued: {
      commandId: gate,
      at: at(0),
      by: { role: 'owner', via: 'desktop', name: 'owner' },
      command: { kind: 'pauseSymbol', underlying: 'XYZ', paused: true },
    },
    outcome: { kind: 'refused', reasons: [{ gate, passed: false, value: 2, limit: 1, unit: 'contracts' }], message: '' },
  };
}

let folder = '';
let journal: OpenJournal;
let head = 0;

function write(facts: readonly JournalFact[]): void {
  journal.writer.append(
    facts.map((fact, index) => ({ at: at(head + index), fact })),
    { durable: true },
  );
  head += facts.length;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-lookback-'));
  journal = openJournal(join(folder, 'journal.db'), { create: true, journalId: 'lookback' });
  // Early in the morning: an order is refused, and the account shows a fill that was missed.
  write([refusedTicket('notional'), sweep([missedFill])]);
  // A month of sweeps that found nothing.
  write(Array.from({ length: 9_000 }, () => sweep()));
});
afterAll(() => {
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the look back into the journal', () => {
  it('keeps a difference that thousands of quiet comparisons have followed, and the refusal of that morning', () => {
    const seen = createLookBack(journal.reader).upTo(head);
    expect(seen.comparisons).toMatchObject([{ seq: 2, at: at(1), differences: [{ classification: 'missedFill' }] }]);
    expect(seen.byGate.get('notional')).toEqual({ lastAt: at(0), lastWhat: 'Notional refused the owner’s order' });
    expect(seen.since).toBeNull();
  });

  it('reads a stretch at a time and says how far back it has come, until it has read everything', () => {
    const lookBack = createLookBack(journal.reader, 4_000);
    const first = lookBack.upTo(head);
    expect(first.byGate.get('notional')).toBeUndefined();
    expect(first.comparisons).toEqual([]);
    // 9,002 rows: the newest 4,000 begin with row 5,003.
    expect(first.since).toBe(at(5_002));
    expect(lookBack.isDone()).toBe(false);
    expect(lookBack.upTo(head).since).toBe(at(1_002));
    const last = lookBack.upTo(head);
    expect(last.since).toBeNull();
    expect(last.byGate.get('notional')?.lastAt).toBe(at(0));
    expect(last.comparisons).toHaveLength(1);
    expect(lookBack.isDone()).toBe(true);
  });

  it('takes what is new without reading the old again, and keeps the newest two hundred differences', () => {
    const lookBack = createLookBack(journal.reader);
    lookBack.upTo(head);
    write([refusedTicket('notional'), refusedTicket('buyingPower')]);
    expect(lookBack.upTo(head).byGate.get('notional')?.lastAt).toBe(at(9_002));
    expect(lookBack.upTo(head).byGate.get('buyingPower')?.lastAt).toBe(at(9_003));
    write(Array.from({ length: 250 }, () => sweep([missedFill])));
    const { comparisons } = lookBack.upTo(head);
    expect(comparisons).toHaveLength(200);
    expect(comparisons[0]?.seq).toBe(head);
    expect(comparisons.at(-1)?.seq).toBe(head - 199);
  });
});
