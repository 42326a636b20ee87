import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournalReader } from '#adapters/journal/journal';
import { JOURNAL_FILE, tradeDay } from '../journalledDay/tradeDay.ts';
import { olderCopies } from './olderCopy.ts';
import { DEEDS, tamperWithEach } from './tamperWithEach.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-tamper-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a journal that somebody changed', () => {
  it('names the row, whatever was done to whichever', async () => {
    await tradeDay({ folder, seed: 7, minutes: 12, wireFile: join(folder, 'wire.txt') });
    const path = join(folder, JOURNAL_FILE);
    const result = tamperWithEach(path, { from: 0, stride: 1 });
    expect(result.rows).toBeGreaterThan(60);
    // Every row, every deed and the end cut off there; the last row has no next to be swapped with.
    expect(result.deeds).toBe(result.rows * (DEEDS.length + 1) - 1);
    expect(result.missed).toEqual([]);
    const { reader, close } = openJournalReader(path);
    expect(reader.verify().ok).toBe(true);
    close();
  }, 120_000);

  it('shows against the broker’s order ids when a whole older copy was put back', async () => {
    const result = await olderCopies(folder, 7);
    expect(result.copies).toBeGreaterThan(5);
    expect(result.missed).toBe(0);
  }, 120_000);
});
