import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isoDate } from '#domain/units';
import { chainRows, writeDay } from '#support/recordedChains';
import { referencePath } from '#support/referenceData';
import { runCommand } from '#support/runCommand';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'strikedesk-replay-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const replay = (chains: string, ...more: string[]) =>
  runCommand('replay', ['--chains', chains, '--layout', 'cboe-eod', '--json', ...more]);

/** Days of May 2019, with everything that recorded folders really hold: a holiday, a hole, a broken row. */
function makeFolder(name: string): { readonly chains: string; readonly rows: number } {
  const chains = join(folder, name);
  mkdirSync(chains);
  const days = ['20', '21', '22', '23', '28', '29', '30', '31'].map((day) => isoDate(`2019-05-${day}`));
  let total = 0;
  days.forEach((date, index) => {
    const rows = chainRows(date, 2_850 + index * 3, 0.2);
    if (index === 1) rows[7] = (rows[7] ?? '').replace(/,500,2000,/, ',many,2000,');
    total += rows.length;
    writeDay(chains, date, rows);
  });
  const stale = chainRows(isoDate('2019-05-27'), 2_850, 0.2);
  writeDay(chains, isoDate('2019-05-27'), stale);
  return { chains, rows: total + stale.length };
}

describe('npm run replay', () => {
  it('trades through recorded chains, and names the holiday, the missing day and the broken row', async () => {
    const { chains, rows } = makeFolder('may');
    const run = await replay(chains, '--strategies', 'bull_put_spread,iron_condor');
    expect(run.err).toMatch(/SPX_20190521\.csv\.gz, line 9, volume: expected a number of 0 or more, found 'many'/);
    const result = run.json();
    expect(result).toMatchObject({
      daysUsed: 8,
      rowsRejected: 1,
      unintendedOrders: 0,
      duplicateOrders: 0,
      lostOrders: 0,
      limitBreaches: 0,
      positionMismatches: 0,
    });
    expect(result['rowsRead']).toBe(rows);
    expect(result['daysSkipped']).toEqual([
      { day: '2019-05-24', reason: 'no file for this trading day' },
      { day: '2019-05-27', reason: expect.stringMatching(/closed/) },
    ]);
    expect(Number(result['tradesOpened'])).toBeGreaterThan(0);
    expect(result['equityEndCents']).toEqual(expect.any(Number));
    expect(run.code).toBe(0);
  }, 60_000);

  it('tells the same story twice', async () => {
    const { chains } = makeFolder('again');
    const [one, two] = await Promise.all([replay(chains), replay(chains)]);
    expect(two.json()['journalHash']).toBe(one.json()['journalHash']);
  }, 60_000);

  it('says in a sentence what it cannot replay', async () => {
    expect((await replay(join(folder, 'nowhere'))).err).toMatch(/There is no folder/);
    const wrong = await replay(folder, '--strategies', 'martingale');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toMatch(/there is no 'martingale'; known are bull_put_spread/);
  });

  it('trades through the real SPX chains of spring 2019 without harm', async () => {
    const chains = referencePath('options/spx_cboe_2019');
    if (chains === null) return;
    const run = await replay(chains, '--strategies', 'bull_put_spread,iron_condor');
    expect(run.code).toBe(0);
    expect(run.json()).toMatchObject({ rowsRead: 467_342, rowsRejected: 0, daysUsed: 33, unintendedOrders: 0, limitBreaches: 0 });
    expect(Number(run.json()['tradesClosed'])).toBeGreaterThan(5);
  }, 120_000);
});
