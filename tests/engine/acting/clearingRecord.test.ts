import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { occSymbol } from '#domain/market/instrument';
import { cents, isoDate } from '#domain/units';
import type { BrokerActivity } from '#ports/broker';
import { EngineDesk } from '#support/engineDesk';

const PUT = occSymbol({ root: 'XYZ', expiration: isoDate('2026-04-17'), right: 'put', strike: 95 });
const FRIDAY = isoDate('2026-04-17');

function activity(kind: BrokerActivity['kind'], code: string, date = FRIDAY, symbol: string | null = PUT): BrokerActivity {
  return {
    activityId: `${date}-${code}`,
    kind,
    code,
    symbol,
    quantity: 1,
    price: null,
    netCash: cents(0),
    groupId: null,
    date,
    at: atNewYork(date, '17:00'),
  };
}

/** A short put that is gone after the close of its last day, with or without shares for it. */
function afterExpiry(assigned: boolean): EngineDesk {
  const desk = new EngineDesk()
    .price('XYZ', assigned ? 94 : 100)
    .price(PUT, 2.1)
    .start();
  desk.command({ kind: 'openStructure', legs: [{ symbol: PUT, ratio: -1 }], contracts: 1, netLimit: 2.1, note: '' });
  desk.fills();
  desk.now = atNewYork(FRIDAY, '16:45');
  desk.hold(PUT, 1);
  if (assigned) desk.hold('XYZ', 100);
  desk.start();
  return desk;
}
const reason = (desk: EngineDesk) => desk.factsOf('PositionClosed')[0]?.trade.outcome.exitReason;
/** What the clearing's record said, fills aside. */
const recordOf = (desk: EngineDesk) => desk.factsOf('ActivityBooked').filter((fact) => fact.activity.code.startsWith('OP'));
const nextDay = (desk: EngineDesk, date: string): void => {
  desk.now = atNewYork(isoDate(date), '09:15');
  desk.pass(120);
};

describe('what the positions showed on the day itself', () => {
  it.each([
    [false, 'expired', activity('expiration', 'OPEXP')],
    [true, 'assigned', activity('assignment', 'OPASN')],
  ])('is confirmed by the next day’s activities (assigned: %s)', (assigned, how, record) => {
    const desk = afterExpiry(assigned);
    expect(reason(desk)).toBe(how);
    desk.activities.push(record);
    nextDay(desk, '2026-04-20');
    expect(recordOf(desk)).toMatchObject([{ activity: { code: record.code }, confirms: true }]);
    expect(desk.notes.some((title) => /contradicts|Not confirmed/.test(title))).toBe(false);
    nextDay(desk, '2026-04-24');
    expect(desk.notes.some((title) => title.startsWith('Not confirmed'))).toBe(false);
  });

  it('is contradicted out loud', () => {
    const desk = afterExpiry(false);
    desk.activities.push(activity('assignment', 'OPASN'));
    nextDay(desk, '2026-04-20');
    expect(recordOf(desk)).toMatchObject([{ confirms: false }]);
    expect(desk.notes).toContain(`The broker contradicts: ${PUT}`);
  });

  it('is missed when two sessions pass without a word, once', () => {
    const desk = afterExpiry(false);
    nextDay(desk, '2026-04-21');
    expect(desk.notes).not.toContain(`Not confirmed: ${PUT}`);
    nextDay(desk, '2026-04-22');
    nextDay(desk, '2026-04-23');
    expect(desk.notes.filter((title) => title === `Not confirmed: ${PUT}`)).toHaveLength(1);
  });

  it('needs no confirmation when the record came in the same look', () => {
    const desk = new EngineDesk().price('XYZ', 100).price(PUT, 2.1).start();
    desk.command({ kind: 'openStructure', legs: [{ symbol: PUT, ratio: -1 }], contracts: 1, netLimit: 2.1, note: '' });
    desk.fills();
    desk.now = atNewYork(isoDate('2026-04-20'), '09:15');
    desk.hold(PUT, 1);
    desk.activities.push(activity('expiration', 'OPEXP'));
    desk.start();
    expect(reason(desk)).toBe('expired');
    expect(recordOf(desk)).toHaveLength(1);
    nextDay(desk, '2026-04-24');
    expect(desk.notes.some((title) => title.startsWith('Not confirmed'))).toBe(false);
  });
});
