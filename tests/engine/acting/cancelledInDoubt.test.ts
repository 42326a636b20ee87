import { describe, expect, it } from 'vitest';
import type { EngineDesk } from '#support/engineDesk';
import { quietDesk, sellSpread } from './spread.ts';

const AGAIN = {
  settings: { risk: { duplicateWindowSeconds: 0, maxEntriesPerSymbolPerDay: 10, maxPositionsPerSymbol: 10 } },
};

/** Gates that refuse a second spread in the same underlying now; empty when it went out. */
function refusedBy(desk: EngineDesk): string[] {
  const answer = sellSpread(desk);
  return answer.kind === 'refused' ? answer.reasons.map(({ gate }) => gate) : [];
}

/** A spread whose submission timed out: nobody knows whether the broker has it. */
function inDoubt(): EngineDesk {
  const desk = quietDesk(AGAIN);
  desk.submission = 'timesOutAfterAcceptance';
  desk.cancels = 'lost';
  sellSpread(desk);
  return desk;
}

describe('a cancel proves nothing', () => {
  it('of an order in doubt: taken back by hand, its underlying takes no new risk until the broker has told of it', () => {
    const desk = inDoubt();
    expect(refusedBy(desk)).toEqual(['orderInDoubt']);
    desk.command({ kind: 'cancelOrder', intentId: 'i1' });
    desk.submission = 'works';
    expect(refusedBy(desk)).toEqual(['orderInDoubt']);
    expect(desk.folded().riskBook().underlyingsInDoubt).toEqual(new Set(['XYZ']));
    desk.cancels = 'confirmed';
    desk.pass(60);
    expect(desk.resting()).toHaveLength(0);
    expect(desk.factsOf('OrderProved')).toMatchObject([{ outcome: 'found' }]);
    expect(refusedBy(desk)).toEqual([]);
  });

  it('of an order in doubt, by the kill switch that was released again', () => {
    const desk = inDoubt();
    desk.orders.clear();
    desk.command({ kind: 'throwKillSwitch', verb: 'stopEntries', reason: 'test' });
    desk.command({ kind: 'releaseKillSwitch', word: 'RESUME', heldMs: 3_000, reason: 'looked' });
    desk.submission = 'works';
    expect(refusedBy(desk)).toEqual(['orderInDoubt']);
    desk.pass(120);
    expect(desk.factsOf('OrderProved')).toMatchObject([{ outcome: 'absent' }]);
    expect(refusedBy(desk)).toEqual([]);
  });

  it('of an order of which nothing was heard yet', () => {
    const desk = quietDesk(AGAIN);
    desk.submission = 'silent';
    desk.cancels = 'lost';
    sellSpread(desk);
    desk.command({ kind: 'cancelOrder', intentId: 'i1' });
    desk.submission = 'works';
    expect(refusedBy(desk)).toEqual(['orderInDoubt']);
  });

  it('of an order that had not left: taken back before it was sent, it is over at once, and by a stop its work with it', () => {
    const desk = quietDesk(AGAIN);
    desk.submission = 'silent';
    desk.cancels = 'lost';
    sellSpread(desk);
    const { id } = desk.only();
    desk.orders.clear();
    desk.command({ kind: 'throwKillSwitch', verb: 'freeze', reason: 'test' });
    const fault = { code: 'notSent', message: 'it was taken back before it was sent', retryable: true };
    desk.report({ kind: 'submissionFailed', clientOrderId: id, certainty: 'notSent', fault, at: desk.now });
    expect(desk.engine.view().killProgress).toBeNull();
    expect(desk.factsOf('OrderWorkEnded')).toMatchObject([{ outcome: 'notFilled', reason: 'stopped' }]);
    expect(desk.folded().riskBook().underlyingsInDoubt).toEqual(new Set());
    desk.pass(300);
    expect(desk.factsOf('OrderProved')).toEqual([]);
    expect(desk.factsOf('OrderIntended')).toHaveLength(1);
  });

  it('an acceptance that comes after the cancel ends the doubt, and the order counts as open', () => {
    const desk = inDoubt();
    desk.command({ kind: 'cancelOrder', intentId: 'i1' });
    const { id } = desk.only();
    desk.report({ kind: 'orderAccepted', clientOrderId: id, brokerOrderId: `b:${id}`, at: desk.now });
    expect(desk.engine.riskBook().underlyingsInDoubt).toEqual(new Set());
    expect(desk.engine.riskBook().exposures).toMatchObject([{ source: 'workingOrder', underlying: 'XYZ' }]);
  });
});
