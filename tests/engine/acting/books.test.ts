import { describe, expect, it } from 'vitest';
import { atNewYork } from '#domain/market/calendar';
import { occSymbol } from '#domain/market/instrument';
import { cents, isoDate, plusMs } from '#domain/units';
import type { EngineDesk } from '#support/engineDesk';
import { holdingSpread, LONG, onlyPosition, quietDesk, SHORT, sellSpread } from './spread.ts';

const TODAY = isoDate('2026-03-10');
const HOUR = 3_600;
/** Premium of the 95/90 spread at 1.20 and what our schedule takes for its two legs. */
const PREMIUM = 12_000;
const FEES = 11;

/** From eleven in the morning to after the day's books are closed at half past five. */
function toTheEvening(desk: EngineDesk): EngineDesk {
  return desk.pass(6.6 * HOUR);
}

/** On to the next morning's first look, a quarter of an hour before the open. */
function toTheMorning(desk: EngineDesk): EngineDesk {
  return desk.pass(15.9 * HOUR);
}

function evening(desk: EngineDesk) {
  const [day] = desk.factsOf('DayReconciled');
  if (!day) throw new Error('the day was not reconciled');
  return day;
}

function morning(desk: EngineDesk) {
  const settled = desk.factsOf('DayReconciled').find(({ stage }) => stage === 'settled');
  if (!settled) throw new Error('the day was not settled');
  return settled;
}

