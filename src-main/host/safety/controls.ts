import type { ControlView } from '#contract/safety';
import type { JournalFact } from '#ports/facts';

/** A control as the program has it: what it is, what shows that it acted, and what proves it. */
export interface Control {
  readonly number: number;
  readonly group: ControlView['group'];
  readonly title: string;
  readonly how: string;
  /** Gate codes whose refusal is this control acting. */
  readonly gates: readonly string[];
  /** Breakers that are this control acting. */
  readonly breakers: readonly string[];
  /** Facts that are this control acting (never mere routine). */
  readonly facts: readonly JournalFact['kind'][];
  readonly setting: string;
  /** Commands of the battery that exercise it. */
  readonly proofs: readonly string[];
  /** Test files that exercise it, from the project's folder: all of them run with `npm test`. */
  readonly tests: readonly string[];
}

type Draft = Pick<Control, 'title' | 'how'> & Partial<Omit<Control, 'title' | 'how' | 'number' | 'group'>>;

const SWARM = ['swarm'];
const GATE = ['swarm', 'gate', 'mutants'];

const GATE_CONTROLS: readonly Draft[] = [
  {
    title: 'Order size and notional',
    how: 'Units and strike notional of one order have limits; a strategy sends no more units than its rung of trust allows.',
    gates: ['contractsPerOrder', 'notional', 'wholeContracts', 'trustedContracts'],
    setting: 'risk.maxContractsPerOrder',
    proofs: GATE,
  },
  {
    title: 'Loss of one trade, from its legs',
    how: 'The worst payoff of the legs is compared with a share of equity, whatever the strategy claims; shares and puts that cash secures by what they lose at the stress move. No side is wider than its strategy allows.',
    gates: ['riskPerTrade', 'strategyRisk', 'equityShare', 'stressLoss', 'maxWidth'],
    setting: 'risk.maxRiskPerTradeFraction',
    proofs: GATE,
  },
  {
    title: 'Price collar',
    how: 'A limit may not be far from the fresh middle of the combination, from our own theoretical price of it, or from the last limits for the same legs.',
    gates: ['priceCollar', 'theory', 'limitPrice', 'limitSide', 'worstPrice', 'lastOrders'],
    setting: 'risk.priceCollarFraction',
    proofs: GATE,
  },
  {
    title: 'Fresh and sane quotes',
    how: 'Every leg has a two-sided quote that is young enough; a missing, crossed or stale one refuses the whole package.',
    gates: ['quoteAge', 'legQuotes', 'legSpread', 'bidToSell'],
    setting: 'scanner.maxQuoteAgeSeconds',
    proofs: GATE,
  },
  {
    title: 'Defined risk after every fill',
    how: 'No short leg is uncovered after any single fill that could come.',
    gates: ['uncoveredShort', 'securedShape', 'cashForPuts', 'legs'],
    proofs: GATE,
  },
  {
    title: 'Duplicates',
    how: 'The same legs and side within a window, and the same command twice, are one order.',
    gates: ['duplicate'],
    setting: 'risk.duplicateWindowSeconds',
    proofs: GATE,
  },
  {
    title: 'Message throttle',
    how: 'Orders a minute and a day are counted; exits are counted and never stopped.',
    gates: ['ordersPerSecond', 'ordersPerMinute', 'ordersPerDay'],
    breakers: ['runaway'],
    setting: 'risk.maxOrdersPerMinute',
    proofs: GATE,
  },
  {
    title: 'Repeated execution',
    how: 'Entries in one underlying a day are limited, and what was stopped out rests; what goes round and round waits for a hand; what its own time stop would close again at once is not entered; a strategy opens only what its mode and its rung of trust let it.',
    gates: ['strategyMode', 'entriesPerSymbol', 'daysBetweenEntries', 'roundTrips', 'coolingDown', 'timeStop'],
    breakers: [],
    setting: 'risk.maxEntriesPerSymbolPerDay',
    proofs: GATE,
    tests: ['tests/engine/acting/leave.test.ts', 'tests/engine/acting/runaway.test.ts'],
  },
  {
    title: 'Position limits',
    how: 'Count, sector, symbol, strategy, buying power and greeks, with open orders counted as filled.',
    gates: [
      'positions',
      'sectorPositions',
      'symbolPositions',
      'strategyPositions',
      'buyingPower',
      'portfolioDelta',
      'portfolioVega',
      'portfolioStress',
      'expirationPositions',
      'expiryDayRisk',
      'buyingPowerShare',
    ],
    setting: 'risk.maxPositions',
    proofs: GATE,
  },
  {
    title: 'Loss stops',
    how: 'Loss since the last close, of the week and from the peak, at each round over the positions with everything held at natural prices; a figure that is missing counts as a breach.',
    gates: ['dailyLoss', 'dailyLossDollars', 'weeklyLoss', 'drawdown'],
    breakers: ['dailyLoss', 'weeklyLoss', 'drawdown', 'unknownMark'],
    setting: 'risk.maxDailyLossFraction',
    proofs: GATE,
    tests: ['tests/engine/acting/markedLosses.test.ts', 'tests/engine/acting/triggers.test.ts'],
  },
  {
    title: 'Capital ceiling',
    how: 'With real money the capital at risk stays under the ceiling that was typed when it was armed.',
    gates: ['capitalCeiling'],
    proofs: ['gate', 'mutants'],
    tests: ['tests/host/liveVenue.test.ts'],
  },
  {
    title: 'Instruments and hours',
    how: 'Allowed underlyings, trading hours and half days, halts, earnings, the last day of a contract.',
    gates: [
      'allowList',
      'marketHours',
      'firstMinutes',
      'lastMinutes',
      'expired',
      'expiryDay',
      'symbolPaused',
      'symbolHalted',
      'earnings',
    ],
    setting: 'risk.allowedUnderlyings',
    proofs: GATE,
    tests: ['tests/adapters/earnings/earningsFile.test.ts', 'tests/engine/risk/openGates.test.ts'],
  },
  {
    title: 'Account flags',
    how: 'Blocked or suspended accounts, the options level and a margin deficit stop entries; so does what the broker leaves untold.',
    gates: ['accountFlags', 'marginDeficit', 'optionsLevel', 'snapshotAge', 'dayTrades'],
    setting: 'risk.maxSnapshotAgeSeconds',
    proofs: GATE,
  },
  {
    title: 'Self-cross and wash sale',
    how: 'No order meets our own; a sale at a loss within thirty days is marked.',
    gates: ['selfCross', 'washSale'],
    proofs: ['gate', 'mutants'],
    tests: ['tests/engine/acting/selfCross.test.ts', 'tests/engine/risk/details.test.ts'],
  },
  {
    title: 'Limit orders only',
    how: 'No market order on an option exists in the program; a new price passes the gate like a new order.',
    gates: ['reduceOnly'],
    proofs: GATE,
  },
  {
    title: 'Live and paper apart',
    how: 'Host, key and account number must agree, else the start is refused; real money must be armed.',
    gates: ['notArmed'],
    facts: ['LiveStepTaken'],
    proofs: ['mutants'],
    tests: ['tests/host/liveVenue.test.ts', 'tests/host/alpacaVenue.test.ts', 'tests/engine/acting/arming.test.ts'],
  },
];

