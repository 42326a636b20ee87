import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdingSpread, LONG, onlyPosition, quietDesk, SHORT, sellSpread } from './spread.ts';

describe('executions', () => {
  it('count once each by their id, in whatever order they come: 1.20, 1.20 again, 1.26, then the late 1.22', () => {
    const desk = quietDesk();
    sellSpread(desk, 3);
    const order = desk.only();
    const first = desk.fill(order, 1, 1.2);
    const second = desk.fill(order, 1, 1.22);
    const third = desk.fill(order, 1, 1.26);
    for (const report of [first, first, third, third]) desk.report(report);
    expect(onlyPosition(desk)).toMatchObject({ units: 2, cashFlow: 24_600 });
    desk.report(second);
    expect(onlyPosition(desk)).toMatchObject({ units: 3, cashFlow: 36_800 });
    expect(desk.factsOf('OrderReported').filter((fact) => fact.report.kind === 'orderFilled')).toHaveLength(3);
    expect(desk.engine.view().works.get('i1')?.outcome).toBe('filled');
  });

  it('that the stream lost are booked at the broker’s price for them, not at that of the one that tells of it', () => {
    const desk = quietDesk();
    sellSpread(desk, 3);
    const order = desk.only();
    desk.fill(order, 1, 1.2);
    desk.fill(order, 1, 1.22);
    desk.report(desk.fill(order, 1, 1.26));
    expect(onlyPosition(desk)).toMatchObject({ units: 1, cashFlow: 12_600 });
    desk.pass(3);
    expect(onlyPosition(desk)).toMatchObject({ units: 3, cashFlow: 36_800 });
    expect(desk.engine.view().works.get('i1')?.outcome).toBe('filled');
  });

  it('that come after the broker’s book told of them change nothing', () => {
    const desk = quietDesk();
    sellSpread(desk, 3);
    const order = desk.only();
    const late = [desk.fill(order, 1, 1.2), desk.fill(order, 1, 1.22)];
    desk.report(desk.fill(order, 1, 1.26));
    desk.pass(3);
    for (const report of late) desk.report(report);
    desk.pass(60);
    expect(onlyPosition(desk)).toMatchObject({ units: 3, cashFlow: 36_800 });
    expect(desk.book()).toEqual({ [SHORT]: -3, [LONG]: 3 });
    expect(desk.factsOf('Reconciled').flatMap(({ differences }) => differences)).toEqual([]);
  });

  it('that belong to a total told before leave the place of one still missing to that one: 1.20 and 1.22 as a total, then 1.26, then 1.22 late', () => {
    const desk = quietDesk();
    sellSpread(desk, 4);
    const order = desk.only();
    desk.fill(order, 1, 1.2);
    const late = desk.fill(order, 1, 1.22);
    desk.pass(300);
    expect(onlyPosition(desk)).toMatchObject({ units: 2, cashFlow: 24_200 });
    const missing = desk.fill(order, 1, 1.3);
    desk.report(desk.fill(order, 1, 1.26));
    expect(onlyPosition(desk)).toMatchObject({ units: 3, cashFlow: 36_800 });
    desk.report(late);
    expect(onlyPosition(desk)).toMatchObject({ units: 3, cashFlow: 36_800 });
    desk.report(missing);
    expect(onlyPosition(desk)).toMatchObject({ units: 4, cashFlow: 49_800 });
  });

  it('without an id of their own count by the number that they reached', () => {
    const desk = quietDesk();
    sellSpread(desk, 2);
    const order = desk.only();
    const reports = [desk.fill(order, 1), desk.fill(order, 1)].map((report) => ({ ...report, executionId: '' }));
    for (const report of [...reports, ...reports]) desk.report(report);
    expect(onlyPosition(desk)).toMatchObject({ units: 2, cashFlow: 24_000 });
  });

  it('shuffled, repeated and lost at will end in the broker’s book, to the cent and to the contract', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 100, max: 140 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 14 }),
        (prices, picks) => {
          const desk = quietDesk();
          sellSpread(desk, prices.length);
          const order = desk.only();
          const reports = prices.map((cents) => desk.fill(order, 1, cents / 100));
          for (const pick of picks) {
            const report = reports[pick % reports.length];
            if (report) desk.report(report);
          }
          desk.pass(65);
          expect(onlyPosition(desk)).toMatchObject({
            units: prices.length,
            cashFlow: prices.reduce((sum, cents) => sum + cents * 100, 0),
          });
          expect(desk.engine.view().works.get('i1')?.outcome).toBe('filled');
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('executions and totals', () => {
  it('told in any order, one of them now and then by the book of the account, end to the cent and to the contract', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('fill' as const), cents: fc.integer({ min: 100, max: 140 }) }),
      fc.record({ kind: fc.constant('tell' as const), which: fc.nat(20) }),
      fc.record({ kind: fc.constant('look' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 3, maxLength: 20 }), (steps) => {
        const prices = steps.flatMap((each) => (each.kind === 'fill' ? [each.cents] : []));
        if (prices.length === 0) return;
        const desk = quietDesk();
        sellSpread(desk, prices.length);
        const order = desk.only();
        const reports: ReturnType<typeof desk.fill>[] = [];
        for (const each of steps) {
          if (each.kind === 'fill') reports.push(desk.fill(order, 1, each.cents / 100));
          if (each.kind === 'look') desk.pass(65);
          const report = each.kind === 'tell' ? reports[each.which % Math.max(1, reports.length)] : undefined;
          if (report) desk.report(report);
        }
        desk.pass(365);
        expect(onlyPosition(desk)).toMatchObject({
          units: prices.length,
          cashFlow: prices.reduce((sum, cents) => sum + cents * 100, 0),
        });
        expect(desk.factsOf('CashBooked')).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('after each fill of ours', () => {
  it('the account is asked within 3 seconds, once for fills of the same moments', () => {
    const desk = quietDesk();
    sellSpread(desk, 3);
    const looks = () => desk.factsOf('Reconciled').filter(({ trigger }) => trigger === 'fill').length;
    for (const units of [1, 1, 1]) desk.fills(desk.only(), units);
    expect(looks()).toBe(0);
    desk.pass(3);
    expect(looks()).toBe(1);
    desk.pass(20);
    expect(looks()).toBe(1);
  });

  it('a holding that the account lacks is looked at again in 5 seconds, not at the next sweep', () => {
    const desk = holdingSpread();
    desk.pass(60);
    desk.hold(SHORT, 1);
    desk.pass(75);
    const seen = desk.facts.filter(({ fact }) => fact.kind === 'Reconciled' && fact.differences.length > 0);
    expect(seen).toHaveLength(2);
    expect((seen[1]?.at ?? 0) - (seen[0]?.at ?? 0)).toBe(5_000);
  });
});
