import { sessionOn } from '#domain/market/calendar';
import { instant, invariant } from '#domain/units';
import { type Act, planOf, type SessionPlan } from './plan.ts';

const OLD_AT_ONCE = { mode: 'auto', parameters: { timeStopDays: 365, takeProfitFraction: 1, stopLossMultiple: 10 } };

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
  /** Strategies whose time stop is older than any contract that they open. */
  timeStops: (plan: SessionPlan): Partial<SessionPlan> => ({
    acts: [],
    settings: {
      ...patientSettings(plan),
      // Quotes come once a minute here: an entry is worked from one to the next.
      scanner: { ...partOf(plan, 'scanner'), maxQuoteAgeSeconds: 120 },
      strategies: {
        ...partOf(plan, 'strategies'),
        ...Object.fromEntries(['bull_put_spread', 'bear_call_spread', 'iron_condor'].map((id) => [id, OLD_AT_ONCE])),
        covered_call: { mode: 'off' },
        cash_secured_put: { mode: 'off' },
      },
    },
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