const ORDER_CONTROLS: readonly Draft[] = [
  {
    title: 'Written before sent',
    how: 'The intent is on the disk before the order leaves.',
    proofs: ['sigkill', 'power', 'crash-points'],
  },
  {
    title: 'One identity, one attempt',
    how: 'The order’s id carries the hash of its intent; a new attempt follows only proof that the old one is dead. What bears our name and is not in the journal stops entries.',
    facts: ['OrderProved', 'UnrecordedOrderNoted'],
    proofs: ['swarm', 'prove-the-meter'],
    tests: ['tests/engine/acting/olderBackup.test.ts', 'tests/modes/olderBackup.test.ts'],
  },
  {
    title: 'Doubt is a state',
    how: 'After a time-out, or an answer that cannot be read, an order is looked up, never sent again blind; its underlying takes no new risk meanwhile.',
    gates: ['orderInDoubt'],
    facts: ['OrderInDoubt'],
    setting: 'execution.absentProofs',
    proofs: ['swarm', 'payloads'],
    tests: ['tests/engine/acting/orderLife.test.ts', 'tests/adapters/alpaca/namedFaults.test.ts'],
  },
  {
    title: 'Rate limits',
    how: 'One budget a key at each host, with a lane that exits and cancels always have.',
    setting: 'broker.requestsPerMinute',
    tests: ['tests/adapters/alpaca/scheduler.test.ts'],
  },
  {
    title: 'No stream, no entries',
    how: 'Entries wait until every line has said that it is connected, and for a clean comparison; a sweep a minute finds what the stream lost.',
    gates: ['entriesBlocked'],
    setting: 'failsafe.sweepSeconds',
    proofs: SWARM,
    tests: ['tests/adapters/alpacaStreams/streams.test.ts', 'tests/adapters/alpacaStreams/streamFaults.test.ts'],
  },
  {
    title: 'Each execution once',
    how: 'Executions count by their id, in any order; what the stream lost is booked at the broker’s own price.',
    proofs: SWARM,
    tests: ['tests/engine/acting/executions.test.ts', 'tests/adapters/alpacaStreams/streamFaults.test.ts'],
  },
  {
    title: 'Whole combinations',
    how: 'Legs fill together; a leg that stands alone is repaired.',
    facts: [],
    proofs: SWARM,
    tests: ['tests/engine/acting/nakedLeg.test.ts'],
  },
  {
    title: 'A fill wins the race',
    how: 'A cancel that was overtaken by a fill is a fill.',
    proofs: SWARM,
  },
];

