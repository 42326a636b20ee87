import { describe, expect, it } from 'vitest';
import { holdingSpread, quietDesk, sellSpread } from './spread.ts';

/** Everything loose except the throttles, so that only they stand in the way of a loop. */
const LOOSE = {
  duplicateWindowSeconds: 0,
  maxEntriesPerSymbolPerDay: 100,
  maxPositions: 500,
  maxPositionsPerSector: 100,
  maxPositionsPerSymbol: 50,
  maxPositionsPerStrategy: 100,
  maxPositionsPerExpiration: 500,
  maxExpiryDayRiskFraction: 1,
  maxStressLossFraction: 1,
  maxBuyingPowerFraction: 1,
};

describe('a loop that sends without end', () => {
  it('of ten thousand signals at one moment sends ten, and throws the switch', () => {
    const desk = quietDesk({ settings: { risk: LOOSE } });
    for (let signal = 0; signal < 10_000; signal += 1) sellSpread(desk);
    expect(desk.factsOf('OrderIntended')).toHaveLength(10);
    expect(desk.factsOf('BreakerTripped')).toMatchObject([{ breaker: 'runaway', gate: { value: 51, limit: 50 } }]);
    expect(desk.latchRecord).toMatchObject({ state: 'REDUCING', by: 'engine' });
    desk.start().pass(120);
    expect(desk.latchRecord.state).toBe('REDUCING');
    expect(sellSpread(desk).kind).toBe('refused');
  });
});

describe('opened and closed again and again', () => {
  it('three round trips pause the underlying until somebody lets it go on by name', () => {
    const desk = holdingSpread(1, { settings: { risk: LOOSE } });
    for (let trip = 1; ; trip += 1) {
      const [held] = desk.engine.view().positions;
      if (!held) break;
      desk.command({ kind: 'closePosition', positionId: held.position.positionId, contracts: null, netLimit: null });
      desk.fills();
      expect(desk.engine.view().pausedSymbols.has('XYZ')).toBe(trip === 3);
      desk.pass(60);
      sellSpread(desk);
      if (trip < 3) desk.fills();
    }
    expect(desk.factsOf('PositionClosed')).toHaveLength(3);
    expect(desk.factsOf('SymbolPauseChanged')).toMatchObject([{ underlying: 'XYZ', paused: true }]);
    const refused = sellSpread(desk);
    expect(refused.kind === 'refused' && refused.reasons.map(({ gate }) => gate)).toContain('symbolPaused');
    desk.start();
    expect(desk.engine.view().pausedSymbols.has('XYZ')).toBe(true);
    desk.command({ kind: 'pauseSymbol', underlying: 'XYZ', paused: false });
    expect(desk.factsOf('SymbolPauseChanged').at(-1)).toMatchObject({ paused: false, by: 'owner (desktop)' });
  });
});

describe('a trading halt', () => {
  it('rests the underlying for a quarter of an hour after the broker said so', () => {
    const desk = quietDesk();
    desk.submission = 'silent';
    sellSpread(desk);
    const id = desk.idOf('i1', 1);
    desk.orders.clear();
    const said = { code: '403', message: 'XYZ is halted', brokerOrderId: null, clientOrderId: id, at: desk.now } as const;
    desk.report({ kind: 'orderRejected', ...said });
    const gates = () => {
      desk.price('XYZ', 100).tick();
      const answer = sellSpread(desk);
      return answer.kind === 'refused' ? answer.reasons.map(({ gate }) => gate) : [];
    };
    expect(gates()).toContain('symbolHalted');
    desk.pass(901);
    expect(gates()).not.toContain('symbolHalted');
  });
});

describe('a trading halt that the feed tells of', () => {
  const halt = { underlying: 'XYZ', halted: true, code: 'LUDP', reason: 'Volatility Trading Pause' };
  const gates = (desk: ReturnType<typeof quietDesk>) => {
    desk.price('XYZ', 100).tick();
    const answer = sellSpread(desk);
    return answer.kind === 'refused' ? answer.reasons.map(({ gate }) => gate) : [];
  };

  it('takes no new risk until the feed says that trading goes on, a restart in between or not', () => {
    const desk = quietDesk();
    desk.post({ kind: 'haltsTold', at: desk.now, halts: [{ ...halt, at: desk.now }] });
    desk.post({ kind: 'haltsTold', at: desk.now, halts: [{ ...halt, at: desk.now }] }); // told twice, one fact
    desk.post({ kind: 'haltsTold', at: desk.now, halts: [{ ...halt, underlying: 'ABC', at: desk.now }] }); // nobody's
    expect(desk.factsOf('TradingHaltTold')).toHaveLength(1);
    expect(gates(desk)).toContain('symbolHalted');
    desk.start().pass(1_800);
    expect(desk.engine.view().halts.get('XYZ')).toBe('Volatility Trading Pause');
    expect(gates(desk)).toContain('symbolHalted');
    const over = { ...halt, halted: false, code: 'T', reason: 'Trading Resumption', at: desk.now };
    desk.post({ kind: 'haltsTold', at: desk.now, halts: [over, over] });
    expect(desk.factsOf('TradingHaltTold')).toHaveLength(2);
    expect(gates(desk)).not.toContain('symbolHalted');
  });

  it('is not believed for ever when the word of its end is lost: eight hours, unless the owner says otherwise', () => {
    const desk = quietDesk({ settings: { risk: { toldHaltHours: 1 } } });
    desk.post({ kind: 'haltsTold', at: desk.now, halts: [{ ...halt, at: desk.now }] });
    desk.pass(3_599);
    expect(gates(desk)).toContain('symbolHalted');
    desk.pass(1);
    expect(gates(desk)).not.toContain('symbolHalted');
  });

  it('tells the owner who holds something there, and lets an exit go', () => {
    const desk = holdingSpread();
    desk.post({ kind: 'haltsTold', at: desk.now, halts: [{ ...halt, at: desk.now }] });
    expect(desk.notes.at(-1)).toBe('Trading in XYZ is halted');
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    expect(desk.only().request.purpose).toBe('close');
  });
});

describe('equity that new risk may rest on', () => {
  it('is what leaving everything would bring, and unknown without a fresh mark', () => {
    const desk = holdingSpread();
    desk.pass(61);
    // Bid/ask of four cents on each of two legs: leaving costs half of both, 4.00.
    expect(desk.engine.riskBook().equity).toBe(10_000_000 - 400);
    desk.quoting = false;
    desk.pass(301);
    expect(desk.engine.riskBook().equity).toBeNull();
    desk.quoting = true;
    desk.pass(61);
    expect(desk.engine.riskBook().equity).toBe(10_000_000 - 400);
  });
});

describe('a loss and a new entry in the same underlying', () => {
  it('marks the new position for its tax year, and refuses it only where the owner wants that', () => {
    const desk = holdingSpread();
    desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: null });
    desk.fills(desk.only(), 1, -1.3);
    expect(desk.factsOf('PositionClosed')[0]?.trade.outcome.pnl).toBeLessThan(0);
    desk.pass(301);
    sellSpread(desk);
    desk.fills();
    expect(desk.engine.view().positions[0]?.position.tags).toContain('washSale');
  });
});
