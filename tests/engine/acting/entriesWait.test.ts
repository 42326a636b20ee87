import { describe, expect, it } from 'vitest';
import type { ConnectionChange } from '#ports/broker';
import { EngineDesk } from '#support/engineDesk';
import { holdingSpread, LONG, quietDesk, SHORT, sellSpread } from './spread.ts';

const FOREIGN = 'XYZ260417C00110000';

/** Why a spread is not sold now: the gates that refused, and the words of what blocks entries. */
function refusal(desk: EngineDesk): { gates: string[]; blocked: readonly string[] } {
  const answer = sellSpread(desk);
  return {
    gates: answer.kind === 'refused' ? answer.reasons.map(({ gate }) => gate) : [],
    blocked: desk.engine.view().entriesBlockedBy,
  };
}

function priced(): EngineDesk {
  return new EngineDesk({}).price('XYZ', 100).price(SHORT, 2.1).price(LONG, 0.88).price(FOREIGN, 0.5);
}

describe('entries wait for an account that agrees', () => {
  it('three short calls that nobody can explain: nothing is opened at the start until they are adopted', () => {
    const desk = priced();
    desk.hold(FOREIGN, -3);
    desk.start();
    expect(refusal(desk)).toEqual({ gates: ['entriesBlocked'], blocked: ['the account does not agree with the journal yet'] });
    expect(desk.factsOf('OrderIntended')).toHaveLength(0);
    desk.pass(120);
    expect(desk.book()).toEqual({ [FOREIGN]: -3 });
    expect(desk.engine.view().entriesBlockedBy.filter((words) => !words.startsWith('breaker'))).toEqual([]);
  });

  it('a difference that comes up later blocks from the look that found it, not only when it has stayed', () => {
    const desk = quietDesk();
    expect(desk.engine.view().entriesBlockedBy).toEqual([]);
    desk.hold(FOREIGN, 2);
    desk.command({ kind: 'throwKillSwitch', verb: 'stopEntries', reason: 'look now' });
    desk.command({ kind: 'releaseKillSwitch', word: 'RESUME', heldMs: 3_000, reason: 'go on' });
    for (let seconds = 0; seconds < 90 && desk.factsOf('Reconciled').at(-1)?.differences.length === 0; seconds += 1) desk.pass(1);
    expect(desk.factsOf('Reconciled').at(-1)?.differences).toMatchObject([{ subject: FOREIGN, resolved: false }]);
    expect(refusal(desk)).toEqual({ gates: ['entriesBlocked'], blocked: [`unexplained: ${FOREIGN}`] });
    desk.pass(120);
    expect(desk.book()).toEqual({ [FOREIGN]: 2 });
    expect(desk.engine.view().entriesBlockedBy).toEqual([]);
  });
});

describe('entries wait for every line', () => {
  it('an order stream that has not spoken yet is not connected', () => {
    const desk = priced();
    desk.connected = ['broker', 'data'];
    desk.start();
    expect(refusal(desk)).toEqual({ gates: ['entriesBlocked'], blocked: ['the updates connection is not ready yet'] });
    const change: ConnectionChange = { channel: 'updates', state: 'connected', detail: 'authorised', at: desk.now };
    desk.post({ kind: 'connectionChanged', at: desk.now, change });
    expect(refusal(desk)).toEqual({ gates: [], blocked: [] });
    expect(desk.resting()).toHaveLength(1);
  });

  it('an exit does not wait', () => {
    const desk = holdingSpread();
    desk.connected = [];
    desk.start();
    expect(desk.command({ kind: 'closePosition', positionId: 'p1', contracts: null, netLimit: -0.5 }).kind).toBe('done');
    expect(desk.only().request.purpose).toBe('close');
  });
});
