import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseJsonc } from '#adapters/settings/jsonc';
import { settingsSchema } from '#app/settingsSchema';
import { startSettings } from '#support/settingsStart';

let home = '';
let file = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'strikedesk-hand-'));
  file = join(home, 'settings.jsonc');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const HAND = 'file edited by hand, variable taken away or a new default';
const LIVE = { broker: { venue: 'alpaca-live' } };
const write = (settings: object): void => writeFileSync(file, `// by hand\n${JSON.stringify(settings)}`);
const inFile = (name = file): unknown => parseJsonc(readFileSync(name, 'utf8'));

const start = (options: Parameters<typeof startSettings>[1] = {}) => startSettings(home, options);

/** One start and stop with these settings in the file. */
function ran(settings: object): void {
  write(settings);
  start().stop();
}

describe('a settings file that was edited while nothing ran', () => {
  it('takes force on paper, each value on record with the old one', () => {
    ran({ risk: { maxPositions: 5 } });
    write({ risk: { maxPositions: 30, maxOrdersPerDay: 12 } });
    const desk = start({ environment: { STRIKEDESK_RISK_MAX_POSITIONS_PER_SECTOR: '9' } });
    expect(desk.risk()).toMatchObject({ maxPositions: 30, maxOrdersPerDay: 12, maxPositionsPerSector: 9 });
    expect(desk.off.map(({ path, oldValue, newValue, by }) => [path, oldValue, newValue, by])).toEqual([
      ['risk.maxOrdersPerDay', String(settingsSchema.parse({}).risk.maxOrdersPerDay), '12', `${HAND}, while stopped`],
      ['risk.maxPositions', '5', '30', `${HAND}, while stopped`],
      ['risk.maxPositionsPerSector', '5', '9', 'STRIKEDESK_RISK_MAX_POSITIONS_PER_SECTOR, while stopped'],
    ]);
    expect(desk.held()).toEqual([]);
    desk.stop();
    const again = start({ environment: { STRIKEDESK_RISK_MAX_POSITIONS_PER_SECTOR: '9' } });
    expect(again.off).toEqual([]);
    again.stop();
  });

  it('tightens at once and loosens nothing with real money; the sentence names the setting, both values and the way', () => {
    ran({ ...LIVE, risk: { maxPositions: 5, maxPositionsPerSector: 4 } });
    write({ ...LIVE, risk: { maxPositions: 30, maxPositionsPerSector: 2 } });
    const desk = start();
    expect(desk.risk()).toMatchObject({ maxPositions: 5, maxPositionsPerSector: 2 });
    expect(desk.store.view().problems).toEqual([
      {
        path: 'risk.maxPositions',
        message:
          'risk.maxPositions: 30 (settings.jsonc) could let more risk through than 5, which stays in force with real money. If you want it, set it in the Settings panel while nothing is held or worked.',
      },
    ]);
    expect(desk.off.map(({ path }) => path)).toEqual(['risk.maxPositionsPerSector']);
    desk.stop();
    // Asked for at every start, held back at every start.
    const again = start();
    expect(again.risk().maxPositions).toBe(5);
    // A later change in the window does not write the looser value in.
    expect(again.store.change([{ path: 'risk.maxPositionsPerSymbol', value: 1 }], 'owner')).toEqual([]);
    expect(inFile()).toMatchObject({ risk: { maxPositions: 5, maxPositionsPerSector: 2, maxPositionsPerSymbol: 1 } });
    expect(again.store.view().problems).toEqual([]);
    again.stop();
  });

  it('takes a looser value from the window, over restarts', () => {
    ran({ ...LIVE, risk: { maxPositions: 5 } });
    write({ ...LIVE, risk: { maxPositions: 30 } });
    const desk = start();
    expect(desk.store.change([{ path: 'risk.maxPositions', value: 30 }], 'owner')).toEqual([]);
    desk.stop();
    const next = start();
    expect([next.risk().maxPositions, next.held(), next.off]).toEqual([30, [], []]);
    next.stop();
  });

  it('holds a line that was taken out, a strategy’s block, and 0 where that is no ceiling', () => {
    const tight = { mode: 'observe', maxPositions: 2, parameters: { shortDelta: 0.15 } };
    const before = { risk: { maxPositions: 5, capitalCeilingDollars: 2_000 }, strategies: { bull_put_spread: tight } };
    ran({ ...before, broker: { venue: 'alpaca-paper' } });
    ran({ ...before, ...LIVE });
    write({
      ...LIVE,
      risk: { capitalCeilingDollars: 0 },
      strategies: { bull_put_spread: { mode: 'auto', maxPositions: 1, parameters: { shortDelta: 0.4 } } },
    });
    const desk = start();
    expect(desk.risk()).toMatchObject({ maxPositions: 5, capitalCeilingDollars: 2_000 });
    expect(desk.store.current().strategies['bull_put_spread']).toMatchObject({ ...tight, maxPositions: 1 });
    expect(desk.held().sort()).toEqual([
      'risk.capitalCeilingDollars 2000 0 settings.jsonc',
      'risk.maxPositions 5 20 the default',
      'strategies.bull_put_spread.mode "observe" "auto" settings.jsonc',
      'strategies.bull_put_spread.parameters.shortDelta 0.15 0.4 settings.jsonc',
    ]);
    desk.stop();
  });

  it('takes of a new strategy block what is tighter, and of one that was taken out what its defaults tighten', () => {
    ran(LIVE);
    write({ ...LIVE, strategies: { iron_condor: { mode: 'observe', maxPositions: 50 } } });
    const desk = start();
    expect(desk.store.current().strategies['iron_condor']).toMatchObject({ mode: 'observe', maxPositions: 6 });
    expect(desk.held()).toEqual(['strategies.iron_condor.maxPositions 6 50 settings.jsonc']);
    desk.stop();
    write(LIVE);
    const without = start();
    expect(without.store.current().strategies['iron_condor']).toMatchObject({ mode: 'observe', maxPositions: 6 });
    expect(without.held()).toEqual(['strategies.iron_condor.mode "observe" "auto" the default']);
    without.stop();
  });

  it('does not follow a variable that loosens; the file’s own value counts, and the window may set it', () => {
    ran({ ...LIVE, risk: { maxPositions: 5 } });
    write({ ...LIVE, risk: { maxPositions: 4 } });
    const environment = { STRIKEDESK_RISK_MAX_POSITIONS: '30' };
    const desk = start({ environment });
    expect(desk.risk().maxPositions).toBe(4);
    expect(desk.held()).toEqual(['risk.maxPositions 4 30 STRIKEDESK_RISK_MAX_POSITIONS']);
    expect(desk.store.view().problems[0]?.message).toContain('Take STRIKEDESK_RISK_MAX_POSITIONS away and set it in');
    expect(desk.store.change([{ path: 'risk.maxPositions', value: 6 }], 'owner')).toEqual([]);
    expect([desk.risk().maxPositions, desk.held().length]).toEqual([6, 1]);
    desk.stop();
    // A variable that tightens does; without it the next time, its value stays.
    const tight = start({ environment: { STRIKEDESK_RISK_MAX_POSITIONS: '2' } });
    expect(tight.risk().maxPositions).toBe(2);
    tight.stop();
    const without = start();
    expect([without.risk().maxPositions, without.held()]).toEqual([2, ['risk.maxPositions 2 6 settings.jsonc']]);
    without.stop();
  });
});

