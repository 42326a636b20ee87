import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseOccSymbol } from '#domain/market/instrument';
import type { Leg } from '#domain/structures/leg';
import type { CatalogEntry, MarketView, Proposal } from '#ports/strategy';
import { EngineDesk } from '#support/engineDesk';
import { pricedByModel } from '#support/putChain';
import { LONG, onlyPosition, SHORT } from './spread.ts';

const PLAN = {
  takeProfitFraction: 0.5,
  stopLossMultiple: 2,
  trailing: null,
  timeStopDays: null,
  roll: null,
  scaleOut: [],
  takeAssignment: false,
};

function proposalOf(market: MarketView): Proposal[] {
  const view = market.underlyings[0];
  const expiration = view?.expirations[0];
  if (!view || !expiration) return [];
  const leg = (symbol: string, ratio: number): Leg => {
    const { slice } = expiration;
    const parts = parseOccSymbol(symbol);
    if (!parts) throw new Error(symbol);
    const { style, settlement, multiplier, pennyProgram, underlying } = slice;
    return { kind: 'option', ratio, contract: { symbol, underlying, ...parts, style, settlement, multiplier, pennyProgram } };
  };
  return [
    {
      strategyId: 'seller',
      underlying: 'XYZ',
      structure: 'bullPutSpread',
      legs: [leg(SHORT, -1), leg(LONG, 1)],
      view,
      expiration,
      exitPlan: PLAN,
      parameters: {},
    },
  ];
}

/** A strategy that always wants to sell the April 95/90 put spread. */
const SELLER: CatalogEntry = {
  id: 'seller',
  title: 'Seller',
  summary: 'Always the same spread.',
  schema: z.unknown(),
  profiles: { conservative: {}, moderate: {}, aggressive: {} },
  configure: () => ({
    id: 'seller',
    parameters: {},
    window: { minDaysToExpiration: 20, maxDaysToExpiration: 90, strikesWithin: 0.3 },
    propose: proposalOf,
    around: () => null,
    manage: (position) => position.exitPlan,
  }),
};

function askingDesk(mode: 'approve' | 'auto'): EngineDesk {
  const desk = new EngineDesk({
    catalog: [SELLER],
    settings: {
      scanner: { minCreditToRisk: 0, minExpectedValueDollars: -100, minProbabilityOfProfit: 0 },
      strategies: { seller: { mode } },
    },
  });
  pricedByModel(desk, 100);
  return desk.start();
}

const waiting = (desk: EngineDesk): string[] => desk.engine.view().awaiting.map((decision) => decision.decisionId);

function waitsForAnswer(desk: EngineDesk): string {
  for (let n = 0; n < 10 && waiting(desk).length === 0; n += 1) desk.pass(10);
  const [decisionId] = waiting(desk);
  if (!decisionId) throw new Error(JSON.stringify(desk.factsOf('ProposalDecided').at(-1)?.decision.reasons));
  return decisionId;
}

describe('a strategy that asks first', () => {
  it('sends nothing until the owner approves, and then what he approved', () => {
    const desk = askingDesk('approve');
    const decisionId = waitsForAnswer(desk);
    desk.pass(60);
    expect(desk.orders.size).toBe(0);
    expect(waiting(desk)).toEqual([decisionId]);
    expect(desk.command({ kind: 'approveProposal', decisionId })).toMatchObject({ kind: 'done' });
    expect(desk.only().request).toMatchObject({ purpose: 'open', underlying: 'XYZ' });
    expect(desk.command({ kind: 'approveProposal', decisionId })).toMatchObject({ kind: 'refused' });
    expect(desk.orders.size).toBe(1);
    desk.fills();
    expect(onlyPosition(desk)).toMatchObject({ strategyId: 'seller', decisionId });
  });

  it('that hears nothing for three minutes is declined and may propose again', () => {
    const desk = askingDesk('approve');
    const decisionId = waitsForAnswer(desk);
    desk.pass(250);
    expect(desk.factsOf('ProposalAnswered')[0]).toMatchObject({ decisionId, approved: false, by: 'expired' });
    expect(desk.command({ kind: 'approveProposal', decisionId })).toMatchObject({ kind: 'refused' });
    expect(desk.orders.size).toBe(0);
  });

  it('on auto walks from mid towards its frozen bound and never past it', () => {
    const desk = askingDesk('auto');
    for (let n = 0; n < 10 && desk.orders.size === 0; n += 1) desk.pass(1);
    desk.pass(300);
    const rungs = desk.factsOf('OrderIntended').filter((fact) => fact.request.intentId === 'i1');
    const limits = rungs.map((fact) => fact.request.netLimit);
    expect(limits.length).toBeGreaterThan(0);
    expect(limits).toEqual([...limits].sort((a, b) => b - a));
    expect(Math.min(...limits)).toBeGreaterThanOrEqual(rungs[0]?.ladder.bound ?? Number.NaN);
    expect(desk.resting().length).toBeLessThanOrEqual(1);
  });

  it('gives up an entry when the stock has left its band', () => {
    const desk = askingDesk('auto');
    for (let n = 0; n < 60 && desk.orders.size === 0; n += 1) desk.pass(1);
    desk.price('XYZ', 101);
    desk.chain = null;
    desk.pass(60);
    expect(desk.factsOf('OrderWorkEnded')[0]).toMatchObject({ intentId: 'i1', reason: 'the underlying moved out of its band' });
    expect(desk.resting()).toHaveLength(0);
  });
});
