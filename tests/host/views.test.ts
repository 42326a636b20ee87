import { describe, expect, it } from 'vitest';
import type { Position } from '#domain/portfolio/position';
import { cents } from '#domain/units';
import { judge } from '#engine/risk/judge';
import { campaignsOf } from '#host/campaignViews';
import { answerOf } from '#host/preview';
import { lossOf } from '#host/riskViews';
import { openPnlOf, unrealisedOf } from '#host/status';
import { paperTrade } from '#support/paperTrade';
import { holdingSpread, onlyPosition } from '../engine/acting/spread.ts';
import { book, LIMITS, request, SCANNER } from '../engine/risk/example.ts';

describe('what the ticket says of the gate’s answer', () => {
  it('five of eight would go: it does not pass, though every gate passes at five', () => {
    const answer = answerOf(judge(request({ contracts: 8 }), book(), LIMITS, SCANNER));
    expect(answer.gates.every(({ passed }) => passed)).toBe(true);
    expect(answer).toMatchObject({ wouldPass: false, wouldGo: 5, failedBy: ['riskPerTrade'] });
  });

  it('all five pass; a refusal and an unknown price let nothing go', () => {
    expect(answerOf(judge(request({ contracts: 5 }), book(), LIMITS, SCANNER))).toMatchObject({ wouldPass: true, wouldGo: 5 });
    expect(answerOf(judge(request({ contracts: 0 }), book(), LIMITS, SCANNER))).toMatchObject({ wouldPass: false, wouldGo: 0 });
    expect(answerOf(null)).toEqual({ gates: [], wouldPass: false, wouldGo: 0, failedBy: [] });
  });
});

describe('unrealised profit', () => {
  it('is that of the one spread left of four sold at 1.20, at a mid of 1.22: what three brought at 0.85 is realised', () => {
    const desk = holdingSpread(4, { settings: { risk: { duplicateWindowSeconds: 0, maxRiskPerTradeFraction: 0.2 } } });
    const { positionId } = onlyPosition(desk);
    desk.command({ kind: 'closePosition', positionId, contracts: 3, netLimit: null });
    desk.fills(desk.only(), 3, -0.85);
    desk.pass(60);
    const view = desk.engine.view();
    expect(onlyPosition(desk)).toMatchObject({ units: 1, realisedBeforeFees: 10_500 });
    expect(view.positions[0]?.mark?.profit).toBe(10_300);
    expect(openPnlOf(view)).toBe(-200);
  });

  it('is unknown without a mark', () => {
    const { position } = holdingSpread(1).engine.view().positions[0] ?? {};
    expect(position && unrealisedOf({ position, mark: null })).toBeNull();
  });
});

describe('a campaign', () => {
  const held = (id: string, totalPnl: number | null) => ({
    position: { ...position, positionId: id, campaignId: 'c1' },
    totalPnl: totalPnl === null ? null : cents(totalPnl),
  });
  const position: Position = onlyPosition(holdingSpread(1));
  const rolledAway = { ...paperTrade(1, -24_000), positionId: 'p1', campaignId: 'c1' };
  const other = paperTrade(2, 9_900);
  const closed = Map.groupBy([rolledAway, other], ({ campaignId }) => campaignId);

  it('counts what was rolled away: 240 lost before, 60 made since', () => {
    expect(campaignsOf([held('p2', 6_000)], closed)).toEqual([
      { campaignId: 'c1', underlying: 'XYZ', positions: ['p1', 'p2'], closed: 1, pnl: -18_000 },
    ]);
  });

  it('has no profit while one part cannot be valued', () => {
    expect(campaignsOf([held('p2', 6_000), held('p3', null)], closed)[0]?.pnl).toBeNull();
  });
});

describe('what is at risk', () => {
  it('has no bound where one part has none', () => {
    expect(lossOf([{ maxLoss: cents(38_000) }, { maxLoss: cents(50_000) }])).toBe(88_000);
    expect(lossOf([{ maxLoss: cents(38_000) }, { maxLoss: null }])).toBeNull();
    expect(lossOf([])).toBe(0);
  });
});
