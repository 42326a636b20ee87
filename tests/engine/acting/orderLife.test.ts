import { describe, expect, it } from 'vitest';
import type { EngineDesk } from '#support/engineDesk';
import { askingDesk } from './sellerDesk.ts';
import { holdingSpread, LONG, onlyPosition, quietDesk, SHORT, sellSpread } from './spread.ts';

describe('an entry', () => {
  it('is written before it is sent, and a fill of 1.20 makes a position that loses at most 380', () => {
    const desk = quietDesk();
    expect(sellSpread(desk).kind).toBe('done');
    expect(desk.only().request).toMatchObject({ netLimit: 1.2, contracts: 1, purpose: 'open' });
    expect(desk.engine.view().positions).toHaveLength(0);
    desk.fills();
    expect(onlyPosition(desk)).toMatchObject({ units: 1, entryCredit: 1.2, cashFlow: 12_000, maxLossPerUnit: 38_000 });
    expect(desk.book()).toEqual({ [SHORT]: -1, [LONG]: 1 });
  });

  it('pressed twice is one order with one answer, and the second press is told that it did nothing', () => {
    const desk = quietDesk();
    const first = sellSpread(desk, 1, 'press');
    expect(first).not.toHaveProperty('repeated');
    const again = {
      ...first,
      message: `This press was answered before: nothing new was sent. ${first.message}`,
      repeated: true,
    };
    expect(sellSpread(desk, 1, 'press')).toEqual(again);
    expect(desk.orders.size).toBe(1);
    desk.start();
    expect(sellSpread(desk, 1, 'press')).toEqual(again);
    expect(desk.orders.size).toBe(1);
    expect(desk.factsOf('CommandAnswered').map(({ outcome }) => outcome)).toEqual([first]);
  });

  it('that filled 1 of 4 and was taken back is closed again', () => {
    const desk = quietDesk();
    sellSpread(desk, 4);
    desk.fills(desk.only(), 1);
    desk.command({ kind: 'cancelOrder', intentId: 'i1' });
    const close = desk.only();
    expect(close.request).toMatchObject({ purpose: 'close', contracts: 1 });
    desk.fills(close);
    expect(desk.factsOf('PositionClosed')[0]?.trade.outcome.exitReason).toBe('partialFillCleanup');
    expect(desk.book()).toEqual({});
  });
});

describe('a cancel', () => {
  it('loses against a fill that was faster', () => {
    const desk = quietDesk();
    sellSpread(desk);
    const order = desk.only();
    desk.cancels = 'lost';
    desk.command({ kind: 'cancelOrder', intentId: 'i1' });
    desk.fills(order);
    expect(onlyPosition(desk).units).toBe(1);
    desk.pass(300);
    expect(desk.orders.size).toBe(1);
  });

  it('that was lost on the way is asked for again until the broker confirms', () => {
    const desk = quietDesk();
    sellSpread(desk);
    desk.cancels = 'lost';
    desk.command({ kind: 'cancelOrder', intentId: 'i1' });
    desk.cancels = 'confirmed';
    desk.pass(6);
    expect(desk.resting()).toHaveLength(0);
    expect(desk.engine.view().works.get('i1')?.outcome).toBe('notFilled');
  });

  it('that is refused is asked for again after a pause, never in answer to an answer', () => {
    const desk = quietDesk();
    sellSpread(desk);
    desk.cancels = 'refused';
    desk.command({ kind: 'cancelOrder', intentId: 'i1' });
    desk.pass(60);
    const refusals = desk.factsOf('OrderReported').filter((fact) => fact.report.kind === 'cancelRefused');
    expect(refusals.length).toBeGreaterThan(3);
    expect(refusals.length).toBeLessThan(20);
    desk.cancels = 'confirmed';
    desk.pass(12);
    expect(desk.resting()).toHaveLength(0);
  });

  it('by the owner ends the whole ladder: no next price follows', () => {
    const desk = holdingSpread();
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    desk.command({ kind: 'cancelOrder', intentId: 'i2' });
    desk.pass(300);
    expect(desk.resting()).toHaveLength(0);
    expect(desk.factsOf('OrderIntended')).toHaveLength(2);
    expect(onlyPosition(desk).units).toBe(1);
  });
});

