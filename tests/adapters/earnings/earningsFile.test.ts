import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEarnings, readEarningsFile } from '#adapters/feeds/earnings/earningsFile';

describe('the owner’s calendar of earnings', () => {
  it('reads rows, passes over names of columns and remarks, and names the line and field of what is wrong', () => {
    const text = [
      'symbol,date,timing',
      '# from the broker’s page',
      'AAPL,2026-01-29,AMC',
      'JPM, 2026-01-14 ,beforeOpen',
      '',
      'apple,2026-01-29,AMC',
      'MSFT,2026-02-30,AMC',
      'KO,2026-02-10,noon',
      'KO,2026-02-10',
    ].join('\r\n');
    expect(parseEarnings(text)).toEqual({
      dates: [
        { underlying: 'AAPL', date: '2026-01-29', timing: 'afterClose' },
        { underlying: 'JPM', date: '2026-01-14', timing: 'beforeOpen' },
      ],
      problems: [
        { line: 6, field: 'symbol', message: "'apple' is not a symbol" },
        { line: 7, field: 'date', message: "'2026-02-30' is not a date YYYY-MM-DD" },
        { line: 8, field: 'timing', message: "'noon' is neither beforeOpen nor afterClose" },
        { line: 9, field: 'row', message: 'has 2 columns, not 3: symbol,date,timing' },
      ],
    });
  });

  it('tells a missing file from an empty one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'strikedesk-earnings-'));
    try {
      expect(readEarningsFile(join(folder, 'earnings.csv'))).toBeNull();
      writeFileSync(join(folder, 'earnings.csv'), '');
      expect(readEarningsFile(join(folder, 'earnings.csv'))).toEqual({ dates: [], problems: [] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('never throws, and accounts for every line, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { dates, problems } = parseEarnings(text);
        expect(dates.length + problems.length).toBeLessThanOrEqual(text.split(/\r?\n/).length);
      }),
    );
  });
});
