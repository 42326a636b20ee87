import { describe, expect, it } from 'vitest';
import type { BrokerOrder } from '#ports/broker';
import type { EngineDesk } from '#support/engineDesk';
import { holdingSpread, LONG, onlyPosition, SHORT } from './spread.ts';

const SUCCESSOR = 'elsewhere-1';

/** Another hand's order that buys back the spread, resting at the broker. */
function restsElsewhere(desk: EngineDesk, contracts: number): BrokerOrder {
  const order: BrokerOrder = {
    brokerOrderId: 'b:successor',
    clientOrderId: SUCCESSOR,
    status: 'working',
    underlying: 'XYZ',
    assetClass: 'option',
    legs: [
      { symbol: SHORT, side: 'buy', ratio: 1, intent: 'buyToClose' },
      { symbol: LONG, side: 'sell', ratio: 1, intent: 'sellToClose' },
    ],
    contracts,
    filledContracts: 0,
    filledNetPrice: null,
    legFillPrices: [null, null],
    netLimit: -3.5,
    submittedAt: desk.now,
    updatedAt: desk.now,
  };
  desk.openElsewhere.push(order);
  return order;
}

/** What it fills in the account, at 4.60 and 1.10. */
function fillsElsewhere(desk: EngineDesk, contracts: number): void {
  desk.openElsewhere.splice(0);
  desk.trades({ symbol: SHORT, contracts, price: 4.6 });
  desk.trades({ symbol: LONG, contracts: -contracts, price: 1.1 });
}

/** Two spreads whose stop was at the broker when another hand moved its price: the successor for both rests there. */
function stopChangedElsewhere(): EngineDesk {
  const desk = holdingSpread(2);
  desk.price('XYZ', 93).price(SHORT, 5.2).price(LONG, 1.4).pass(130);
  const order = desk.only();
  expect(order.request).toMatchObject({ purpose: 'close', contracts: 2 });
  order.status = 'replaced';
  restsElsewhere(desk, 2);
  for (let n = 0; n < 90 && !desk.notes.includes('Another hand changed an order'); n += 1) desk.pass(1);
  return desk;
}

const told = (desk: EngineDesk) => desk.factsOf('FaultRecorded').map(({ fault }) => fault.code);

describe('a stop whose order another hand changed', () => {
  it('takes the successor back before it is sent again, and is never sent beside it', () => {
    const desk = stopChangedElsewhere();
    const sent = desk.orders.size;
    desk.cancels = 'lost';
    desk.pass(200);
    expect(desk.orders.size).toBe(sent);
    expect(told(desk)).toContain('externalTakenBack');
    expect(told(desk).filter((code) => code === 'exitNotSent')).toHaveLength(1);
    expect(desk.notes.filter((title) => title === 'XYZ: an urgent exit was not sent')).toHaveLength(1);
    desk.cancels = 'confirmed';
    desk.pass(130);
    expect(desk.openElsewhere).toEqual([]);
    expect(desk.only().request).toMatchObject({ purpose: 'close', contracts: 2 });
    desk.fills();
    expect(desk.book()).toEqual({});
  });

  it('is over when the successor fills after all: the spread is not reversed', () => {
    const desk = stopChangedElsewhere();
    const sent = desk.orders.size;
    desk.cancels = 'lost';
    desk.pass(62);
    fillsElsewhere(desk, 2);
    desk.pass(300);
    expect(desk.orders.size).toBe(sent);
    expect(desk.book()).toEqual({});
  });

  it('does not count as gone what filled while the account was not seen again', () => {
    const desk = stopChangedElsewhere();
    const sent = desk.orders.size;
    desk.cancels = 'lost';
    desk.pass(55);
    const [successor] = desk.openElsewhere;
    if (!successor) throw new Error('the successor rests no more');
    fillsElsewhere(desk, 2);
    desk.snapshots = 'failing';
    desk.report({ kind: 'externalOrderSeen', order: { ...successor, status: 'filled', filledContracts: 2 }, at: desk.now });
    desk.pass(200);
    expect(desk.orders.size).toBe(sent);
    desk.snapshots = 'answered';
    desk.pass(70);
    expect(desk.orders.size).toBe(sent);
    expect(desk.book()).toEqual({});
  });

  it('goes within seconds of the successor’s end, when the stream’s word of it is lost and looks are rare', () => {
    const desk = holdingSpread(2, { settings: { positions: { checkSeconds: 240 }, failsafe: { sweepSeconds: 300 } } });
    restsElsewhere(desk, 2);
    desk.cancels = 'lost';
    desk.price('XYZ', 93).price(SHORT, 5.2).price(LONG, 1.4);
    for (let n = 0; n < 600 && !told(desk).includes('externalTakenBack'); n += 1) desk.pass(1);
    const sent = desk.orders.size;
    desk.pass(4);
    desk.openElsewhere.splice(0);
    desk.pass(8);
    expect(desk.orders.size).toBe(sent + 1);
    expect(desk.only().request).toMatchObject({ purpose: 'close', contracts: 2 });
  });

  it('goes the same way when everything is flattened', () => {
    const desk = holdingSpread(2);
    restsElsewhere(desk, 2);
    desk.pass(61);
    desk.command({ kind: 'throwKillSwitch', verb: 'flatten', reason: 'out' });
    expect(desk.resting()).toEqual([]);
    expect(desk.openElsewhere).toEqual([]);
    desk.pass(3);
    expect(desk.only().request).toMatchObject({ purpose: 'close', contracts: 2 });
  });
});

