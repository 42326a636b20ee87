import type { DeskStatus, NotificationView } from '#contract/desk';
import type { OpinionView } from '#contract/opinion';
import type { PhoneView } from '#contract/phone';
import type { ProtectionView } from '#contract/protection';
import type { RiskView } from '#contract/risk';
import type { SafetyView } from '#contract/safety';
import type { WatchdogView } from '#contract/watchdog';
import { cents, instant } from '#domain/units';
import { NOW } from './market.ts';

export interface KillStory {
  readonly state: DeskStatus['kill']['state'];
  readonly reason: string;
  readonly progress: string | null;
}

export function status(tick: number, kill: KillStory, mode: DeskStatus['mode']): DeskStatus {
  const now = instant(NOW + tick * 1_000);
  const wave = Math.round(Math.sin(tick / 6) * 2_400);
  return {
    now,
    mode,
    venue: mode === 'live' ? 'Alpaca live' : 'embedded exchange',
    armedUntil: mode === 'live' ? instant(NOW + 4 * 3_600_000) : null,
    build: '0.1.0+4f241f4',
    account: {
      number: 'PA3EMBED7',
      equity: cents(10_238_412 + wave),
      cash: cents(9_912_040),
      optionsBuyingPower: cents(7_840_000),
      dayPnl: cents(31_240 + wave),
      openPnl: cents(-2_310 + wave),
      optionsLevel: 3,
    },
    clock: { phase: 'open', nextChange: instant(Date.UTC(2026, 10, 17, 21, 0, 0)), speed: mode === 'live' ? 1 : 60 },
    connections: [
      { channel: 'broker', state: 'connected', detail: 'REST answers in 12 ms', since: NOW },
      { channel: 'updates', state: 'connected', detail: 'trade updates stream', since: NOW },
      { channel: 'data', state: 'connected', detail: '19 underlyings', since: NOW },
    ],
    data: { ageMs: 400, stale: false, quality: mode === 'live' ? 'nbbo' : 'simulated' },
    kill: {
      state: kill.state,
      reason: kill.reason,
      by: 'window',
      at: kill.state === 'ACTIVE' ? null : NOW,
      progress: kill.progress,
      releaseWord: 'RESUME',
      releaseHoldMs: 600,
    },
    entries: kill.state === 'ACTIVE' ? { open: true, blockedBy: [] } : { open: false, blockedBy: ['the kill switch is thrown'] },
    breakers: [],
    alerts: [],
    scan: {
      scanId: 812,
      at: instant(now - 12_000),
      nextAt: instant(now + 18_000),
      underlyings: 19,
      contracts: 11_842,
      candidates: 642,
      proposals: 14,
      approved: 1,
      funnel: {},
    },
    counts: { positions: 4, workingOrders: 3, awaitingApproval: 1 },
    danger: { what: 'Ex-dividend AAPL', at: instant(now + 22 * 3_600_000) },
    dangers: [],
    unattendedMs: 0,
  };
}

export const notifications: readonly NotificationView[] = [
  {
    id: 3,
    at: NOW,
    kind: 'fill',
    title: 'Filled: SPY bull put spread',
    body: 'Opened 2 at 1.20 credit, 0.02 worse than the mid.',
    urgent: false,
  },
  {
    id: 2,
    at: instant(NOW - 600_000),
    kind: 'approval',
    title: 'XOM cash-secured put awaits you',
    body: 'Passed every gate; the strategy asks before it sends.',
    urgent: false,
  },
  {
    id: 1,
    at: instant(NOW - 4_000_000),
    kind: 'connection',
    title: 'Market data came back',
    body: 'Quotes were stale for 11 s; entries were closed meanwhile.',
    urgent: true,
  },
];

type Limit = RiskView['limits'][number];
const limit = (name: string, title: string, group: Limit['group'], used: number | null, max: number, unit: string): Limit => ({
  limit: name,
  title,
  group,
  used,
  max,
  unit,
  breached: used !== null && Math.abs(used) >= max,
  setting: `risk.${name}`,
  note: '',
});

export const risk: RiskView = {
  at: NOW,
  limits: [
    limit('maxDailyLossFraction', 'Loss today, share of equity', 'loss', 0.006, 0.05, 'fraction'),
    limit('maxDailyLossDollars', 'Loss today', 'loss', 612, 5_000, 'dollars'),
    limit('maxWeeklyLossFraction', 'Loss this week', 'loss', 0.021, 0.08, 'fraction'),
    limit('maxDrawdownFraction', 'Fall from the highest equity', 'loss', 0.034, 0.2, 'fraction'),
    limit('maxBuyingPowerFraction', 'Buying power in use', 'account', 0.214, 0.5, 'fraction'),
    limit('maxRiskPerTradeFraction', 'Largest trade’s risk', 'trade', 0.0171, 0.02, 'fraction'),
    limit('maxPositions', 'Open positions', 'concentration', 4, 20, 'positions'),
    limit('maxPositionsPerSector', 'Fullest sector: Technology', 'concentration', 5, 5, 'positions'),
    limit('maxPositionsPerSymbol', 'Fullest symbol: SPY', 'concentration', 2, 3, 'positions'),
    limit('maxPortfolioDeltaShares', 'Portfolio delta', 'greeks', -412, 3_000, 'shares'),
    limit('maxPortfolioVegaDollars', 'Portfolio vega', 'greeks', -45.4, 3_000, 'dollars per point'),
    limit('maxStressLossFraction', 'Worst stress loss', 'stress', 0.041, 0.25, 'fraction'),
    limit('maxOrdersPerDay', 'Orders today', 'activity', 31, 150, 'orders'),
    limit('maxOrdersPerMinute', 'Orders this minute', 'activity', 3, 30, 'orders'),
    limit('maxSnapshotAgeSeconds', 'Age of the account snapshot', 'data', 14, 150, 'seconds'),
  ],
  bySector: [
    { sector: 'Index', positions: 2, maxLossCents: 113_600 },
    { sector: 'Technology', positions: 1, maxLossCents: 122_400 },
    { sector: 'Energy', positions: 1, maxLossCents: 41_000 },
  ],
  byUnderlying: [
    { underlying: 'SPY', positions: 2, maxLossCents: 113_600, deltaShares: 10.8 },
    { underlying: 'AAPL', positions: 1, maxLossCents: 122_400, deltaShares: -31.6 },
    { underlying: 'XOM', positions: 1, maxLossCents: 41_000, deltaShares: 18.1 },
  ],
  stress: {
    spotMoves: [-0.15, -0.08, -0.04, 0, 0.04, 0.08, 0.15],
    volatilityMoves: [-0.2, 0, 0.5],
    pnlCents: [
      [-214_000, -88_000, -12_000, 9_400, -2_000, -61_000, -139_000],
      [-231_000, -104_000, -31_000, 0, -14_000, -78_000, -151_000],
      [-262_000, -141_000, -66_000, -31_000, -47_000, -104_000, null],
    ],
  },
  reconciliation: {
    at: NOW,
    differences: [
      {
        kind: 'positionQuantity',
        subject: 'KO 18 Dec 72.5 call',
        ours: '0',
        theirs: '1',
        classification: 'externalTrade',
        resolved: false,
      },
    ],
  },
};