describe('the record that an edit is held against', () => {
  it('is the journal’s: a copy of what was in force that was edited along changes nothing, and is told', () => {
    ran({ ...LIVE, risk: { maxPositions: 5 } });
    const copy = readFileSync(`${file}.in-force`, 'utf8');
    write({ ...LIVE, risk: { maxPositions: 30 } });
    writeFileSync(`${file}.in-force`, copy.replace('"maxPositions":5', '"maxPositions":30'));
    writeFileSync(`${file}.last-good`, JSON.stringify({ ...LIVE, risk: { maxPositions: 30 } }));
    const desk = start();
    expect(desk.record.isContradicted).toBe(true);
    expect([desk.risk().maxPositions, desk.held().length]).toEqual([5, 1]);
    desk.stop();
    const next = start();
    expect(next.record.isContradicted).toBe(false);
    next.stop();
  });

  it('is the stricter of both where the copy is tighter than the journal: a death took the row of it', () => {
    ran({ ...LIVE, risk: { maxPositions: 8 } });
    const copy = readFileSync(`${file}.in-force`, 'utf8');
    writeFileSync(`${file}.in-force`, copy.replace('"maxPositions":8', '"maxPositions":3'));
    const desk = start();
    expect([desk.risk().maxPositions, desk.held()]).toEqual([3, ['risk.maxPositions 3 8 settings.jsonc']]);
    desk.stop();
  });

  it('is vouched for over many starts, changes in the window and by hand, new and removed strategy blocks', () => {
    ran({ broker: { venue: 'alpaca-paper' }, risk: { maxPositions: 8 } });
    for (const [n, blocks] of [{ iron_condor: { maxPositions: 3 } }, {}, { bull_put_spread: { mode: 'off' } }].entries()) {
      write({ broker: { venue: 'alpaca-paper' }, risk: { maxPositions: 9 + n }, strategies: blocks });
      const desk = start();
      expect(desk.record.isContradicted).toBe(false);
      desk.store.change([{ path: 'risk.maxOrdersPerDay', value: 20 + n }], 'owner');
      desk.store.change([{ path: 'strategies.covered_call', value: { mode: 'observe', maxPositions: n + 1 } }], 'owner');
      desk.store.change([{ path: 'risk.maxOrdersPerDay', value: 30 + n }], 'owner');
      desk.stop();
    }
    const last = start();
    expect(last.record).toMatchObject({ isContradicted: false, last: { risk: { maxPositions: 11, maxOrdersPerDay: 32 } } });
    last.stop();
  });

  it('is the stricter of journal and copy where a journal begun anew knows nothing: 3 in the copy, 20 by default', () => {
    ran({ ...LIVE, risk: { maxPositions: 3 } });
    for (const name of readdirSync(home)) if (name.startsWith('journal.db')) rmSync(join(home, name));
    write({ ...LIVE, risk: { maxPositions: 8 } });
    const desk = start();
    expect([desk.risk().maxPositions, desk.held().length]).toEqual([3, 1]);
    desk.stop();
  });

  it('is the default where the journal knows of no other: 30 is told and waits, whatever the copy says', () => {
    write({ ...LIVE, risk: { maxPositions: 30, maxOrdersPerDay: 3 } });
    writeFileSync(`${file}.last-good`, readFileSync(file));
    const desk = start();
    expect(desk.risk()).toMatchObject({ maxPositions: 20, maxOrdersPerDay: 3 });
    expect(desk.held()).toEqual(['risk.maxPositions 20 30 settings.jsonc']);
    desk.stop();
  });

  it('counts on a broken file too, when the last good copy takes its place', () => {
    ran({ ...LIVE, risk: { maxPositions: 5 } });
    writeFileSync(file, '{ "risk": ');
    writeFileSync(`${file}.last-good`, JSON.stringify({ ...LIVE, risk: { maxPositions: 30 } }));
    const desk = start();
    expect([desk.risk().maxPositions, desk.held().length, desk.store.view().problems.length]).toEqual([5, 1, 2]);
    desk.stop();
  });

  it('is what real money had last: loosened on paper in between, it is not followed back', () => {
    ran({ ...LIVE, risk: { maxPositions: 5 } });
    ran({ broker: { venue: 'alpaca-paper' }, risk: { maxPositions: 30 } });
    write({ ...LIVE, risk: { maxPositions: 30 } });
    const desk = start();
    expect([desk.risk().maxPositions, desk.held().length]).toEqual([5, 1]);
    const back = desk.off.find(({ path }) => path === 'risk.maxPositions');
    expect(back).toMatchObject({ oldValue: '30', newValue: '5', by: 'what real money had, while stopped' });
    desk.stop();
  });

  it('is what paper proved when real money is new: its looser values were on record', () => {
    ran({ broker: { venue: 'alpaca-paper' }, risk: { maxPositions: 30 } });
    write({ ...LIVE, risk: { maxPositions: 30 } });
    const desk = start();
    expect([desk.risk().maxPositions, desk.held()]).toEqual([30, []]);
    desk.stop();
  });
});

describe('an edit while the desk runs with real money', () => {
  it('tightens at once, loosens nothing, and another venue in the file changes neither', async () => {
    ran({ ...LIVE, risk: { maxPositions: 5 } });
    const desk = start({ watch: true });
    write({ broker: { venue: 'embedded' }, risk: { maxPositions: 30, maxOrdersPerDay: 3 } });
    await vi.waitFor(() => expect(desk.held()).toEqual(['risk.maxPositions 5 30 settings.jsonc']), 5_000);
    expect(desk.risk()).toMatchObject({ maxPositions: 5, maxOrdersPerDay: 3 });
    write({ ...LIVE, risk: { maxPositions: 5, maxOrdersPerDay: 3 } });
    await vi.waitFor(() => expect(desk.held()).toEqual([]), 5_000);
    desk.stop();
  });
});