describe('the end of the day', () => {
  it('agrees with the broker to the cent and to the contract, cause by cause', () => {
    const desk = holdingSpread();
    toTheEvening(desk);
    expect(evening(desk)).toMatchObject({
      date: TODAY,
      stage: 'close',
      compared: { fills: 2, brokerFills: 2, positions: 2, activities: 2 },
      cash: { opening: 10_000_000, fills: PREMIUM, fees: -FEES, corrections: 0, ours: 10_011_989, theirs: 10_011_989 },
      feesBooked: FEES,
      feesCharged: null,
      differences: [],
    });
    desk.tells({ kind: 'fee', code: 'FEE', netCash: cents(-FEES), date: TODAY });
    toTheMorning(desk);
    expect(morning(desk)).toMatchObject({ date: TODAY, feesCharged: FEES, differences: [] });
    expect(desk.factsOf('CashBooked')).toEqual([]);
  });

  it('is closed on the next good look when the one at half past five failed, and by the next start when the program died then', () => {
    const failed = holdingSpread();
    failed.pass(6.4 * HOUR);
    failed.snapshots = 'failing';
    failed.pass(0.2 * HOUR);
    expect(failed.factsOf('DayClosed')).toEqual([]);
    failed.snapshots = 'answered';
    failed.pass(120);
    expect(failed.factsOf('DayReconciled')).toMatchObject([{ date: TODAY, stage: 'close', differences: [] }]);
    expect(failed.factsOf('DayClosed')).toMatchObject([{ date: TODAY }]);
    const died = holdingSpread();
    died.pass(6.4 * HOUR);
    died.now = atNewYork(TODAY, '19:00');
    died.start();
    died.pass(60);
    expect(died.factsOf('DayReconciled')).toMatchObject([{ date: TODAY, stage: 'close' }]);
    expect(died.factsOf('DayClosed')).toHaveLength(1);
    died.start();
    died.pass(60);
    expect(died.factsOf('DayClosed')).toHaveLength(1);
  });

  it('is closed once, with no look too many, when another look overtakes the one that was to close it', () => {
    const desk = holdingSpread();
    desk.pass(6.4 * HOUR);
    desk.snapshots = 'held';
    desk.pass(0.2 * HOUR);
    for (const state of ['disconnected', 'connected'] as const)
      desk.post({ kind: 'connectionChanged', at: desk.now, change: { channel: 'updates', state, detail: '', at: desk.now } });
    expect(desk.heldLooks).toHaveLength(2);
    let arrived = 0;
    while (arrived < 20 && desk.lookArrives()) arrived += 1;
    expect(arrived).toBeLessThanOrEqual(4);
    expect(desk.factsOf('DayClosed')).toHaveLength(1);
  });

  it('fees of 13 cents where the schedule says 11 are booked as charged, with both figures', () => {
    const desk = holdingSpread();
    desk.cash -= 2;
    toTheEvening(desk);
    desk.tells({ kind: 'fee', code: 'FEE', netCash: cents(-13), date: TODAY });
    toTheMorning(desk);
    expect(desk.factsOf('CashBooked')).toMatchObject([{ amount: -2, classification: 'feesDiffer', date: TODAY }]);
    expect(morning(desk)).toMatchObject({ feesBooked: 11, feesCharged: 13, cash: { ours: desk.cash, theirs: desk.cash } });
    expect(desk.engine.view().breakers).toEqual([]);
  });

  it('a paper account that charges nothing has its fees taken out of the books by the morning', () => {
    const desk = holdingSpread();
    desk.cash += FEES;
    toTheMorning(toTheEvening(desk));
    expect(desk.factsOf('CashBooked')).toMatchObject([{ amount: FEES, classification: 'feesDiffer' }]);
    expect(desk.engine.view().cashBook?.cash).toBe(10_012_000);
  });

  it('fees that were taken without an activity are confirmed by the cash itself', () => {
    const desk = holdingSpread();
    toTheMorning(toTheEvening(desk));
    expect(desk.factsOf('CashBooked')).toEqual([]);
    expect(morning(desk).differences).toMatchObject([{ subject: 'fees', classification: 'feesNotTold', ended: 'explained' }]);
  });

  it('a fill that the broker paid otherwise than it told is booked at the broker’s price', () => {
    const desk = holdingSpread();
    const told = desk.activities.find(({ symbol }) => symbol === SHORT);
    desk.activities.splice(desk.activities.indexOf(told ?? desk.activities[0]!), 1, {
      ...told!,
      netCash: cents(told!.netCash - 100),
    });
    desk.cash -= 100;
    toTheEvening(desk);
    expect(desk.factsOf('CashBooked')).toMatchObject([{ amount: -100, classification: 'priceDiffers', subject: SHORT }]);
    expect(evening(desk).cash).toMatchObject({ corrections: -100, ours: desk.cash, theirs: desk.cash });
    expect(desk.engine.view().cashBook?.cash).toBe(10_011_889);
  });

  it('a fill of ours that the broker’s record lacks is for the owner: entries stop', () => {
    const desk = holdingSpread();
    desk.activities.splice(0);
    toTheEvening(desk);
    expect(evening(desk).differences.map(({ classification }) => classification)).toEqual([
      'fillMissingThere',
      'fillMissingThere',
    ]);
    expect(desk.engine.view().breakers).toMatchObject([{ breaker: 'books', severity: 'high' }]);
  });

  it('an assignment that the broker tells of as an expiry is for the owner', () => {
    const desk = holdingSpread();
    desk.pass(60);
    desk.now = atNewYork(TODAY, '17:00');
    desk.hold(SHORT, 1);
    desk.hold('XYZ', 100);
    desk.cash -= 950_000;
    desk.pass(HOUR);
    expect(evening(desk).cash).toMatchObject({ clearing: -950_000, ours: desk.cash, theirs: desk.cash });
    desk.tells({ kind: 'expiration', code: 'OPEXP', symbol: SHORT, quantity: 1, date: TODAY });
    toTheMorning(desk);
    const found = desk.factsOf('Reconciled').flatMap(({ differences }) => differences);
    expect(found.at(-1)).toMatchObject({
      subject: SHORT,
      ours: 'assigned',
      theirs: 'expired',
      classification: 'clearingDiffers',
      ended: 'escalated',
    });
    expect(desk.engine.view().breakers).toMatchObject([{ breaker: 'books' }]);
  });
});