describe('an order of another hand that closes a spread', () => {
  it('holds a profit back, untouched, and the owner is told once', () => {
    const desk = holdingSpread(2);
    restsElsewhere(desk, 2);
    desk.pass(61);
    desk.price('XYZ', 110).price(SHORT, 0.12).price(LONG, 0.05).pass(2_000);
    expect(desk.orders.size).toBe(1);
    expect(desk.openElsewhere).toHaveLength(1);
    expect(desk.notes.filter((title) => title === 'XYZ: an exit waits')).toHaveLength(1);
    desk.openElsewhere.splice(0);
    desk.pass(1_000);
    expect(desk.factsOf('ExitTriggered').at(-1)?.reason).toBe('takeProfit');
  });

  it('stands against the owner’s own close of as much, and names itself', () => {
    const desk = holdingSpread(2);
    restsElsewhere(desk, 2);
    desk.pass(61);
    const { positionId } = onlyPosition(desk);
    const close = (contracts: number) => desk.command({ kind: 'closePosition', positionId, contracts, netLimit: null });
    expect(close(2)).toMatchObject({
      kind: 'refused',
      reasons: [{ gate: 'reduceOnly', note: expect.stringContaining(SUCCESSOR) }],
    });
    expect(desk.openElsewhere).toHaveLength(1);
  });

  it('of one leaves the other to the owner', () => {
    const desk = holdingSpread(2);
    restsElsewhere(desk, 1);
    desk.pass(61);
    const { positionId } = onlyPosition(desk);
    const close = (contracts: number) => desk.command({ kind: 'closePosition', positionId, contracts, netLimit: null });
    expect(close(2)).toMatchObject({ kind: 'refused' });
    expect(close(1)).toMatchObject({ kind: 'done' });
    expect(desk.only().request.contracts).toBe(1);
  });
});

describe('a desk that is halted', () => {
  it('leaves the other hand’s order alone: it could send nothing in its place', () => {
    const desk = holdingSpread(2);
    restsElsewhere(desk, 2);
    desk.pass(61);
    desk.command({ kind: 'throwKillSwitch', verb: 'freeze', reason: 'wait' });
    desk.price('XYZ', 93).price(SHORT, 5.2).price(LONG, 1.4).pass(300);
    expect(desk.factsOf('ExitTriggered').at(-1)?.reason).toBe('stopLoss');
    expect(desk.openElsewhere).toHaveLength(1);
  });
});
