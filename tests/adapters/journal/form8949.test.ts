import { describe, expect, it } from 'vitest';
import { form8949Csv, taxRows } from '#adapters/journal/form8949';
import { cents, instant, isoDate } from '#domain/units';
import type { BrokerActivity } from '#ports/broker';
import type { JournalFact } from '#ports/facts';
import type { JournalRow } from '#ports/journal';

const at = (date: string) => instant(Date.parse(`${date}T15:30:00Z`));
let seq = 0;
const row = (date: string, fact: JournalFact): JournalRow => {
  seq += 1;
  return { seq, at: at(date), fact, hash: '' };
};
const fill = (date: string, symbol: string, contracts: number, price: number): JournalRow =>
  row(date, {
    kind: 'OrderReported',
    intentId: `i${seq}`,
    attempt: 1,
    report: {
      kind: 'orderFilled',
      clientOrderId: 'c',
      brokerOrderId: 'b',
      executionId: `x${seq}`,
      contracts: 1,
      cumulativeContracts: 1,
      netPrice: price,
      legs: [{ symbol, contracts, price }],
      complete: true,
      at: at(date),
    },
  });
const activity = (date: string, change: Partial<BrokerActivity>): JournalRow =>
  row(date, {
    kind: 'ActivityBooked',
    positionId: null,
    activity: {
      activityId: `a${seq}`,
      kind: 'expiration',
      code: '',
      symbol: null,
      quantity: 0,
      price: null,
      netCash: cents(0),
      groupId: null,
      date: isoDate(date),
      at: at(date),
      ...change,
    },
  });
const PUT = 'XYZ260417P00095000';