const RECONCILIATION_CONTROLS: readonly Draft[] = [
  {
    title: 'At the start',
    how: 'Nothing is opened before the broker’s book and ours agree in everything; exits go.',
    proofs: ['swarm', 'crash-points'],
    tests: ['tests/engine/acting/restart.test.ts'],
  },
  {
    title: 'All day',
    how: 'Every sweep and every fill; a difference that stays stops entries; a failed look is not a flat account.',
    breakers: ['drift'],
    setting: 'failsafe.driftPolls',
    proofs: ['swarm', 'payloads'],
  },
  {
    title: 'At the end of the day',
    how: 'Fills, fees, clearing and cash of the broker’s record against the journal’s cash book, to the cent; settled before the next open. Every order of the day is proved by its intent, or all stops; a day that closed while the desk was off, at the next start.',
    breakers: ['books', 'audit'],
    facts: ['DayReconciled', 'DayAudited'],
    setting: 'failsafe.unknownCashDollars',
    proofs: SWARM,
    tests: [
      'tests/engine/acting/books.test.ts',
      'tests/research/dayAudit.test.ts',
      'tests/app/missedAudit.test.ts',
      'tests/engine/acting/triggers.test.ts',
    ],
  },
  {
    title: 'Orders from elsewhere',
    how: 'Counted in the limits while they work; their fills are taken over at the broker’s own prices and shown.',
    proofs: SWARM,
  },
];

const KILL_CONTROLS: readonly Draft[] = [
  {
    title: 'Four states, latched',
    how: 'A file outside the database, read in the gate and at the last line before the wire; unreadable means HALTED.',
    gates: ['killSwitch'],
    facts: ['KillStateChanged'],
    proofs: ['kill-switch'],
  },
  {
    title: 'Many ways in',
    how: 'Window, browser, tray, keyboard, command line, your paired phone, a dropped file, the watchdog, the engine itself.',
    facts: ['KillStateChanged'],
    tests: ['tests/adapters/latch/latch.test.ts', 'tests/shell/shell.test.ts', 'tests/e2e/hand.test.ts'],
  },
  {
    title: 'Entries are taken back',
    how: 'Blocked here at once; working entries are cancelled and looked for until none is left.',
    proofs: ['kill-switch'],
  },
  {
    title: 'Only a hand releases it',
    how: 'The word, the hold and a reason; it survives restarts. No phone and no language model can.',
    setting: 'failsafe.releaseWord',
    proofs: ['kill-switch', 'injection'],
    tests: ['tests/engine/acting/restartLatch.test.ts', 'tests/engine/acting/safety.test.ts'],
  },
  {
    title: 'Automatic triggers',
    how: 'Loss, drift, refusals, slippage, a dead feed, clock, disk, journal, assertion, a loop that stands still.',
    breakers: ['errors', 'rejects', 'slippage', 'feedDeath', 'clockSkew', 'diskSpace', 'loopLag', 'heap', 'alertUnseen'],
    facts: ['BreakerTripped'],
    setting: 'protection.onHigh',
    proofs: ['disk'],
    tests: ['tests/engine/acting/triggers.test.ts', 'tests/modes/stopsByItself.test.ts', 'tests/app/machineWatch.test.ts'],
  },
  {
    title: 'Watchdog',
    how: 'A process of its own that cancels entries when the engine stops answering.',
    proofs: ['stress'],
    tests: ['tests/watchdog/watchdog.test.ts', 'tests/host/watchdogDesk.test.ts'],
  },
];