export const safetyView: SafetyView = {
  at: NOW,
  build: 'scripted',
  battery: { green: false, detail: 'not green: swarm' },
  testsRun: { ok: null, at: '' },
  lookedBackTo: null,
  notAudited: [],
  controls: [
    {
      number: 1,
      group: 'gate',
      title: 'Order size and notional',
      how: 'Units and strike notional of one order have limits.',
      state: 'holding',
      setting: 'risk.maxContractsPerOrder',
      lastAt: NOW,
      lastWhat: 'Notional refused SPY (d7)',
      missing: '',
      proofs: [{ command: 'mutants', ok: true, at: '2026-01-05' }],
      tests: [],
    },
    {
      number: 29,
      group: 'killSwitch',
      title: 'Four states, latched',
      how: 'A file outside the database.',
      state: 'acting',
      setting: '',
      lastAt: null,
      lastWhat: '',
      missing: '',
      proofs: [{ command: 'kill-switch', ok: null, at: '' }],
      tests: ['tests/engine/acting/safety.test.ts'],
    },
  ],
  reconciliations: [
    {
      at: NOW,
      trigger: 'sweep',
      differences: [{ subject: 'SPY', ours: '0', theirs: '5', classification: 'external', resolved: true, ended: 'booked' }],
    },
  ],
  days: [
    {
      at: NOW,
      date: '2026-03-09',
      stage: 'settled',
      compared: { fills: 2, brokerFills: 2, positions: 2, activities: 3 },
      cash: {
        opening: 10_000_000,
        fills: 12_000,
        fees: -11,
        elsewhere: 0,
        clearing: 0,
        activities: 0,
        corrections: -2,
        ours: 10_011_987,
        theirs: 10_011_987,
      },
      feesBooked: 11,
      feesCharged: 13,
      differences: [
        { subject: 'fees', ours: '$0.11', theirs: '$0.13', classification: 'feesDiffer', resolved: true, ended: 'booked' },
      ],
    },
  ],
  comparedAt: NOW,
};

export const watchdogView: WatchdogView = {
  phase: 'watching',
  why: '',
  pid: 4711,
  at: NOW,
  lastBeatAt: NOW,
  beatsMissed: 0,
  beatSeconds: 1,
  missedBeats: 3,
  outlives: true,
  firedAt: null,
  cancelled: [],
  remaining: null,
  clearedAt: null,
  suspends: false,
  suspended: false,
  positions: 3,
  error: '',
};

export const protectionView: ProtectionView = {
  triggers: [
    {
      trigger: 'dailyLoss',
      title: 'Loss of the day',
      severity: 'high',
      isChosen: true,
      value: 0.012,
      limit: 0.05,
      unit: 'fraction',
      setting: 'risk.maxDailyLossFraction',
      isTripped: false,
      lastAt: NOW,
      lastWhat: '$5,120.00 lost today, $5,000.00 allowed: no new entries today',
    },
  ],
  acts: [{ severity: 'high', does: 'stops entries until you release the switch; positions are watched on' }],
  cooling: [],
};

export const phoneView: PhoneView = {
  hasToken: true,
  storeProblem: '',
  line: 'connected',
  detail: '',
  bot: 'my_desk_bot',
  lastContactAt: NOW,
  paired: { name: '@olga', idEnding: '2003', at: NOW },
  pairing: null,
  lastHeard: { what: '/status', at: NOW },
  refused: 3,
  lastRefusal: 'somebody else sent it',
  waiting: 0,
  givenUp: 0,
};

export const opinionView: OpinionView = {
  enabled: true,
  problem: '',
  model: 'llama3.1',
  origin: 'http://127.0.0.1:11434',
  keyFor: '',
  storeProblem: '',
  askedWithinADay: 1,
  mostPerDay: 50,
  opinions: [
    {
      opinionId: 'o1',
      decisionId: 'D-3999',
      askedAt: NOW,
      model: 'llama3.1',
      by: 'owner (desktop)',
      state: 'given',
      opinion: {
        stance: 'disagree',
        concerns: ['earningsSoon', 'wideMarkets'],
        confidence: 0.7,
        reason: 'Earnings fall before the expiration and the market is <b>wide</b> for what is paid.',
      },
      why: null,
      detail: '',
      ms: 2_400,
    },
  ],
};