describe('the export for Form 8949', () => {
  it('a put written for 2.00 and bought back for 0.80: proceeds 200, basis 80, closed on one day, short', () => {
    const [only] = taxRows([fill('2026-03-10', PUT, -1, 2), fill('2026-03-20', PUT, 1, 0.8)]);
    expect(only).toMatchObject({ form: '8949', acquired: '2026-03-20', sold: '2026-03-20', proceeds: 20_000, basis: 8_000 });
    expect(only).toMatchObject({ gain: 12_000, term: 'short', note: 'written 2026-03-10' });
  });

  it('a written put that expires keeps its premium', () => {
    const rows = taxRows([
      fill('2026-03-10', PUT, -1, 2),
      activity('2026-04-17', { kind: 'expiration', symbol: PUT, quantity: 1 }),
    ]);
    expect(rows).toMatchObject([{ proceeds: 20_000, basis: 0, gain: 20_000 }]);
  });

  it('assignment makes no row: 95 paid less 2.00 premium is a basis of 9,300, sold for 9,600', () => {
    const rows = taxRows([
      fill('2026-03-10', PUT, -1, 2),
      activity('2026-04-17', { kind: 'assignment', symbol: PUT, quantity: 1, groupId: 'g' }),
      activity('2026-04-17', {
        kind: 'optionTrade',
        symbol: 'XYZ',
        quantity: 100,
        price: 95,
        netCash: cents(-950_000),
        groupId: 'g',
      }),
      fill('2026-05-04', 'XYZ', -100, 96),
    ]);
    expect(rows).toMatchObject([{ description: '100 XYZ', proceeds: 960_000, basis: 930_000, gain: 30_000 }]);
  });

  it('takes the premium into the shares whichever of the two rows the broker tells first, with and without a group', () => {
    for (const groupId of ['g', null])
      for (const deliveredFirst of [false, true]) {
        const written = fill('2026-03-10', PUT, -1, 2);
        const option = () => activity('2026-04-17', { kind: 'assignment', symbol: PUT, quantity: 1, groupId });
        const cash = cents(-950_000);
        const shares = () =>
          activity('2026-04-17', { kind: 'optionTrade', symbol: 'XYZ', quantity: 100, price: 95, netCash: cash, groupId });
        const told = deliveredFirst ? [shares(), option()] : [option(), shares()];
        const rows = taxRows([written, ...told, fill('2026-05-04', 'XYZ', -100, 96)]);
        expect(rows).toMatchObject([{ description: '100 XYZ', proceeds: 960_000, basis: 930_000, gain: 30_000 }]);
      }
  });

  const tradeAt = (date: string, symbol: string, quantity: number, price: number) =>
    activity(date, { kind: 'fill', code: 'FILL', symbol, quantity, price, netCash: cents(0) });

  it('counts what another hand bought back in the same account, and each of our own fills once', () => {
    const rows = taxRows([
      fill('2026-03-10', PUT, -1, 2),
      tradeAt('2026-03-10', PUT, -1, 2),
      tradeAt('2026-03-12', PUT, 1, 5),
      fill('2026-03-16', PUT, -2, 4),
      tradeAt('2026-03-16', PUT, -1, 4.01),
      tradeAt('2026-03-16', PUT, -1, 3.99),
      fill('2026-03-18', PUT, 2, 1),
      tradeAt('2026-03-18', PUT, 2, 1),
    ]);
    expect(rows).toMatchObject([
      { proceeds: 20_000, basis: 50_000, gain: -30_000, note: expect.stringMatching(/traded elsewhere too/) },
      { description: `2 ${PUT}`, proceeds: 80_000, basis: 20_000, gain: 60_000, note: expect.not.stringMatching(/elsewhere/) },
    ]);
  });

  it('names shares whose purchase it does not know, and lets them make no false lot', () => {
    const rows = taxRows([
      fill('2026-03-10', 'XYZ', -100, 100),
      fill('2026-03-10', PUT, -1, 2),
      activity('2026-04-17', { kind: 'assignment', symbol: PUT, quantity: 1, groupId: 'g' }),
      activity('2026-04-17', { kind: 'optionTrade', symbol: 'XYZ', quantity: 100, netCash: cents(-950_000), groupId: 'g' }),
      fill('2026-05-04', 'XYZ', -100, 96),
    ]);
    expect(rows).toMatchObject([
      { description: '100 XYZ', basis: 930_000, proceeds: 960_000, gain: 30_000 },
      {
        description: '100 XYZ',
        proceeds: 1_000_000,
        note: expect.stringMatching(/^basis not known: bought before this journal/),
      },
    ]);
  });

  it('is long after more than a year by the calendar, leap years too', () => {
    const held = (from: string, to: string) => taxRows([fill(from, 'XYZ', 100, 100), fill(to, 'XYZ', -100, 110)])[0]?.term;
    expect(held('2027-06-01', '2028-06-01')).toBe('short');
    expect(held('2027-06-01', '2028-06-02')).toBe('long');
    expect(held('2028-02-29', '2029-02-28')).toBe('short');
    expect(held('2028-02-29', '2029-03-01')).toBe('long');
  });

  it('a loss that was bought again is marked W and added back; an index option goes to Form 6781', () => {
    const SPX = 'SPXW260417P05000000';
    const rows = taxRows([
      fill('2026-03-10', 'XYZ', 100, 100),
      fill('2026-03-12', 'XYZ', -100, 90),
      fill('2026-03-20', 'XYZ', 100, 92),
      fill('2026-03-10', SPX, 1, 10),
      fill('2026-03-12', SPX, -1, 4),
      fill('2026-03-13', SPX, 1, 5),
    ]);
    expect(rows[0]).toMatchObject({ code: 'W', adjustment: 100_000, gain: 0 });
    expect(rows[1]).toMatchObject({ form: '6781', code: '', gain: -60_000, note: 'Section 1256: 60 % long, 40 % short' });
    expect(form8949Csv(rows).split('\r\n')[1]).toBe(
      '8949,100 XYZ,2026-03-10,2026-03-12,9000.00,10000.00,W,1000.00,0.00,short,100 replaced by XYZ bought on 2026-03-20',
    );
  });

  it('a loss of December that an assignment in January replaces: W in 2026, and the basis goes on in 2027', () => {
    const WRITTEN = 'XYZ270115P00095000';
    const journal = [
      fill('2026-11-02', 'XYZ', 100, 100),
      fill('2026-12-10', WRITTEN, -1, 2),
      fill('2026-12-20', 'XYZ', -100, 90),
      activity('2027-01-15', { kind: 'assignment', symbol: WRITTEN, quantity: 1, groupId: 'g' }),
      activity('2027-01-15', { kind: 'optionTrade', symbol: 'XYZ', quantity: 100, netCash: cents(-950_000), groupId: 'g' }),
      fill('2027-03-01', 'XYZ', -100, 110),
    ];
    const [loss, ...others] = taxRows(journal, 2026);
    expect(others).toEqual([]);
    expect(loss).toMatchObject({ code: 'W', adjustment: 100_000, gain: 0 });
    expect(loss?.note).toBe('100 replaced by XYZ bought on 2027-01-15, in the next tax year');
    // 9,500 paid less 200 premium plus the 1,000 that was not allowed: 10,300 of basis, sold for 11,000.
    expect(taxRows(journal, 2027)).toMatchObject([{ basis: 1_030_000, proceeds: 1_100_000, gain: 70_000 }]);
    expect(taxRows(journal)).toHaveLength(2);
  });

  it('a call on 100 shares bought after 150 were sold at a loss takes two thirds of it away', () => {
    const CALL = 'XYZ260619C00100000';
    const rows = taxRows([
      fill('2026-03-02', 'XYZ', 150, 100),
      fill('2026-03-10', 'XYZ', -150, 94),
      fill('2026-04-09', CALL, 1, 3),
      fill('2026-05-20', CALL, -1, 5),
    ]);
    expect(rows[0]).toMatchObject({ code: 'W', adjustment: 60_000, gain: -30_000 });
    expect(rows[0]?.note).toBe(`100 replaced by ${CALL} bought on 2026-04-09`);
    expect(rows[1]).toMatchObject({ basis: 90_000, proceeds: 50_000, code: '' });
    const dayLater = taxRows([
      fill('2026-03-02', 'XYZ', 150, 100),
      fill('2026-03-10', 'XYZ', -150, 94),
      fill('2026-04-10', CALL, 1, 3),
    ]);
    expect(dayLater[0]).toMatchObject({ code: '', adjustment: 0, gain: -90_000, note: '' });
  });

  it('what is a judgement is noted, not disallowed: another strike, a put written again, shares after a call', () => {
    const [OTHER, CALL, NEXT] = ['XYZ260417P00090000', 'XYZ260417C00100000', 'XYZ260619C00110000'];
    const noted = (journal: JournalRow[]) => taxRows(journal)[0];
    const late = fill('2026-09-01', 'ABC', 1, 1);
    expect(
      noted([fill('2026-03-10', PUT, -1, 2), fill('2026-03-20', PUT, 1, 3), fill('2026-03-25', OTHER, -1, 1), late]),
    ).toMatchObject({
      code: '',
      gain: -10_000,
      note: `written 2026-03-10; may be a wash sale: wrote ${OTHER} on 2026-03-25`,
    });
    expect(
      noted([fill('2026-03-10', CALL, 1, 2), fill('2026-03-20', CALL, -1, 1), fill('2026-03-25', NEXT, 1, 1), late])?.note,
    ).toBe(`may be a wash sale: bought ${NEXT} on 2026-03-25`);
    expect(
      noted([fill('2026-03-10', CALL, 1, 2), fill('2026-03-20', CALL, -1, 1), fill('2026-03-25', 'XYZ', 100, 1), late])?.note,
    ).toBe('may be a wash sale: bought XYZ on 2026-03-25');
    // A put bought is no kin of a put written, nor of shares; a gain has none at all.
    expect(
      noted([fill('2026-03-10', PUT, -1, 2), fill('2026-03-20', PUT, 1, 3), fill('2026-03-25', OTHER, 1, 1), late])?.note,
    ).toBe('written 2026-03-10');
    expect(
      noted([fill('2026-03-10', 'XYZ', 100, 10), fill('2026-03-20', 'XYZ', -100, 9), fill('2026-03-25', PUT, 1, 1), late])?.note,
    ).toBe('');
    expect(
      noted([fill('2026-03-10', PUT, -1, 2), fill('2026-03-20', PUT, 1, 1), fill('2026-03-25', OTHER, -1, 1), late])?.note,
    ).toBe('written 2026-03-10');
  });

  it('an account of real money is told alone, by its own lots: what paper holds is not closed by it', () => {
    const session = (date: string, account: string, mode: 'live' | 'paper') =>
      row(date, {
        kind: 'SessionStarted',
        mode,
        account,
        build: '',
        configHash: '',
        schemaVersion: 1,
        startCash: null,
        detail: '',
      });
    const paper = [session('2026-03-02', 'PA1', 'paper'), fill('2026-03-02', PUT, -1, 2)];
    const live = [session('2026-03-03', '847', 'live'), fill('2026-03-03', PUT, -1, 3), fill('2026-03-04', PUT, 1, 1)];
    const again = [session('2026-03-05', 'PA1', 'paper'), fill('2026-03-05', PUT, 1, 0.5)];
    expect(taxRows([...paper, ...live, ...again])).toMatchObject([{ proceeds: 30_000, basis: 10_000, gain: 20_000 }]);
    expect(taxRows([...paper, ...again])).toMatchObject([{ proceeds: 20_000, basis: 5_000 }]);
  });

  it('a loss whose 30 days are not over when the journal ends says until when', () => {
    const journal = [fill('2026-03-02', 'XYZ', 100, 100), fill('2026-03-10', 'XYZ', -100, 94)];
    expect(taxRows(journal)[0]?.note).toBe('30 days open until 2026-04-09');
    expect(taxRows([...journal, fill('2026-04-08', 'ABC', 1, 1)])[0]?.note).toBe('30 days open until 2026-04-09');
    expect(taxRows([...journal, fill('2026-04-09', 'ABC', 1, 1)])[0]?.note).toBe('');
  });
});
