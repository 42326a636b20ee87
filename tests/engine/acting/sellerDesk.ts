import { z } from 'zod';
import { parseOccSymbol } from '#domain/market/instrument';
import type { Leg } from '#domain/structures/leg';
import type { CatalogEntry, MarketView, Proposal } from '#ports/strategy';
import { EngineDesk } from '#support/engineDesk';
import { pricedByModel } from '#support/putChain';
import { LONG, SHORT } from './spread.ts';

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

export function askingDesk(mode: 'approve' | 'auto', settings: Readonly<Record<string, unknown>> = {}): EngineDesk {
  const desk = new EngineDesk({
    catalog: [SELLER],
    settings: {
      scanner: { minCreditToRisk: 0, minExpectedValueDollars: -100, minProbabilityOfProfit: 0 },
      strategies: { seller: { mode } },
      ...settings,
    },
  });
  pricedByModel(desk, 100);
  return desk.start();
}

export const waiting = (desk: EngineDesk): string[] => desk.engine.view().awaiting.map((decision) => decision.decisionId);

export function waitsForAnswer(desk: EngineDesk): string {
  for (let n = 0; n < 10 && waiting(desk).length === 0; n += 1) desk.pass(10);
  const [decisionId] = waiting(desk);
  if (!decisionId) throw new Error(JSON.stringify(desk.factsOf('ProposalDecided').at(-1)?.decision.reasons));
  return decisionId;
}
