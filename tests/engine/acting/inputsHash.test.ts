import { describe, expect, it } from 'vitest';
import type { ChainSnapshot } from '#domain/market/chain';
import { askingDesk } from './sellerDesk.ts';

/** The hash under the first decision when the chain is as `change` leaves it. */
function hashOf(change: (chain: ChainSnapshot) => void = () => {}, settings: Readonly<Record<string, unknown>> = {}): string {
  const desk = askingDesk('auto', settings);
  const { chain } = desk;
  desk.chain = (at) => {
    const look = chain?.(at);
    if (!look) throw new Error('there is no chain');
    change(look);
    return look;
  };
  for (let n = 0; n < 10 && desk.factsOf('ProposalDecided').length === 0; n += 1) desk.pass(10);
  const hash = desk.factsOf('ProposalDecided')[0]?.decision.inputsHash;
  if (!hash) throw new Error('nothing was decided');
  return hash;
}

describe('what a decision was made on', () => {
  it('has one name: the same market, the same hash', () => {
    expect(hashOf()).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf()).toBe(hashOf());
  });

  it('has another name when one quote of its expiration is a cent away, even of a strike that it does not trade', () => {
    const moved = hashOf((chain) => {
      const side = chain.slices[0]?.calls;
      if (side) side.bid[0] = (side.bid[0] ?? 0) - 0.01;
    });
    expect(moved).not.toBe(hashOf());
  });

  it('has another name under other settings', () => {
    expect(hashOf(() => {}, { risk: { maxPositions: 7 } })).not.toBe(hashOf());
  });

  it('leads from the order that went out to the content it was decided on', () => {
    const desk = askingDesk('auto');
    for (let n = 0; n < 10 && desk.resting().length === 0; n += 1) desk.pass(10);
    const intended = desk.factsOf('OrderIntended')[0];
    const decided = desk
      .factsOf('ProposalDecided')
      .find(({ decision }) => intended?.cause.kind === 'decision' && decision.decisionId === intended.cause.decisionId);
    expect(decided?.decision).toMatchObject({ verdict: 'approved', inputsHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});