describe('cash', () => {
  it('that moved by five dollars without a reason is booked after half a minute, and stops entries', () => {
    const desk = holdingSpread();
    desk.pass(10);
    desk.cash -= 500;
    desk.pass(41);
    expect(desk.engine.view().lastDifferences?.differences).toMatchObject([
      { kind: 'cash', ours: '$100119.89', theirs: '$100114.89', classification: 'unknownCash', ended: 'waiting' },
    ]);
    desk.pass(25);
    expect(desk.factsOf('CashBooked')).toEqual([]);
    desk.pass(10);
    // Up to the day's fees, which the broker may still take, a movement is not unknown yet.
    const [booked] = desk.factsOf('CashBooked');
    expect(booked).toMatchObject({ classification: 'unknown', amount: -500 + FEES + 1 });
    expect(desk.engine.view().breakers).toMatchObject([{ breaker: 'books' }]);
    expect(desk.engine.view().entriesBlockedBy).toContain('breaker: books');
  });

  it('of forty cents is told and booked, and nothing stops', () => {
    const desk = quietDesk();
    desk.cash += 40;
    desk.pass(85);
    expect(desk.factsOf('CashBooked')).toMatchObject([{ amount: 40, classification: 'unknown' }]);
    expect(desk.notes).toContain('The books differ');
    expect(desk.engine.view().breakers).toEqual([]);
  });

  it('an activity that comes later takes the unknown amount back and books its own', () => {
    const desk = quietDesk();
    desk.cash += 40;
    desk.pass(85);
    desk.tells({ kind: 'interest', code: 'INT', netCash: cents(40) });
    desk.pass(60);
    expect(desk.factsOf('CashBooked').map(({ amount, classification }) => [amount, classification])).toEqual([
      [40, 'unknown'],
      [-40, 'explainedLater'],
    ]);
    expect(desk.engine.view().cashBook).toMatchObject({ cash: 10_000_040, unknown: [] });
  });

  it('a withdrawal of 20,000 dollars is no loss: the marks of the loss limits go with it', () => {
    const desk = quietDesk();
    desk.pass(61);
    desk.cash -= 2_000_000;
    desk.equity -= 2_000_000;
    desk.tells({ kind: 'transfer', code: 'CSW', netCash: cents(-2_000_000) });
    desk.pass(61);
    expect(desk.engine.view().breakers).toEqual([]);
    expect(desk.engine.view().account.dayStartEquity).toBe(8_000_000);
    expect(desk.engine.view().lastDifferences?.differences).toMatchObject([
      { kind: 'activity', subject: 'CSW', theirs: '-$20000.00', classification: 'withdrawal', ended: 'booked' },
    ]);
  });

  it('of a dividend on shares that are gone is booked without a position', () => {
    const desk = quietDesk();
    desk.cash += 2_350;
    desk.tells({ kind: 'dividend', code: 'DIV', symbol: 'XYZ', quantity: 100, netCash: cents(2_350) });
    desk.pass(61);
    expect(desk.engine.view().cashBook?.cash).toBe(10_002_350);
    expect(desk.engine.view().lastDifferences?.differences).toMatchObject([{ classification: 'dividend', ended: 'booked' }]);
  });
});

describe('another hand', () => {
  it('that closes a leg at 1.87 has it booked at 1.87 at the next look, not at the mid of 2.10', () => {
    const desk = holdingSpread();
    desk.pass(10);
    desk.trades({ symbol: SHORT, contracts: 1, price: 1.87 });
    desk.cash -= 3;
    desk.pass(61);
    const changed = desk.factsOf('PositionChanged').find(({ why }) => why === 'closed elsewhere');
    expect(changed?.position.cashFlow).toBe(PREMIUM - 18_700);
    expect(desk.factsOf('CashBooked')).toEqual([]);
  });

  it('that buys 2 calls at 3.31 has them adopted at 3.31, to the cent', () => {
    const desk = quietDesk();
    desk.pass(10);
    desk.trades({ symbol: LONG, contracts: 2, price: 3.31 });
    desk.cash -= 11;
    desk.pass(61);
    expect(onlyPosition(desk)).toMatchObject({ strategyId: 'external', cashFlow: -66_200 });
    expect(desk.engine.view().cashBook?.day.elsewhere).toBe(-66_200);
  });

  it('that bought and sold again between two looks is found by the day’s books', () => {
    const desk = quietDesk();
    desk.pass(10);
    desk.trades({ symbol: LONG, contracts: 1, price: 0.9 });
    desk.trades({ symbol: LONG, contracts: -1, price: 0.7 });
    toTheEvening(desk);
    expect(desk.factsOf('CashBooked')).toMatchObject([{ amount: -2_000, classification: 'tradedElsewhere', subject: LONG }]);
    expect(desk.engine.view().cashBook?.cash).toBe(desk.cash);
  });
});

