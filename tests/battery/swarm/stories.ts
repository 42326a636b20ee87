import { sessionOn } from '#domain/market/calendar';
import { instant, invariant } from '#domain/units';
import { type Act, planOf, type SessionPlan } from './plan.ts';

/**
 * Sessions that lead where the mixed ones seldom come, so that the judge is seen to look there. Each is a mixed session's day with
 * a story of its own instead of its faults.
 */
export const STORIES = {
  /** Spreads that expire today, held until the broker's cut-off. */
  expirationDay: (plan: SessionPlan): Partial<SessionPlan> => ({
    underlyings: ['SPY', 'QQQ'],
    acts: openings(plan, [20, 45, 70, 95, 120], 'openSpread', 0),
    settings: { ...patientSettings(plan), universe: ['SPY', 'QQQ'] },
  }),
  /** Spreads that the owner gives a time stop which they have passed: no strategy opens such ones. */
  timeStops: (plan: SessionPlan): Partial<SessionPlan> => ({
    underlyings: ['SPY', 'QQQ'],
    acts: [
      ...openings(plan, [20, 60, 100], 'openSpread', 30),
      ...[40, 50, 80, 90, 120, 130].map((minute) => ({
        at: minutesIn(plan, minute),
        act: { kind: 'setTimeStop', days: 365 } as const,
      })),
    ].sort((a, b) => a.at - b.at),
    settings: { ...patientSettings(plan), universe: ['SPY', 'QQQ'] },
  }),
  /** An hour after the open the house asks a hundred times the usual requirement, and the owner goes on wanting more. */
  dearHouse: (plan: SessionPlan): Partial<SessionPlan> => ({
    exchangeFaults: [{ kind: 'buyingPowerShock', from: minutesIn(plan, 60), until: plan.faultsEnd }],
    raisedMarginFactor: 100,
    // Strikes stand far apart there: a spread takes hundreds of dollars.
    underlyings: ['AAPL', 'JPM'],
    acts: openings(plan, [8, 12, 16, 20, 24, 28, 32, 36, 70, 80, 90, 100, 110, 120], 'openSpread', 30),
    settings: {
      ...patientSettings(plan),
      universe: ['AAPL', 'JPM'],
      risk: { ...partOf(plan, 'risk'), maxPositions: 20, maxPositionsPerSymbol: 20, maxPositionsPerSector: 20 },
    },
  }),
} as const;
export type StoryName = keyof typeof STORIES;

/** The story's session for a seed. */
export function storyOf(name: StoryName, seed: number): SessionPlan {
  const plan = planOf(seed);
  return { ...plan, exchangeFaults: [], linkFaults: new Map(), ...STORIES[name](plan) };
}

function openings(
  plan: SessionPlan,
  minutes: readonly number[],
  kind: Extract<Act, { daysToExpiration: number }>['kind'],
  daysToExpiration: number,
): SessionPlan['acts'] {
  return minutes.map((minute) => ({ at: minutesIn(plan, minute), act: { kind, daysToExpiration, takeAssignment: false } }));
}

function minutesIn({ start }: SessionPlan, minutes: number) {
  const session = sessionOn(start);
  invariant(session, `${start} is no session`);
  return instant(session.open + minutes * 60_000);
}

/** The plan's settings, with prices that close nothing by themselves. */
function patientSettings(plan: SessionPlan): SessionPlan['settings'] {
  return { ...plan.settings, positions: { ...partOf(plan, 'positions'), takeProfitFraction: 1, stopLossMultiple: 10 } };
}

function partOf({ settings }: SessionPlan, name: string): object {
  const part = settings[name];
  return typeof part === 'object' && part !== null ? part : {};
}
