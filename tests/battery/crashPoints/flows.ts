import { sessionOn } from '#domain/market/calendar';
import { type Instant, instant, isoDate } from '#domain/units';
import type { FaultScript } from '#exchange/faults';
import type { Act, LinkFault, SessionPlan } from '../swarm/plan.ts';
import { planOf } from '../swarm/plan.ts';

/** A canonical flow: what must happen in it for the cuts to be worth anything. */
export interface Flow {
  readonly name: string;
  readonly plan: SessionPlan;
  /** A state (see `../swarm/judge.ts`) that the flow must reach when nothing is cut. */
  readonly reaches: string;
}

const DAY = isoDate('2026-01-16');

interface Story {
  readonly name: string;
  readonly seed: number;
  readonly reaches: string;
  readonly acts: readonly (readonly [minute: number, act: Act])[];
  readonly faults?: FaultScript;
  readonly link?: readonly (readonly [LinkFault, number])[];
  readonly settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly strategies?: 'auto' | 'approve' | 'observe' | 'off';
  readonly underlyings?: readonly string[];
}

const spread = (daysToExpiration: number, takeAssignment = false): Act => ({
  kind: 'openSpread',
  daysToExpiration,
  takeAssignment,
});
/** Neither profit nor loss ends a position by itself. */
const HOLD = { positions: { takeProfitFraction: 1, stopLossMultiple: 10, timeStopDays: 0 } };

const STORIES: readonly Story[] = [
  { name: 'open', seed: 11, reaches: 'position:opened', acts: [[10, spread(30)]], settings: HOLD },
  {
    name: 'open a condor',
    seed: 12,
    reaches: 'position:opened',
    acts: [[10, { kind: 'openCondor', daysToExpiration: 30, takeAssignment: false }]],
    settings: HOLD,
  },
  {
    name: 'partial fills',
    seed: 1,
    reaches: 'fill:partial',
    acts: [
      [10, spread(30)],
      [25, spread(8)],
      [40, spread(30)],
      [55, spread(8)],
    ],
    faults: [{ kind: 'fillRacesCancel', probability: 0.7 }],
    settings: {
      ...HOLD,
      execution: { normalRungs: 1, normalSeconds: 15, restSeconds: 0, minPartialFraction: 0 },
    },
  },
  {
    name: 'close by hand',
    seed: 4,
    reaches: 'exit:owner',
    acts: [
      [10, spread(30)],
      [60, { kind: 'close' }],
    ],
    settings: HOLD,
  },
  {
    name: 'stop',
    seed: 15,
    reaches: 'exit:stopLoss',
    acts: [
      [10, spread(8)],
      [30, spread(30)],
    ],
    settings: { positions: { takeProfitFraction: 1, stopLossMultiple: 0.1, timeStopDays: 0 } },
  },
  {
    name: 'take profit',
    seed: 16,
    reaches: 'exit:takeProfit',
    acts: [
      [10, spread(8)],
      [30, spread(3)],
      [50, spread(8)],
    ],
    settings: { positions: { takeProfitFraction: 0.05, stopLossMultiple: 10, timeStopDays: 0 } },
  },
  {
    name: 'roll',
    seed: 2,
    reaches: 'exit:roll',
    acts: [
      [10, spread(8)],
      [20, spread(8)],
      ...[45, 75, 105, 135, 165, 195].map((minute) => [minute, { kind: 'roll' }] as const),
    ],
    strategies: 'observe',
    settings: { positions: { ...HOLD.positions, rollMinCreditDollars: 0.01 } },
  },
  {
    name: 'kill: flatten',
    seed: 18,
    reaches: 'kill:HALTED',
    acts: [
      [10, spread(30)],
      [20, spread(8)],
      [60, { kind: 'kill', verb: 'flatten' }],
    ],
    settings: HOLD,
  },
  {
    name: 'kill: freeze and release',
    seed: 19,
    reaches: 'kill:HALTED',
    acts: [
      [10, spread(30)],
      [12, { kind: 'kill', verb: 'freeze' }],
      [60, { kind: 'release' }],
      [70, spread(30)],
    ],
    settings: HOLD,
  },
  {
    name: 'expiration and assignment',
    seed: 3,
    reaches: 'difference:expired',
    acts: [
      [10, spread(0, true)],
      [30, spread(0, true)],
      [60, spread(0, true)],
    ],
    settings: HOLD,
  },
  {
    name: 'early assignment',
    seed: 21,
    reaches: 'difference:assigned',
    acts: [
      [10, spread(30)],
      [20, spread(8)],
    ],
    faults: [{ kind: 'earlyAssignment', probability: 1, times: 1 }],
    settings: HOLD,
  },
  {
    name: 'approval',
    seed: 22,
    reaches: 'approval:given',
    acts: [20, 40, 60, 80, 100, 140, 180, 220].map((minute) => [minute, { kind: 'approve' }] as const),
    strategies: 'approve',
    settings: HOLD,
  },
  {
    name: 'doubt after a time-out',
    seed: 23,
    reaches: 'order:inDoubt',
    acts: [
      [10, spread(30)],
      [60, spread(8)],
      [90, { kind: 'close' }],
    ],
    faults: [{ kind: 'timeoutAfterAccept', probability: 0.6 }],
    link: [['acceptedLate', 0.3]],
    settings: HOLD,
  },
  {
    name: 'adoption',
    seed: 24,
    reaches: 'position:adopted',
    acts: [
      [10, spread(30)],
      [120, { kind: 'adopt' }],
    ],
    faults: [{ kind: 'manualTradeElsewhere', probability: 0.02, times: 2 }],
    settings: HOLD,
  },
];

/** The flows, on one monthly expiration day in a quiet world but for what each is about. */
export function flows(): readonly Flow[] {
  return STORIES.map((story) => ({ name: story.name, reaches: story.reaches, plan: planFor(story) }));
}

function planFor(story: Story): SessionPlan {
  const session = sessionOn(DAY);
  const open = session?.open ?? instant(0);
  const drawn = planOf(story.seed);
  const mode = story.strategies ?? 'off';
  const at = (minute: number): Instant => instant(open + minute * 60_000);
  const faultsEnd = at(340);
  return {
    ...drawn,
    start: DAY,
    days: 1,
    underlyings: story.underlyings ?? ['SPY', 'AAPL'],
    faultsEnd,
    exchangeFaults: (story.faults ?? []).map((rule) => (rule.kind === 'earlyAssignment' ? rule : { ...rule, until: faultsEnd })),
    linkFaults: new Map(story.link ?? []),
    acts: story.acts.map(([minute, act]) => ({ at: at(minute), act })),
    settings: merged(drawn.settings, {
      universe: story.underlyings ?? ['SPY', 'AAPL'],
      risk: { maxPositions: 10, maxPositionsPerSymbol: 8, maxRiskPerTradeFraction: 0.02 },
      strategies: Object.fromEntries(
        ['bull_put_spread', 'bear_call_spread', 'iron_condor', 'cash_secured_put', 'covered_call'].map((id) => [id, { mode }]),
      ),
      ...story.settings,
    }),
  };
}

/** Sections over sections; fields of a section one by one. */
function merged(base: SessionPlan['settings'], over: Readonly<Record<string, unknown>>): SessionPlan['settings'] {
  const result: Record<string, unknown> = { ...base };
  for (const [section, fields] of Object.entries(over)) {
    const before = result[section];
    const isSection = (value: unknown): value is Record<string, unknown> =>
      typeof value === 'object' && value !== null && !Array.isArray(value);
    result[section] = isSection(before) && isSection(fields) ? { ...before, ...fields } : fields;
  }
  return result;
}