describe('on the last day', () => {
  it('a short leg that the broker bought back at 0.06 while nobody heard it has not expired: it cost six dollars', () => {
    const desk = holdingSpread();
    desk.pass(10);
    desk.now = atNewYork(isoDate('2026-04-17'), '15:59');
    desk.trades({ symbol: SHORT, contracts: 1, price: 0.06 });
    desk.cash -= 5;
    desk.hold(LONG, -1);
    desk.now = atNewYork(isoDate('2026-04-17'), '17:00');
    desk.start().pass(60);
    const found = desk.factsOf('Reconciled').flatMap(({ differences }) => differences);
    expect(found.map(({ subject, classification }) => [subject, classification])).toEqual([
      [SHORT, 'external'],
      [LONG, 'expired'],
    ]);
    expect(desk.factsOf('PositionClosed')[0]?.trade.outcome.pnl).toBe(PREMIUM - 600 - FEES - 5);
    expect(desk.engine.view().cashBook?.cash).toBe(desk.cash);
    expect(desk.factsOf('CashBooked')).toEqual([]);
  });

  it('an account that lags behind our own fill is not another hand’s trade', () => {
    const desk = quietDesk();
    desk.pass(10);
    sellSpread(desk);
    const report = desk.fill(desk.only());
    const told = desk.activities.splice(0);
    const held = [...desk.holdings];
    desk.holdings.clear();
    desk.report(report);
    desk.pass(3);
    expect(desk.engine.view().lastDifferences?.differences.map(({ ended }) => ended)).toEqual(['waiting', 'waiting']);
    for (const [symbol, quantity] of held) desk.holdings.set(symbol, quantity);
    desk.activities.push(...told);
    desk.pass(60);
    expect(onlyPosition(desk)).toMatchObject({ units: 1, cashFlow: PREMIUM });
    expect(desk.engine.view().lastDifferences?.differences).toEqual([]);
  });
});

describe('the broker’s record of the account', () => {
  const dividend = { kind: 'dividend', code: 'DIV', symbol: 'XYZ', netCash: cents(2_400) } as const;
  const booked = (desk: EngineDesk) =>
    desk.factsOf('ActivityBooked').filter(({ activity }) => activity.code === 'DIV' && !activity.cancelled);

  it('is read with an overlap: a row published after a younger one is booked, once', () => {
    const desk = holdingSpread();
    desk.pass(HOUR);
    desk.tells({ kind: 'fee', code: 'FEE', netCash: cents(-FEES), date: TODAY });
    desk.pass(60);
    desk.cash += 2_400;
    desk.tells({ ...dividend, activityId: 'a0', at: plusMs(desk.now, -2 * 86_400_000) });
    desk.pass(HOUR);
    expect(booked(desk)).toHaveLength(1);
    expect(desk.engine.view().cashBook?.cash).toBe(desk.cash);
    expect(desk.factsOf('CashBooked')).toEqual([]);
    expect(desk.engine.view().breakers).toEqual([]);
  });

  it('may be late with both sides of a round trip: nothing is put right before it has spoken, and an evening without it is told', () => {
    const roundTrip = (): EngineDesk => {
      const desk = holdingSpread();
      desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: -1.25 });
      desk.fills();
      return desk;
    };
    const desk = roundTrip();
    const rows = desk.activities.splice(0);
    expect(rows).toHaveLength(4);
    desk.pass(300);
    expect(desk.factsOf('CashBooked')).toEqual([]);
    desk.activities.push(...rows);
    desk.pass(300);
    expect(desk.factsOf('CashBooked')).toEqual([]);
    expect(desk.engine.view().cashBook?.cash).toBe(desk.cash);
    expect(desk.engine.view().breakers).toEqual([]);

    const untold = roundTrip();
    untold.activities.splice(0);
    toTheEvening(untold);
    expect(evening(untold).differences.map(({ classification }) => classification)).toContain('fillMissingThere');
    expect(untold.factsOf('CashBooked')).toEqual([]);
  });

  it('does not explain cash by a settlement that was booked before', () => {
    const desk = holdingSpread();
    desk.tells({ kind: 'exercise', code: 'OPEXC', symbol: LONG.replace('XYZ', 'SPX'), quantity: -1, netCash: cents(500) });
    desk.cash += 500;
    desk.pass(120);
    const settlements = () => desk.factsOf('CashBooked').filter(({ classification }) => classification === 'settlementPrice');
    const before = settlements().length;
    desk.cash += 70_000;
    desk.pass(300);
    expect(settlements()).toHaveLength(before);
    expect(desk.engine.view().breakers).toMatchObject([{ breaker: 'books' }]);
  });

  it('may take back what it told: nothing is booked, and it is told once', () => {
    const desk = holdingSpread();
    desk.tells({ ...dividend, kind: 'other', netCash: cents(0), cancelled: true });
    desk.pass(300);
    expect(booked(desk)).toEqual([]);
    expect(desk.notes.filter((title) => title === 'The broker cancelled an activity: DIV of XYZ')).toHaveLength(1);
    expect(desk.engine.view().cashBook?.cash).toBe(desk.cash);
  });

  it('may take back what was booked: it is told once, and the next start knows of it', () => {
    const desk = holdingSpread();
    desk.cash += 2_400;
    desk.tells(dividend);
    desk.pass(120);
    expect(booked(desk)).toHaveLength(1);
    const told = desk.activities.pop();
    if (!told) throw new Error('nothing was told');
    desk.activities.push({ ...told, kind: 'other', netCash: cents(0), cancelled: true });
    desk.pass(120);
    desk.start();
    desk.pass(120);
    expect(desk.notes.filter((title) => title === 'The broker cancelled an activity: DIV of XYZ')).toHaveLength(1);
  });
});

