import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenJournal, openJournal } from '#adapters/journal/journal';
import { memoryLatch } from '#adapters/latch/memoryLatch';
import { type Assembly, assemble } from '#app/assemble';
import { endOf } from '#app/simulation/calendarOf';
import { type Instant, instant } from '#domain/units';
import { createExchange } from '#exchange/embeddedExchange';
import type { Exchange } from '#exchange/exchangeApi';
import { createRandom } from '#exchange/random';
import { runUntil } from '#modes/simulated';
import type { IssuedCommand, OperatorCommand } from '#ports/commands';
import type { JournalRow } from '#ports/journal';
import type { ChainVerdict } from '#ports/journalQueries';
import { type EngineSettings, engineSettings } from '#ports/settings/settings';
import { AdverseBroker, CANARY } from './adverseBroker.ts';
import { AdverseFeed } from './adverseFeed.ts';
import { type Life, loseUncommitted, mortalLatch, mortalWriter, newLife } from './life.ts';
import { type LinkFaultDesk, linkFaultDesk } from './linkFaultDesk.ts';
import { commandFor } from './ownerHand.ts';
import type { Act, SessionPlan } from './plan.ts';
import { Watch } from './watch.ts';

const JOURNAL_ID = 'swarm001';
/** Time between two looks of the harness: weather, the owner's hand, death. */
const STEP_MS = 180_000;
/** Files that vanish with the machine cost no sync: here the process dies, never the power (`battery -- power` does that). */
const FAST_FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** What is left of a session, for the auditor and the counters. */
export interface SessionRecord {
  readonly plan: SessionPlan;
  readonly settings: EngineSettings;
  readonly exchange: Exchange;
  readonly rows: readonly JournalRow[];
  readonly verdict: ChainVerdict;
  readonly linkHits: LinkFaultDesk['hits'];
  readonly leftAt: LinkFaultDesk['leftAt'];
  readonly lives: number;
  /** Instants at which the latch forbade openings, in market time. */
  readonly latchThrown: readonly { readonly from: Instant; readonly until: Instant | null }[];
  /** The engine threw: told with its reason. */
  readonly crashes: readonly string[];
  readonly latchAtEnd: string;
  readonly worksAtEnd: number;
  /** Rows of the journal that hold the broker's key. */
  readonly rowsWithSecret: number;
  /** What the harness noted by looking. */
  readonly watch: Watch;
}

/** Where a test takes part in a session; a plain one has nobody. */
export interface SessionSeams {
  /** Makes each life, the first one included. */
  life?(): Life;
}

