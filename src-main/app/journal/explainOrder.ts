import { sentenceOf } from '#host/narrate';
import type { JournalRow } from '#ports/journal';
import type { JournalQueries } from '#ports/journalQueries';

export interface ChainLink {
  readonly step: 'session' | 'scan' | 'decision' | 'answer' | 'command' | 'exit' | 'verdict' | 'intent' | 'broker' | 'position';
  readonly seq: number;
  readonly at: number;
  readonly hash: string;
  readonly what: string;
}

export interface OrderChain {
  /** True when nothing between the input and the broker's last word is missing. */
  readonly complete: boolean;
  readonly missing: readonly string[];
  readonly links: readonly ChainLink[];
}

/** Rows of one order's story at most. */
const MOST = 5_000;

/** From the build and settings that ran, over the scan, the decision or the hand behind it, and the gate's verdict, to the broker. */
export function explainOrder(journal: JournalQueries, intentId: string): OrderChain {
  const own = journal.mentioning([intentId], MOST);
  const intent = own.find(({ fact }) => fact.kind === 'OrderIntended' && fact.request.intentId === intentId);
  if (intent?.fact.kind !== 'OrderIntended') return { complete: false, missing: ['intent'], links: [] };
  const { cause, positionId, gates } = intent.fact;
  const links: ChainLink[] = [];
  const add = (step: ChainLink['step'], row: JournalRow | undefined, what?: string): void => {
    if (row) links.push({ step, seq: row.seq, at: row.at, hash: row.hash, what: what ?? sentenceOf(row.fact) });
  };
  const before = (kind: string): JournalRow | undefined =>
    journal.events({ kinds: [kind], text: null, beforeSeq: intent.seq, limit: 1 }).rows[0];
  const session = before('SessionStarted');
  if (session?.fact.kind === 'SessionStarted') {
    const { build, configHash, schemaVersion, account, mode } = session.fact;
    add('session', session, `${mode} on ${account}: build ${build}, settings ${configHash}, schema ${schemaVersion}`);
  }
  if (cause.kind === 'decision') addDecision(journal, cause.decisionId, add);
  if (cause.kind === 'command')
    for (const row of journal.mentioning([cause.commandId], MOST)) if (row.fact.kind === 'CommandAnswered') add('command', row);
  if (cause.kind === 'exit')
    add(
      'exit',
      journal.mentioning([positionId], MOST).findLast(({ seq, fact }) => seq < intent.seq && fact.kind === 'ExitTriggered'),
    );
  const passed = gates.filter((gate) => gate.passed).length;
  add('verdict', intent, `the gate compared ${gates.length} values, ${passed} passed`);
  for (const row of own) {
    if (row.fact.kind === 'OrderIntended') add('intent', row);
    else if (row.fact.kind.startsWith('Order') || row.fact.kind === 'CancelRequested') add('broker', row);
  }
  for (const row of journal.mentioning([positionId], MOST))
    if (row.fact.kind === 'PositionOpened' || row.fact.kind === 'PositionClosed') add('position', row);
  const needed: readonly ChainLink['step'][] = [
    'session',
    ...(cause.kind === 'decision' ? (['scan', 'decision'] as const) : []),
    ...(cause.kind === 'command' ? (['command'] as const) : []),
    'verdict',
    'intent',
    'broker',
  ];
  const missing = needed.filter((step) => !links.some((link) => link.step === step));
  return { complete: missing.length === 0, missing, links: [...links].sort((a, b) => a.seq - b.seq) };
}

function addDecision(
  journal: JournalQueries,
  decisionId: string,
  add: (step: ChainLink['step'], row: JournalRow | undefined, what?: string) => void,
): void {
  for (const row of journal.mentioning([decisionId], MOST)) {
    if (row.fact.kind === 'ProposalAnswered') add('answer', row);
    if (row.fact.kind !== 'ProposalDecided') continue;
    const { scanId, snapshotId, inputsHash, strategyId, structure, verdict } = row.fact.decision;
    const inputs = inputsHash ? `, inputs ${inputsHash}` : '';
    add('decision', row, `${strategyId}: ${structure} ${verdict} from snapshot ${snapshotId} of scan ${scanId}${inputs}`);
    const scans = journal.events({ kinds: ['ScanCompleted'], text: `"scanId":${scanId},`, beforeSeq: null, limit: 20 }).rows;
    add(
      'scan',
      scans.find(({ fact }) => fact.kind === 'ScanCompleted' && fact.scanId === scanId),
    );
  }
}
