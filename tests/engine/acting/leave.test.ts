import { describe, expect, it } from 'vitest';
import { plusMs } from '#domain/units';
import type { EngineDesk } from '#support/engineDesk';
import { rollsPut } from './rollsPut.ts';
import { askingDesk, waitsForAnswer } from './sellerDesk.ts';

/** A cool-down as a stop leaves it. */
function coolsDown(desk: EngineDesk, scope: 'position' | 'strategy', strategyId = 'seller'): void {
  desk.facts.push({
    at: desk.now,
    fact: {
      kind: 'BreakerTripped',
      breaker: scope === 'position' ? 'stop:XYZ' : `strategy:${strategyId}`,
      severity: 'medium',
      gate: { gate: 'stopLoss', passed: false, value: -1, limit: 0, unit: 'cents' },
      action: 'test',
      scope: scope === 'position' ? { level: 'position', underlying: 'XYZ' } : { level: 'strategy', strategyId },
      until: plusMs(desk.now, 3_600_000),
    },
  });
  desk.start();
}

const refusedBy = (desk: EngineDesk, decisionId: string): readonly string[] => {
  const outcome = desk.command({ kind: 'approveProposal', decisionId });
  return outcome.kind === 'refused' ? outcome.reasons.map(({ gate }) => gate) : [];
};

describe('a proposal that the owner approves', () => {
  it('is refused when its strategy was switched off or sent to observe meanwhile', () => {
    for (const mode of ['off', 'observe'] as const) {
      const desk = askingDesk('approve');
      const decisionId = waitsForAnswer(desk);
      desk.command({ kind: 'setStrategyMode', strategyId: 'seller', mode });
      expect(refusedBy(desk, decisionId)).toEqual(['strategyMode']);
      expect(desk.orders.size).toBe(0);
    }
  });

  it('is refused while its underlying or its strategy cools down', () => {
    const desk = askingDesk('approve');
    coolsDown(desk, 'position');
    desk.pass(120);
    expect(desk.factsOf('ProposalDecided').at(-1)?.decision).toMatchObject({ verdict: 'refused', reasons: ['coolingDown'] });
    const other = askingDesk('approve');
    coolsDown(other, 'strategy');
    other.pass(120);
    expect(other.factsOf('ProposalDecided').at(-1)?.decision.reasons).toEqual(['coolingDown']);
  });
});

describe('an entry being worked', () => {
  it('is given up at its next price when its strategy is switched off', () => {
    const desk = askingDesk('auto');
    for (let n = 0; n < 60 && desk.orders.size === 0; n += 1) desk.pass(1);
    desk.chain = null;
    desk.command({ kind: 'setStrategyMode', strategyId: 'seller', mode: 'off' });
    desk.pass(60);
    expect(desk.factsOf('OrderWorkEnded')[0]).toMatchObject({
      outcome: 'abandoned',
      reason: 'the risk gate refused: strategyMode',
    });
    expect(desk.resting()).toHaveLength(0);
  });
});

describe('a roll', () => {
  it('closes always, and opens again only where its strategy may open by itself', () => {
    for (const [mode, opens] of [
      ['auto', true],
      ['approve', false],
      ['observe', false],
    ] as const) {
      const desk = rollsPut(mode);
      desk.fills(desk.only());
      desk.pass(2);
      expect(desk.resting().map(({ request }) => request.purpose)).toEqual(opens ? ['open'] : []);
      expect(desk.factsOf('PositionClosed')).toHaveLength(1);
      if (!opens) {
        expect(desk.notes).toContain('XYZ: rolled out, not reopened');
        expect(desk.factsOf('FaultRecorded').at(-1)?.fault.message).toContain('strategyMode');
      }
    }
  });

  it('does not open again beyond what its strategy may hold at risk', () => {
    const small = rollsPut('auto', { maxRiskFraction: 0.001 });
    small.fills(small.only());
    small.pass(2);
    expect(small.resting()).toEqual([]);
    expect(small.factsOf('FaultRecorded').at(-1)?.fault.message).toContain('strategyRisk');
  });

  it('opens no more units than the rung allows', () => {
    const desk = rollsPut('auto', {}, { startEmbedded: 'autoSmall', smallContracts: 1 }, 2);
    desk.fills(desk.only());
    desk.pass(2);
    expect(desk.only().request).toMatchObject({ purpose: 'open', contracts: 1 });
  });
});
