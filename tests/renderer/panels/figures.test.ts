import { describe, expect, it } from 'vitest';
import type { DecisionView } from '#contract/decisions';
import { equityPoints } from '../../../src-renderer/charts/equityPoints.ts';
import { anyDecision, isNarrowed, matches, reasonCounts } from '../../../src-renderer/panels/decisions/filter.ts';
import { funnelSteps } from '../../../src-renderer/panels/decisions/funnelSteps.ts';
import { heat, leftOf, shareUsed } from '../../../src-renderer/panels/risk/limitFigures.ts';
import { groupOf, groupsOf, settingFields, shownFields } from '../../../src-renderer/panels/settings/groups.ts';
import { effectiveParameters, overridesAfter } from '../../../src-renderer/panels/strategies/parameters.ts';
import { decisions, strategies } from '../support/ledger.ts';

describe('limits', () => {
  it('a delta of −900 uses 30 % of 3,000 and leaves 2,100', () => {
    expect(shareUsed({ used: -900, max: 3_000 })).toBeCloseTo(0.3);
    expect(leftOf({ used: -900, max: 3_000 })).toBe(2_100);
  });

  it('beyond the limit nothing is left, and an unknown use is unknown, not zero', () => {
    expect(leftOf({ used: 6, max: 5 })).toBe(0);
    expect(shareUsed({ used: null, max: 5 })).toBeNull();
    expect(shareUsed({ used: 1, max: 0 })).toBe(1);
  });

  it('heat runs from the worst loss at −1 and ignores what could not be valued', () => {
    const grid = [
      [-200, 50],
      [null, 100],
    ];
    expect(heat(-200, grid)).toBe(-1);
    expect(heat(100, grid)).toBe(0.5);
    expect(heat(null, grid)).toBe(0);
  });
});

describe('the decision ledger’s filters', () => {
  const first = decisions[0] as DecisionView;

  it('pass everything until one is set, and then only what fits', () => {
    expect(isNarrowed(anyDecision)).toBe(false);
    expect(decisions.every((view) => matches(view, anyDecision))).toBe(true);
    const narrowed = { ...anyDecision, verdict: 'refused' as const, underlying: 'A' };
    expect(isNarrowed(narrowed)).toBe(true);
    const found = decisions.filter((view) => matches(view, narrowed));
    expect(found.length).toBeGreaterThan(0);
    expect(found.every(({ decision }) => decision.verdict === 'refused' && decision.underlying.startsWith('A'))).toBe(true);
    expect(matches(first, { ...anyDecision, reason: 'noSuchReason' })).toBe(false);
  });

  it('counts a folded refusal as often as it happened', () => {
    const folded = { ...first, repeats: 7, decision: { ...first.decision, reasons: ['creditToRisk'] } };
    expect(reasonCounts([folded, folded])).toEqual([{ reason: 'creditToRisk', count: 14 }]);
  });

  it('draws thousands and units in one funnel, the widest bar full', () => {
    const steps = funnelSteps({ underlyings: 19, contracts: 11_842, candidates: 642, proposals: 14, approved: 0 });
    expect(steps.map((step) => step.count)).toEqual([11_842, 642, 14, 0]);
    expect(steps[0]?.share).toBe(1);
    expect(steps[3]?.share).toBe(0);
  });
});

describe('strategy parameters', () => {
  const strategy = strategies(new Map())[0];
  if (!strategy) throw new Error('no strategy in the sample');

  it('take the profile’s value unless the owner has his own', () => {
    expect(effectiveParameters(strategy, 'aggressive', {})).toMatchObject({ shortDelta: 0.32, width: 5 });
    expect(effectiveParameters(strategy, 'aggressive', { shortDelta: 0.2 })).toMatchObject({ shortDelta: 0.2 });
  });

  it('keep earlier overrides when one more is made', () => {
    expect(overridesAfter({ ivRankMin: 0.35 }, [{ path: 'exit.timeStopDays', value: 14 }])).toEqual({
      ivRankMin: 0.35,
      exit: { timeStopDays: 14 },
    });
  });
});

describe('groups of settings', () => {
  const fields = settingFields({
    properties: {
      universe: { type: 'array', items: { type: 'string' }, description: 'Scanned' },
      risk: { properties: { maxPositions: { type: 'integer', description: 'Open positions at once' } } },
      strategies: { type: 'object', description: 'By strategy' },
    },
  });

  it('leave strategies to their own panel', () => {
    expect(groupsOf(fields)).toEqual(['general', 'risk']);
    expect(groupOf('risk.maxPositions')).toBe('risk');
  });

  it('are searched by name and description across groups', () => {
    expect(shownFields(fields, 'risk', '').map((field) => field.path)).toEqual(['risk.maxPositions']);
    expect(shownFields(fields, 'general', 'open once').map((field) => field.path)).toEqual(['risk.maxPositions']);
    expect(shownFields(fields, null, '')).toEqual([]);
  });
});

describe('points of the equity curve', () => {
  it('rise in time with one a second, the last of a second counting', () => {
    const seconds = (at: number) => Math.floor(at / 1000);
    expect(
      equityPoints(
        [
          { at: 2_500, equity: 300 },
          { at: 1_000, equity: 100 },
          { at: 1_900, equity: 200 },
        ],
        seconds,
      ),
    ).toEqual([
      { seconds: 1, dollars: 2 },
      { seconds: 2, dollars: 3 },
    ]);
  });
});