describe('a ladder', () => {
  it('asks 1.22 to 1.26 for the close in three prices five seconds apart, one order at a time, then rests and gives up', () => {
    const desk = holdingSpread();
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    const seen: number[] = [];
    for (let second = 0; second <= 140; second += 1) {
      const resting = desk.resting();
      expect(resting.length).toBeLessThanOrEqual(1);
      const limit = resting[0]?.request.netLimit;
      if (limit !== undefined && limit !== seen.at(-1)) seen.push(limit);
      desk.pass(1);
    }
    expect(seen).toEqual([-1.22, -1.24, -1.26]);
    expect(desk.factsOf('RungEnded').filter((rung) => rung.outcome === 'notFilled')).toHaveLength(3);
    expect(desk.resting()).toHaveLength(0);
  });

  it('waits for quotes: without them no second price leaves, and the work ends instead of trading on old ones', () => {
    const desk = holdingSpread();
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    desk.quoting = false;
    desk.pass(30);
    expect(desk.factsOf('OrderIntended')).toHaveLength(2);
    expect(desk.resting()).toHaveLength(0);
    desk.pass(60);
    expect(desk.engine.view().works.get('i2')?.outcome).toBe('notFilled');
  });

  it('stops at a disconnect: nothing is kept to be sent later', () => {
    const desk = holdingSpread();
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    desk.quoting = false;
    desk.pass(6);
    const change = { channel: 'data', state: 'disconnected', detail: '', at: desk.now } as const;
    desk.post({ kind: 'connectionChanged', at: desk.now, change });
    desk.quoting = true;
    desk.tick();
    expect(desk.factsOf('OrderIntended')).toHaveLength(2);
    expect(sellSpread(desk).kind).toBe('refused');
  });
});