describe('a call against shares of another position', () => {
  it('that is assigned brings its strike once: the shares’ position has it, the call keeps its premium', () => {
    const call = occSymbol({ root: 'XYZ', expiration: isoDate('2026-03-13'), right: 'call', strike: 98 });
    const desk = quietDesk().price(call, 2.5);
    desk.pass(10);
    desk.trades({ symbol: 'XYZ', contracts: 100, price: 100 });
    desk.pass(61);
    desk.command({ kind: 'openStructure', legs: [{ symbol: call, ratio: -1 }], contracts: 1, netLimit: 2.5, note: '' });
    desk.fills();
    const fees = desk.engine.view().positions.reduce((sum, { position }) => sum + position.fees, 0);
    desk.now = atNewYork(isoDate('2026-03-13'), '16:45');
    desk.hold(call, 1);
    desk.hold('XYZ', -100);
    desk.cash += 980_000;
    desk.start().pass(60);
    const trades = desk
      .factsOf('PositionClosed')
      .map(({ trade }) => [trade.structure, trade.outcome.exitReason, trade.outcome.pnl]);
    expect(trades).toEqual([
      ['longStock', 'calledAway', -20_000],
      ['nakedCall', 'assigned', 25_000 - fees],
    ]);
    expect(desk.engine.view().cashBook?.cash).toBe(desk.cash);
  });
});

describe('a restart', () => {
  it('folds the same cash book', () => {
    const desk = holdingSpread();
    desk.cash -= 500;
    desk.tells({ kind: 'interest', code: 'INT', netCash: cents(17) });
    desk.cash += 17;
    toTheMorning(toTheEvening(desk));
    expect(desk.folded().view().cashBook).toEqual(desk.engine.view().cashBook);
    expect(desk.engine.view().cashBook?.cash).toBe(desk.cash);
  });

  it('on a journal without a cash book begins one with the broker’s word', () => {
    const desk = holdingSpread();
    const older = desk.facts.filter(({ fact }) => fact.kind !== 'CashBookOpened');
    desk.facts.splice(0, desk.facts.length, ...older);
    desk.cash = 4_242_424;
    desk.start().pass(61);
    expect(desk.engine.view().cashBook?.cash).toBe(4_242_424);
    expect(desk.factsOf('CashBooked')).toEqual([]);
  });
});
