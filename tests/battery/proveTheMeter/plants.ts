import type { StoryName } from '../swarm/stories.ts';

/** A fault planted in the program's own text, for one process: `find` must stand in `file` exactly once. */
export interface Plant {
  readonly name: string;
  /** The sessions in which it can show, where the mixed ones seldom come there. */
  readonly story?: StoryName;
  readonly edits: readonly { readonly file: string; readonly find: string; readonly replace: string }[];
}

const intake = 'src-main/engine/execution/intake.ts';
const exitRules = 'src-main/engine/positions/exitRules.ts';
const secrets = 'src-main/adapters/secrets/withoutSecrets.ts';
const runtime = 'src-main/modes/runtime.ts';

const KEY_OUT_OF_THE_JOURNAL_ALONE = [
  { file: secrets, find: 'withoutPieces(clean.replaceAll(secret, SECRET), secret)', replace: 'clean' },
  {
    file: 'src-main/adapters/journal/writer.ts',
    find: 'const text = canonicalJson(fact);',
    replace: "const text = canonicalJson(fact).replaceAll('canary-swarm-4be1c0de', 'kept out');",
  },
] as const;

/**
 * What a careless change could do to the program. The battery must find every one of them; what it cannot find it does not
 * guard. (`synchronous=NORMAL` is planted by the power check itself, see `../power`.)
 */
