import { describe, expect, it } from 'vitest';
import { isoDate } from '#domain/units';
import { EngineDesk } from '#support/engineDesk';
import { LONG, SHORT, sellSpread } from './spread.ts';

/** XYZ reports tomorrow; its history answers or it does not. */
function desk(historyFails: readonly string[] = [], settings = {}): EngineDesk {
  const made = new EngineDesk({ settings }).price('XYZ', 100).price(SHORT, 2.1).price(LONG, 0.88);
  made.earnings = [{ underlying: 'XYZ', date: isoDate('2026-03-11'), timing: 'afterClose' }];
  made.historyFails = historyFails;
  return made.start();
}

const earningsGate = (made: EngineDesk) => {
  const outcome = sellSpread(made);
  return outcome.kind === 'refused' ? outcome.reasons : outcome;
};

describe('a history that does not come', () => {
  it('is no word that no report is due: nothing is opened into tomorrow’s report', () => {
    expect(earningsGate(desk())).toMatchObject([{ gate: 'earnings', value: 1, note: '2026-03-11' }]);
    expect(earningsGate(desk(['XYZ']))).toMatchObject([
      { gate: 'earnings', passed: false, note: 'not known: the history has not come' },
    ]);
  });

  it('holds nothing back where reports are not asked about', () => {
    expect(earningsGate(desk(['XYZ'], { scanner: { earningsBlackoutDays: 0 } }))).toMatchObject({ kind: 'done' });
  });

  it('is told once, and asked for again every five minutes until it comes', () => {
    const made = desk(['XYZ']);
    expect(made.factsOf('FaultRecorded').map(({ where, fault }) => [where, fault.code])).toEqual([['history of XYZ', 'network']]);
    made.pass(299);
    expect(made.historyRequests).toHaveLength(1);
    made.pass(1);
    expect(made.historyRequests).toHaveLength(2);
    made.historyFails = [];
    made.pass(300);
    expect(made.historyRequests).toEqual([['XYZ'], ['XYZ'], ['XYZ']]);
    made.pass(3_000);
    expect(made.historyRequests).toHaveLength(3);
    expect(made.notes.filter((title) => title.startsWith('No history of'))).toEqual(['No history of XYZ']);
    expect(made.factsOf('FaultRecorded')).toHaveLength(1);
    expect(earningsGate(made)).toMatchObject([{ gate: 'earnings', note: '2026-03-11' }]);
  });

  it('of an underlying that is looked at from now on is asked for at once', () => {
    const made = desk();
    const settings = { ...made.engine.view().settings, universe: ['XYZ', 'ABC'] };
    made.post({ kind: 'settingsChanged', at: made.now, settings, changes: [], by: 'owner' });
    expect(made.historyRequests).toEqual([['XYZ'], ['ABC']]);
  });
});
