/** One way for the disk to fail: the n-th operation of a kind since the journal was opened. */
export interface DiskCase {
  readonly nth: number;
  /** ENOSPC 28 (full), EIO 5 (broken), EROFS 30 (read-only). */
  readonly errno: number;
  /** False: that one operation; true: that one and every later one. */
  readonly lasts: boolean;
  /** `torn` writes half of the bytes before it fails. */
  readonly operation: 'write' | 'sync' | 'torn';
  /** Counts only operations on files whose path ends so; every file when left out. */
  readonly file?: string;
}

export interface DiskCaseResult extends DiskCase {
  /** The journal felt it: a case whose operation never came says nothing. */
  readonly reached: boolean;
  readonly sent: number;
  readonly sentAfterFault: number;
  readonly isHalted: boolean;
  readonly thrown: string | null;
  readonly alerts: readonly string[];
  readonly lost: readonly string[];
  readonly refused: string | null;
}

const FULL = 28;
const BROKEN = 5;
const READ_ONLY = 30;

/** Every n up to `most`, in each of the ways a disk fails. */
export function diskCases(most: number): DiskCase[] {
  const cases: DiskCase[] = [];
  for (let nth = 1; nth <= most; nth += 1) {
    cases.push({ nth, errno: FULL, lasts: true, operation: 'write' });
    cases.push({ nth, errno: BROKEN, lasts: false, operation: nth % 2 === 0 ? 'write' : 'torn' });
    cases.push({ nth, errno: BROKEN, lasts: false, operation: 'sync' });
    if (nth % 10 === 0) cases.push({ nth, errno: READ_ONLY, lasts: true, operation: 'write' });
  }
  return cases;
}

/**
 * The database file itself is written only when the write-ahead log is folded into it: a failure there loses no row, and is the
 * one that SQLite, left to itself, keeps silent about. Each way of it once, at its first write and sync.
 */
export function foldingCases(file: string): DiskCase[] {
  return [
    { nth: 1, errno: FULL, lasts: true, operation: 'write', file },
    { nth: 1, errno: BROKEN, lasts: false, operation: 'write', file },
    { nth: 1, errno: BROKEN, lasts: false, operation: 'torn', file },
    { nth: 100, errno: BROKEN, lasts: false, operation: 'torn', file },
    { nth: 1, errno: BROKEN, lasts: false, operation: 'sync', file },
    { nth: 1, errno: READ_ONLY, lasts: true, operation: 'write', file },
  ];
}

/** What a case must show, as sentences; empty when it held. */
export function broken(result: DiskCaseResult): string[] {
  if (!result.reached) return ['the operation that was to fail did not come: the case says nothing'];
  const findings: string[] = [];
  if (result.sentAfterFault > 0) findings.push(`${result.sentAfterFault} orders left after the journal had failed`);
  if (!result.isHalted) findings.push('the engine went on');
  if (result.alerts.length === 0) findings.push('the owner was not told');
  if (result.lost.length > 0) findings.push(`${result.lost.length} orders on the wire without an intent`);
  if (result.refused !== null) findings.push(`the journal cannot be opened again: ${result.refused}`);
  return findings;
}