describe('an order in doubt', () => {
  it('that the broker had accepted is found, taken back and never sent twice', () => {
    const desk = quietDesk();
    desk.submission = 'timesOutAfterAcceptance';
    sellSpread(desk);
    expect(desk.engine.view().orders[0]?.status).toBe('inDoubt');
    const again = sellSpread(desk);
    expect(again).toMatchObject({ kind: 'refused' });
    expect(again.kind === 'refused' && again.reasons.map((gate) => gate.gate)).toContain('orderInDoubt');
    desk.pass(20);
    expect(desk.orders.size).toBe(1);
    expect(desk.factsOf('OrderProved')).toMatchObject([{ outcome: 'found' }]);
    expect(desk.resting()).toHaveLength(0);
  });

  it('that the stream confirms after its price’s time goes on to the next: nothing rests for hours at the first', () => {
    const desk = holdingSpread();
    desk.submission = 'timesOutBeforeAcceptance';
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    desk.submission = 'works';
    const { clientOrderId, request } = desk.engine.view().orders.at(-1) ?? {};
    if (!clientOrderId || !request) throw new Error('nothing was sent');
    // The first look-up found nothing; the broker has it all the same, and says so after seven seconds.
    desk.pass(7);
    expect(desk.engine.view().orders.at(-1)?.status).toBe('inDoubt');
    desk.orders.set(clientOrderId, { id: clientOrderId, request, filled: 0, value: 0, executed: [], status: 'working' });
    desk.report({ kind: 'orderWorking', clientOrderId, brokerOrderId: `b:${clientOrderId}`, at: desk.now });
    expect(desk.only().request).toMatchObject({ attempt: 1, netLimit: -1.22 });
    desk.pass(5);
    expect(desk.only().request).toMatchObject({ intentId: request.intentId, attempt: 2, netLimit: -1.24 });
  });

  it('that filled meanwhile becomes the position', () => {
    const desk = quietDesk();
    desk.submission = 'timesOutAfterAcceptance';
    sellSpread(desk, 2);
    desk.fill(desk.only());
    desk.pass(6);
    expect(desk.book()).toEqual({ [SHORT]: -2, [LONG]: 2 });
    expect(onlyPosition(desk).cashFlow).toBe(24_000);
  });

  it('is sent again only after two spaced look-ups found nothing', () => {
    const desk = quietDesk();
    desk.submission = 'timesOutBeforeAcceptance';
    sellSpread(desk);
    desk.submission = 'works';
    desk.pass(6);
    expect(desk.factsOf('OrderProved')).toHaveLength(0);
    expect(desk.orders.size).toBe(0);
    desk.pass(20);
    expect(desk.factsOf('OrderProved')).toMatchObject([{ outcome: 'absent' }]);
    expect(desk.only().request).toMatchObject({ intentId: 'i1', attempt: 2, netLimit: 1.2 });
  });

  it('is not believed absent while the order stream is down, however often the look-up finds nothing', () => {
    const desk = quietDesk({ settings: { execution: { maxRetries: 0 } } });
    desk.submission = 'timesOutBeforeAcceptance';
    sellSpread(desk);
    const change = { channel: 'updates', state: 'disconnected', detail: '', at: desk.now } as const;
    desk.post({ kind: 'connectionChanged', at: desk.now, change });
    desk.pass(60);
    expect(desk.factsOf('OrderProved')).toHaveLength(0);
    expect(desk.engine.view().orders[0]?.status).toBe('inDoubt');
    desk.post({ kind: 'connectionChanged', at: desk.now, change: { ...change, state: 'connected', at: desk.now } });
    desk.pass(30);
    expect(desk.factsOf('OrderProved')).toMatchObject([{ outcome: 'absent' }]);
  });

  it('that was proved absent and comes 90 seconds late is taken up, told and taken back', () => {
    const desk = quietDesk({ settings: { execution: { maxRetries: 0 } } });
    desk.submission = 'timesOutBeforeAcceptance';
    sellSpread(desk);
    const { request } = desk.factsOf('OrderIntended')[0]!;
    desk.pass(90);
    expect(desk.factsOf('OrderProved')).toMatchObject([{ outcome: 'absent' }]);
    const id = desk.idOf('i1', 1);
    desk.orders.set(id, { id, request, filled: 0, value: 0, executed: [], status: 'working' });
    desk.report({ kind: 'orderAccepted', clientOrderId: id, brokerOrderId: `b:${id}`, at: desk.now });
    expect(desk.factsOf('OrderProved')).toMatchObject([{ outcome: 'absent' }, { outcome: 'found' }]);
    expect(desk.notes).toContain('An order came late');
    expect(desk.resting()).toHaveLength(0);
    expect(desk.factsOf('OrderIntended')).toHaveLength(1);
  });

  it('that comes late is found by the sweep when its acknowledgement is lost, and its fill is booked', () => {
    const desk = quietDesk({ settings: { execution: { maxRetries: 0 } } });
    desk.submission = 'timesOutBeforeAcceptance';
    sellSpread(desk, 2);
    const { request } = desk.factsOf('OrderIntended')[0]!;
    desk.pass(90);
    const id = desk.idOf('i1', 1);
    desk.orders.set(id, { id, request, filled: 0, value: 0, executed: [], status: 'working' });
    desk.cancels = 'lost';
    desk.pass(61);
    expect(desk.notes).toContain('An order came late');
    desk.fill(desk.only());
    desk.pass(61);
    expect(desk.book()).toEqual({ [SHORT]: -2, [LONG]: 2 });
  });
});

