import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom } from '#exchange/random';
import { JOURNAL_FILE } from '../journalledDay/tradeDay.ts';
import { witnessed } from '../journalledDay/witnessed.ts';

export interface KillResult {
  readonly processes: number;
  /** Processes that SIGKILL ended; one that was through its day before is none. */
  readonly kills: number;
  /** Kills that hit a process which had already sent something. */
  readonly killsAfterOrders: number;
  readonly ordersOnTheWire: number;
  readonly lostIntents: number;
  readonly refusedJournals: number;
  /** Processes that ended by themselves and not in order: each is a finding. */
  readonly crashes: number;
  readonly findings: readonly KillFinding[];
}

export interface KillFinding {
  readonly seed: number;
  readonly finding: string;
}

/** Longest life of a process after its first word, milliseconds. */
const LONGEST_MS = 1_800;
/** Share of kills that follow an order to the wire within a few milliseconds: the dangerous moments. */
const AT_AN_ORDER = 0.6;
const MARKET_MINUTES = 240;

/** Kills `n` trading processes with SIGKILL, each at a random moment, and opens what each left on the disk. */
export async function killDays(n: number, options: { readonly seed: number; readonly workers: number }): Promise<KillResult> {
  const results = await Promise.all(
    Array.from({ length: options.workers }, async (_, worker) => {
      const mine: Single[] = [];
      for (let number = worker; number < n; number += options.workers) mine.push(await killOne(options.seed + number));
      return mine;
    }),
  );
  const all = results.flat();
  return {
    processes: all.length,
    kills: all.filter(({ killed }) => killed).length,
    killsAfterOrders: all.filter(({ killed, orders }) => killed && orders > 0).length,
    ordersOnTheWire: all.reduce((sum, { orders }) => sum + orders, 0),
    lostIntents: all.reduce((sum, { lost }) => sum + lost, 0),
    refusedJournals: all.filter(({ refused }) => refused !== null).length,
    crashes: all.filter(({ crashed }) => crashed !== null).length,
    findings: all.flatMap(findingsOf),
  };
}

function findingsOf({ seed, orders, lost, refused, crashed }: Single): KillFinding[] {
  const said = [
    ...(lost > 0 ? [`${orders} orders on the wire, ${lost} without an intent`] : []),
    ...(refused === null ? [] : [`the journal cannot be opened again: ${refused}`]),
    ...(crashed === null ? [] : [`nobody killed it, and it ended with ${crashed}`]),
  ];
  return said.map((finding) => ({ seed, finding }));
}

interface Single {
  readonly seed: number;
  readonly killed: boolean;
  /** The code or signal with which it ended by itself; null when it was killed or was through its day. */
  readonly crashed: string | null;
  readonly orders: number;
  readonly lost: number;
  readonly refused: string | null;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

async function killOne(seed: number): Promise<Single> {
  const folder = mkdtempSync(join(tmpdir(), 'strikedesk-kill-'));
  try {
    const random = createRandom(seed, 'sigkill');
    const script = fileURLToPath(new URL('./dayProcess.ts', import.meta.url));
    const child = fork(script, [folder, String(seed), String(MARKET_MINUTES)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const exited = new Promise<Ending>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    const atOrder = random.next() < AT_AN_ORDER ? 1 + random.below(12) : null;
    const wait = random.below(LONGEST_MS);
    const delay = random.below(6);
    let sent = 0;
    child.on('message', (word) => {
      if (word === 'ready' && atOrder === null) setTimeout(() => child.kill('SIGKILL'), wait);
      if (word !== 'sent') return;
      sent += 1;
      if (sent === atOrder) setTimeout(() => child.kill('SIGKILL'), delay);
    });
    const { code, signal } = await exited;
    const killed = signal === 'SIGKILL';
    const crashed = killed || code === 0 ? null : (signal ?? `code ${code}`);
    const onWire = wireOf(join(folder, 'wire.txt'));
    const { lost, refused } = witnessed(join(folder, JOURNAL_FILE), onWire);
    return { seed, killed, crashed, orders: onWire.length, lost: lost.length, refused };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A last line that was cut by the kill was not sent: the wire is written before the exchange is told. */
function wireOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .slice(0, -1)
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}