/** Trades a plan: the real engine, runtime, gate, journal on disk and exchange, with everything between them made bad. */
export async function runSession(plan: SessionPlan, seams: SessionSeams = {}): Promise<SessionRecord> {
  const folder = mkdtempSync(join(FAST_FOLDER, 'strikedesk-swarm-'));
  try {
    mkdirSync(folder, { recursive: true });
    return await new Session(plan, join(folder, 'journal.db'), seams).run();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Session {
  private readonly plan: SessionPlan;
  private readonly path: string;
  private readonly seams: SessionSeams;
  private readonly exchange: Exchange & ReturnType<typeof createExchange>;
  private readonly faults: LinkFaultDesk;
  private readonly random;
  private readonly watch: Watch;
  private readonly settings: EngineSettings;
  private readonly latch = memoryLatch();
  private readonly latchThrown: { from: Instant; until: Instant | null }[] = [];
  private readonly crashes: string[] = [];
  private readonly waiting: { readonly at: Instant; readonly act: Act }[];
  private commands = 0;
  private lives = 0;
  private nextStep: number;

  constructor(plan: SessionPlan, path: string, seams: SessionSeams) {
    this.plan = plan;
    this.path = path;
    this.seams = seams;
    this.exchange = createExchange({
      seed: plan.seed,
      start: plan.start,
      settings: {
        market: { underlyings: [...plan.underlyings], tickSeconds: 60, historySessions: 30, jumpsPerYear: 50 },
        matching: { partialFillChance: 0.3 },
        clearing: {
          startingCash: 25_000_000,
          ...(plan.raisedMarginFactor === undefined ? {} : { raisedMarginFactor: plan.raisedMarginFactor }),
        },
      },
      faults: plan.exchangeFaults,
    });
    this.faults = linkFaultDesk(plan, () => this.exchange.now());
    this.random = createRandom(plan.seed, 'hand');
    this.watch = new Watch(this.exchange, CANARY);
    this.settings = engineSettings.parse(plan.settings);
    this.waiting = [...plan.acts];
    this.nextStep = this.exchange.now();
  }

  async run(): Promise<SessionRecord> {
    const until = endOf(this.plan.start, this.plan.days);
    let journal = this.open();
    let worksAtEnd = 0;
    while (this.exchange.now() < until) {
      const { engine } = await this.live(journal, until);
      const view = engine.view();
      this.watch.noteView({ ...view });
      worksAtEnd = [...view.works.values()].filter((work) => work.outcome === null).length;
      loseUncommitted(journal);
      journal.close();
      journal = this.open();
      if (this.latch.read().state === 'HALTED' && this.latch.read().by === 'engine' && this.lives > 40) break;
    }
    const record: SessionRecord = {
      plan: this.plan,
      settings: this.settings,
      exchange: this.exchange,
      rows: [...journal.reader.rows(1)],
      verdict: journal.reader.verify(),
      linkHits: this.faults.hits,
      leftAt: this.faults.leftAt,
      lives: this.lives,
      latchThrown: this.latchThrown,
      crashes: this.crashes,
      latchAtEnd: this.latch.read().state,
      worksAtEnd,
      rowsWithSecret:
        journal.db.prepare<[string], { n: number }>('SELECT COUNT(*) AS n FROM events WHERE instr(fact, ?) > 0').get(CANARY)?.n ??
        0,
      watch: this.watch,
    };
    journal.close();
    return record;
  }

  private open(): OpenJournal {
    return openJournal(this.path, { create: true, journalId: JOURNAL_ID });
  }

  /** One life of the program: until the end of the session, or until it dies. */
  private async live(journal: OpenJournal, until: Instant): Promise<Assembly> {
    this.lives += 1;
    const life = (this.seams.life ?? newLife)();
    const broker = new AdverseBroker(this.exchange, this.faults, life, this.watch);
    const feed = new AdverseFeed(this.exchange, this.faults);
    const assembly = assemble({
      settings: this.settings,
      broker,
      feed,
      journal: { writer: mortalWriter(journal.writer, life), reader: journal.reader },
      latch: mortalLatch(this.latch, life),
      mode: 'paper',
      account: this.exchange.settings.clearing.accountNumber,
      build: 'battery',
      feeSchedule: this.exchange.settings.fees,
      now: () => this.exchange.now(),
      onNotification: (notification) => {
        if (life.alive) this.watch.noteTold(notification);
      },
      onCrash: (error) => {
        if (life.alive) this.crashes.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
        life.end();
      },
    });
    await broker.start();
    await feed.start();
    assembly.start();
    while (life.alive && this.exchange.now() < until) {
      const stop = instant(Math.min(until, this.nextStep));
      await runUntil({ runtime: assembly.runtime, time: this.exchange, adapters: [broker, feed], onTime() {} }, stop);
      this.watchLatch();
      if (!life.alive) break;
      this.watch.noteQuotes();
      if (this.exchange.now() >= this.nextStep) this.nextStep = this.stepAfter(this.nextStep);
      this.weather(broker, feed);
      this.act(assembly, feed);
      this.watchLatch();
      if (this.faults.strikes('crash')) life.end();
      if (life.alive && this.faults.strikes('clockJump')) this.sleep(assembly);
    }
    assembly.runtime.stop();
    broker.hangUp();
    return assembly;
  }

  /** The end of the faults is a step of its own: lines come back at that moment, not minutes later. */
  private stepAfter(step: number): number {
    const { faultsEnd } = this.plan;
    return step < faultsEnd ? Math.min(step + STEP_MS, faultsEnd) : step + STEP_MS;
  }

  private weather(broker: AdverseBroker, feed: AdverseFeed): void {
    if (this.exchange.now() >= this.plan.faultsEnd) {
      broker.clearUp();
      feed.clearUp();
      return;
    }
    broker.weather();
    feed.weather();
  }

  /** The machine sleeps: the market goes on without it, and it wakes with a clock that has jumped. */
  private sleep(assembly: Assembly): void {
    const from = this.exchange.now();
    const until = instant(Math.min(this.plan.faultsEnd, from + 120_000 + this.faults.random.below(3_600_000)));
    while (this.exchange.now() < until) this.exchange.advanceTo(until);
    this.nextStep = this.exchange.now();
    assembly.runtime.post({ kind: 'clockJumped', at: this.exchange.now(), from });
  }

  private act(assembly: Assembly, feed: AdverseFeed): void {
    for (let due = this.waiting[0]; due && due.at <= this.exchange.now(); due = this.waiting[0]) {
      this.waiting.shift();
      const { engine } = assembly;
      const { exchange, random } = this;
      const command = commandFor(due.act, { engine, exchange, random, underlyings: this.plan.underlyings });
      if (!command) continue;
      if (command.kind === 'openStructure') {
        feed.requestQuotes([...this.plan.underlyings, ...command.legs.map(({ symbol }) => symbol)]);
        for (const hand of feed.take()) hand();
      }
      const issued = this.issue(assembly, command);
      // The same press again, and the same wish pressed anew.
      if (due.act.kind === 'doublePress') {
        void assembly.runtime.command(issued);
        this.issue(assembly, command);
      }
      if ('takeAssignment' in due.act && due.act.takeAssignment) this.wantAssignment(assembly);
    }
  }

  private issue(assembly: Assembly, command: OperatorCommand): IssuedCommand {
    this.commands += 1;
    const issued: IssuedCommand = {
      commandId: `battery-${this.commands}`,
      at: this.exchange.now(),
      by: { role: 'owner', via: 'desktop', name: 'battery' },
      command,
    };
    void assembly.runtime.command(issued);
    return issued;
  }

  private wantAssignment(assembly: Assembly): void {
    const held = assembly.engine.view().positions.at(-1)?.position;
    if (!held) return;
    const exitPlan = { ...held.exitPlan, takeAssignment: true };
    this.issue(assembly, { kind: 'setExitPlan', positionId: held.positionId, exitPlan });
  }

  private watchLatch(): void {
    const thrown = this.latch.read().state !== 'ACTIVE';
    const last = this.latchThrown.at(-1);
    const isOpen = last !== undefined && last.until === null;
    if (thrown && !isOpen) this.latchThrown.push({ from: this.exchange.now(), until: null });
    if (!thrown && isOpen && last) last.until = this.exchange.now();
  }
}