describe('an order that another hand changed', () => {
  it('is that hand’s from then on: no next price is sent beside the one in its place', () => {
    const desk = holdingSpread(2);
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    const order = desk.only();
    order.status = 'replaced';
    desk.openElsewhere.push({
      brokerOrderId: 'b:successor',
      clientOrderId: 'elsewhere-1',
      status: 'working',
      underlying: 'XYZ',
      assetClass: 'option',
      legs: order.request.legs,
      contracts: 2,
      filledContracts: 0,
      filledNetPrice: null,
      legFillPrices: [null, null],
      netLimit: -1.1,
      submittedAt: desk.now,
      updatedAt: desk.now,
    });
    desk.pass(300);
    expect(desk.orders.size).toBe(2);
    expect(desk.engine.view().works.get('i2')?.outcome).toBe('notFilled');
    expect(desk.notes).toContain('Another hand changed an order');
    expect(desk.factsOf('FaultRecorded').map(({ fault }) => fault.code)).toContain('orderReplaced');
    expect(desk.engine.riskBook().closingSides.get(SHORT)).toBe(1);
  });
});

describe('an order that somebody cancelled at the broker’s own site', () => {
  const cancelledThere = (desk: EngineDesk): void => {
    const order = desk.only();
    order.status = 'cancelled';
    const { id, filled } = order;
    desk.report({ kind: 'orderCancelled', clientOrderId: id, brokerOrderId: `b:${id}`, filledContracts: filled, at: desk.now });
  };

  it('is an entry that is over: no next price brings it back, and the owner is told', () => {
    const desk = askingDesk('auto');
    desk.pass(31);
    expect(desk.only().request.purpose).toBe('open');
    cancelledThere(desk);
    desk.pass(20);
    expect(desk.resting()).toEqual([]);
    expect(desk.engine.view().works.get('i1')?.outcome).toBe('notFilled');
    expect(desk.notes).toContain('An order was cancelled elsewhere');
    expect(desk.factsOf('FaultRecorded').map(({ fault }) => fault.code)).toEqual(['cancelledElsewhere']);
  });

  it('is an exit that goes on at its next price, told as well', () => {
    const desk = holdingSpread();
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    const { netLimit } = desk.only().request;
    cancelledThere(desk);
    desk.pass(1);
    expect(desk.only().request.purpose).toBe('close');
    expect(desk.only().request.netLimit).toBeLessThan(netLimit);
    expect(desk.notes).toContain('An order was cancelled elsewhere');
  });

  it('after its time at a price was over is none of these: the ladder goes on', () => {
    const desk = holdingSpread();
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    desk.pass(8);
    expect(desk.only().request.attempt).toBe(2);
    expect(desk.notes).not.toContain('An order was cancelled elsewhere');
  });
});

describe('shares alone', () => {
  it('are ordered at the price of one, drawn as a hundred or one by one', () => {
    const desk = quietDesk({ settings: { risk: { maxContractsPerOrder: 100, maxRiskPerTradeFraction: 0.5 } } });
    const legs = [{ symbol: 'XYZ', ratio: 100 }];
    const outcome = desk.command({ kind: 'openStructure', legs, contracts: 1, netLimit: -10_001, note: '' });
    expect(outcome).toMatchObject({ kind: 'done', message: 'Sent: 100 XYZ longStock at -100.01.' });
    expect(desk.only().request).toMatchObject({ assetClass: 'stock', contracts: 100, netLimit: -100.01 });
  });
});

describe('the answer to a ticket', () => {
  it('tells how many went out: 2 asked, 1 let through by the limit of contracts an order', () => {
    const desk = quietDesk({ settings: { risk: { maxContractsPerOrder: 1 } } });
    const message = 'Sent: 1 of 2 XYZ bullPutSpread at 1.20. The risk gate lets no more through.';
    expect(sellSpread(desk, 2)).toMatchObject({ kind: 'done', message });
    expect(desk.only().request.contracts).toBe(1);
    expect(sellSpread(quietDesk(), 2)).toMatchObject({ message: 'Sent: 2 XYZ bullPutSpread at 1.20.' });
  });
});