const RECORD_CONTROLS: readonly Draft[] = [
  {
    title: 'Build and settings on record',
    how: 'Every session starts with the hash of the build, of the settings and the schema’s number.',
    facts: ['SessionStarted'],
    proofs: SWARM,
    tests: ['tests/research/auditor.test.ts'],
  },
  {
    title: 'Settings are events',
    how: 'Every change is journalled with its old and new value, and by whom; one made while nothing ran, at the next start. With real money only the window loosens, while nothing is held; an edit of the file or a variable that does is held back.',
    facts: ['SettingChanged', 'SettingHeldBack'],
    tests: ['tests/host/serve.test.ts', 'tests/app/changedWhileStopped.test.ts', 'tests/host/handEdits.test.ts'],
  },
  {
    title: 'One writer',
    how: 'A second engine on the same folder is refused.',
    tests: ['tests/adapters/journal/journal.test.ts'],
  },
  {
    title: 'Chain of hashes',
    how: 'Append-only, each row resting on the one before it, with an anchor outside and witnesses at the broker.',
    proofs: ['tamper'],
  },
  {
    title: 'Causes',
    how: 'Every broker event leads back to an order, its verdict, its decision and, by its SHA-256, the market it was made on. Questions to a language model and its answers stand there too, and cause nothing.',
    proofs: [...SWARM, 'injection'],
    tests: ['tests/engine/acting/inputsHash.test.ts', 'tests/host/opinion/reach.test.ts'],
  },
  {
    title: 'Secrets stay secret',
    how: 'Keys live in the keychain or a sealed file; a known one is searched for in every output, and in every question to a language model.',
    proofs: ['injection'],
    tests: ['tests/app/canary.test.ts', 'tests/adapters/secrets/secrets.test.ts', 'tests/host/opinion/prompt.test.ts'],
  },
  {
    title: 'Backups',
    how: 'Copied while in use, checked, rotated; in force while the newest copy is young and a restore was drilled lately.',
    setting: 'journal.backupOverdueHours',
    tests: ['tests/adapters/journal/journal.test.ts', 'tests/app/backups.test.ts'],
  },
  {
    title: 'Comes back with care',
    how: 'A supervised restart reduces only until the books agree; after three deaths it stays HALTED.',
    tests: ['tests/app/restartGuard.test.ts', 'tests/app/supervise.test.ts', 'tests/engine/acting/restartLatch.test.ts'],
  },
];

/** The forty-two controls in the order of the safety page. */
export const CONTROLS: readonly Control[] = [
  ...numbered('gate', 1, GATE_CONTROLS),
  ...numbered('orders', 17, ORDER_CONTROLS),
  ...numbered('reconciliation', 25, RECONCILIATION_CONTROLS),
  ...numbered('killSwitch', 29, KILL_CONTROLS),
  ...numbered('record', 35, RECORD_CONTROLS),
];

function numbered(group: Control['group'], first: number, drafts: readonly Draft[]): Control[] {
  return drafts.map((draft, place) => ({
    number: first + place,
    group,
    gates: [],
    breakers: [],
    facts: [],
    setting: '',
    proofs: [],
    tests: [],
    ...draft,
  }));
}