export const PLANTS: readonly Plant[] = [
  {
    name: 'retry without proof: one “not found” counts as absence',
    edits: [{ file: intake, find: 'if (answers < turn.settings.execution.absentProofs)', replace: 'if (answers < 1)' }],
  },
  {
    name: 'an order in doubt counts as never sent, and is sent again',
    edits: [
      {
        file: intake,
        find: "if (report.certainty === 'notSent')\n        return record.message === STOPPED\n          ? attemptOver(turn, { ...updated(), message: STOPPED }, 'notFilled', null)\n          : attemptOver(turn, updated(), 'rejected', report.fault);",
        replace:
          "if (report.certainty) {\n turn.emit({ kind: 'OrderProved', intentId, attempt, outcome: 'absent', evidence: 'planted' });\n        return attemptOver(turn, updated(), 'rejected', { ...report.fault, retryable: true }); }",
      },
    ],
  },
  {
    name: 'the gate does not count open orders',
    edits: [
      {
        file: 'src-main/engine/state/riskBook.ts',
        find: "if (isOver(order.status) || order.request.purpose !== 'open') continue;",
        replace: 'if (order) continue;',
      },
    ],
  },
  {
    name: 'a cancel that was asked for counts as done',
    edits: [
      {
        file: 'src-main/engine/execution/work.ts',
        find: "  requestCancel(turn, record, 'time at this price is over');",
        replace:
          "  requestCancel(turn, record, 'time at this price is over'); takeReport(turn, { kind: 'orderCancelled', clientOrderId: record.clientOrderId ?? '', brokerOrderId: record.brokerOrderId ?? '', filledContracts: record.filled, at: turn.now });",
      },
      {
        file: 'src-main/engine/execution/work.ts',
        find: '/** Works that are not over. */',
        replace: "import { takeReport } from './intake.ts';\n/** Works that are not over. */",
      },
    ],
  },
  {
    name: 'no latch: neither the gate nor the last line before the wire reads it',
    edits: [
      {
        file: 'src-main/engine/risk/accountGates.ts',
        find: "holds('killSwitch', book.killState === 'ACTIVE', book.killState)",
        replace: "holds('killSwitch', true, book.killState)",
      },
      {
        file: runtime,
        find: "if (state === 'ACTIVE' || (purpose === 'close' && state !== 'HALTED')) return null;",
        replace: 'if (state) return null;',
      },
    ],
  },
  {
    name: 'the intent is not on the disk when the order leaves',
    edits: [
      { file: runtime, find: 'durable: mustBeDurable || facts.some(({ fact }) => matters(fact))', replace: 'durable: false' },
    ],
  },
  {
    name: 'buy and sell are mixed up on the way out',
    edits: [
      {
        file: 'src-main/adapters/brokers/embedded/translate.ts',
        find: "      symbol,\n      side,\n      ratio,\n      intent: order.assetClass === 'stock' ? null : intent,",
        replace:
          "      symbol,\n      side: side === 'buy' ? 'sell' : 'buy',\n      ratio,\n      intent: intent === 'buyToOpen' ? 'sellToOpen' : intent === 'sellToOpen' ? 'buyToOpen' : intent,",
      },
    ],
  },
  {
    name: 'one unit too many leaves',
    edits: [
      {
        file: 'src-main/adapters/brokers/embedded/translate.ts',
        find: 'contracts: order.contracts,\n    netLimit: order.netLimit,',
        replace: 'contracts: order.contracts + 1,\n    netLimit: order.netLimit,',
      },
    ],
  },
  {
    name: 'a repeated execution is booked again',
    edits: [
      { file: intake, find: 'if (record.executionIds.includes(executionIdOf(report))) return 0;', replace: '' },
      {
        file: intake,
        find: 'return Math.min(uncounted(record.counted, upTo - contracts, upTo), room);',
        replace: 'return upTo > 0 ? contracts : 0;',
      },
    ],
  },
  {
    name: 'missed fills are booked five cents beside the price that the broker states for them',
    edits: [
      {
        file: intake,
        find: '(order.legFillPrices[index] ?? Math.abs(average)) * perUnit',
        replace: '((order.legFillPrices[index] ?? Math.abs(average)) + 0.05) * perUnit',
      },
    ],
  },
  {
    name: 'missed fills are not taken from the broker’s book',
    edits: [
      {
        file: intake,
        find: 'if (order.filledContracts > record.filled && order.filledContracts >= record.toldFilled) {',
        replace: 'if (order.filledContracts < 0) {',
      },
    ],
  },
  {
    name: 'the end of an order is taken before its last fill',
    edits: [
      {
        file: intake,
        find: "      if (report.filledContracts > record.filled) return askSnapshot(turn, 'fill');\n      journal();",
        replace: "      journal();\n      if (report.filledContracts > record.filled) return askSnapshot(turn, 'fill');",
      },
    ],
  },
  {
    name: 'differences with the broker’s positions are not looked at',
    edits: [
      {
        file: 'src-main/engine/reconcile/reconcile.ts',
        find: '[...explainDifferences(turn, snapshot)]',
        replace: '[]',
      },
    ],
  },
  {
    name: 'the day’s books are not closed',
    edits: [
      {
        file: 'src-main/engine/reconcile/reconcile.ts',
        find: "if (trigger === 'endOfDay') reconcileDay(turn, snapshot, differences);",
        replace: '',
      },
    ],
  },
  {
    name: 'the cash of a fill is booked three cents beside its price',
    edits: [
      { file: 'src-main/engine/positions/fills.ts', find: '  return cents(total);', replace: '  return cents(total + 3);' },
    ],
  },
  {
    name: 'the risk of a trade is not compared with its limit',
    edits: [
      {
        file: 'src-main/engine/risk/sizeGates.ts',
        find: "atMost('riskPerTrade', loss, shareOfEquity(open, limits.maxRiskPerTradeFraction), 'cents')",
        replace: "atMost('riskPerTrade', 0, shareOfEquity(open, limits.maxRiskPerTradeFraction), 'cents')",
      },
    ],
  },
  {
    name: 'a leg that stands alone after the broker took the other is left alone',
    edits: [
      {
        file: 'src-main/engine/positions/manage.ts',
        find: "if (!position.tags.includes('orphan')) return null;",
        replace: 'return null;',
      },
    ],
  },
  {
    name: 'what is left of a structure that lost a leg waits for the next round over the positions',
    edits: [
      {
        file: 'src-main/engine/reconcile/reconcile.ts',
        find: 'if (inPositions.some(({ resolved }) => resolved)) askManaging(turn);',
        replace: 'askManaging.toString();',
      },
    ],
  },
  {
    name: 'a leg that the broker took is told in a way that can be switched off',
    edits: [
      {
        file: 'src-main/engine/reconcile/adopt.ts',
        find: 'closing}`, true);',
        replace: 'closing}`, false);',
      },
    ],
  },
  {
    name: 'a profit that was reached is not taken',
    edits: [{ file: exitRules, find: 'mark.profit < target * fraction) return null;', replace: 'true) return null;' }],
  },
  {
    name: 'a stop does not fire',
    edits: [{ file: exitRules, find: 'figures.loss < figures.limit) return null;', replace: 'true) return null;' }],
  },
  {
    name: 'a time stop does not fire',
    story: 'timeStops',
    edits: [{ file: exitRules, find: 'return days <= limit\n', replace: 'return days < -1\n' }],
  },
  {
    name: 'an expiring short is not closed before the broker’s cut-off',
    story: 'expirationDay',
    edits: [{ file: exitRules, find: 'cutoff === null || now < cutoff', replace: 'cutoff === null || now > 0' }],
  },
  {
    name: 'buying power is taken to be the whole equity, whatever the house asks',
    story: 'dearHouse',
    edits: [
      {
        file: 'src-main/engine/risk/buyingPower.ts',
        find: 'const free = account ? account.optionsBuyingPower : null;',
        replace: 'const free = account ? account.equity : null;',
      },
    ],
  },
  {
    name: 'an account that falls behind the broker’s record is taken at its word',
    edits: [{ file: 'src-main/engine/reconcile/differences.ts', find: '|| wasJustTold(turn, left)', replace: '' }],
  },
  {
    name: 'the age of a quote is not looked at',
    edits: [
      {
        file: 'src-main/engine/risk/marketGates.ts',
        find: 'oldest === null ? null : Math.abs(book.now - oldest) / 1000',
        replace: 'oldest === null ? null : 0',
      },
    ],
  },
  {
    name: 'a key that an error of the broker echoes is handed on',
    edits: [
      {
        file: secrets,
        find: 'withoutPieces(clean.replaceAll(secret, SECRET), secret)',
        replace: 'clean',
      },
    ],
  },
  {
    name: 'the key is kept out of the journal alone, and stands in an alert',
    edits: [
      ...KEY_OUT_OF_THE_JOURNAL_ALONE,
      {
        file: 'src-main/engine/breakers/breakers.ts',
        find: "  if (severity === 'critical') raiseAlert(",
        replace: "  notify(turn, 'error', where, fault.message);\n  if (severity === 'critical') raiseAlert(",
      },
      {
        file: 'src-main/engine/breakers/breakers.ts',
        find: "import type { Turn } from '../turn.ts';",
        replace: "import { notify, type Turn } from '../turn.ts';",
      },
    ],
  },
  {
    name: 'the key is kept out of the journal alone, and stands in a view',
    edits: [
      ...KEY_OUT_OF_THE_JOURNAL_ALONE,
      {
        file: 'src-main/engine/state/apply.ts',
        find: "if (fact.severity === 'critical') state.lastTrips.set(",
        replace: 'state.lastTrips.set(',
      },
    ],
  },
  {
    name: 'the order’s id does not carry the hash of its intent',
    edits: [
      {
        file: 'src-main/ports/clientOrderId.ts',
        find: 'intentRowHash.slice(0, 12)}`;',
        replace: 'intentRowHash.slice(12, 24)}`;',
      },
    ],
  },
  {
    name: 'activities are not journalled',
    edits: [
      {
        file: 'src-main/adapters/journal/writer.ts',
        find: 'insert.run(seq, at, fact.kind, text, hash);',
        replace: "insert.run(seq, at, fact.kind === 'ActivityBooked' ? 'ConnectionChanged' : fact.kind, text, hash);",
      },
    ],
  },
  {
    name: 'a row of the chain does not rest on the one before it',
    edits: [
      {
        file: 'src-main/adapters/journal/writer.ts',
        find: 'const hash = rowHash(head.hash,',
        replace: 'const hash = rowHash(seq % 50 === 0 ? text : head.hash,',
      },
    ],
  },
];
