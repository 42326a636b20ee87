import { existsSync } from 'node:fs';
import { platform } from 'node:os';
import { type BackupMade, backUp } from '#adapters/journal/backup';
import { checkOnThread } from '#adapters/journal/checkThread';
import { exportTrades } from '#adapters/journal/exports';
import { type OpenJournal, openJournal, openJournalReader } from '#adapters/journal/journal';
import { firstRun, openLatchFile, throwLatch } from '#adapters/latch/latchFile';
import { watchLatch } from '#adapters/latch/latchWatch';
import { askChatModel } from '#adapters/opinion/chatCompletions';
import { openSecrets } from '#adapters/secrets/openSecrets';
import type { SessionTape } from '#adapters/sessionTape/sessionTape';
import { openInForce } from '#adapters/settings/inForce';
import { newlyHeld, otherAddress, problemOfHeld } from '#adapters/settings/realMoney';
import { openSettingsFile } from '#adapters/settings/settingsFile';
import { openPhoneFile } from '#adapters/telegram/phoneFile';
import { openTelegramLink } from '#adapters/telegram/telegramLink';
import { type Instant, instant } from '#domain/units';
import { actsOf } from '#host/acts';
import { createDesk, type Desk } from '#host/desk';
import { handlersOf } from '#host/handlers';
import type { DeskClock, Notice } from '#host/hostParts';
import { loosens } from '#host/loosening';
import { createOpinionDesk } from '#host/opinion/opinionDesk';
import { createPhone } from '#host/phone/phone';
import type { Runtime } from '#modes/runtime';
import type { HeldBack } from '#ports/settings/appSettings';
import { CATALOG } from '#strategies/catalog';
import type { Handlers } from '#wire/host';
import { assemble } from '../assemble.ts';
import { BUILD, VERSION } from '../build.ts';
import { dataFolder, prepareDataFolder } from '../dataFolder.ts';
import { type Log, openLog } from '../log.ts';
import { type DeskSettings, settingsSchema } from '../settingsSchema.ts';
import { backupsNow } from './backupsNow.ts';
import { batteryVerdict } from './batteryVerdict.ts';
import { changedWhileStopped, noticeOfRecord, noticeOfStopped } from './changedWhileStopped.ts';
import { endInOrder } from './endInOrder.ts';
import { accountAgrees, keepEveningAudit, noticeOfMissed } from './eveningAudit.ts';
import { startHousekeeping } from './housekeeping.ts';
import { watchMachine } from './machineWatch.ts';
import { refuseNewerFacts } from './newerFacts.ts';
import { newTape } from './newTape.ts';
import { openVenue } from './openVenue.ts';
import { guardRestart } from './restartGuard.ts';
import { settingsOnRecord } from './settingsOnRecord.ts';
import { keepWatchdog, type StartWatchdog } from './watchdogKeeper.ts';

export interface OpenDesk {
  readonly handlers: Handlers;
  readonly desk: Desk;
  readonly settings: () => DeskSettings;
  readonly log: Log;
  /** Ends in order: entries are taken back, what is held is said. Answers with it in words. */
  stop(reason: string): Promise<string>;
}

/** Time between two looks at the latch when the system tells of no change. */
const LATCH_POLL_MS = 500;
/** An edit of the settings file is read this long after its last write. */
const SETTLE_MS = 200;

/**
 * Opens everything that a desk is: settings, latch, journal, venue, engine, and the host that answers windows. Starting is
 * recovering: the journal is folded, the venue is asked, differences are journalled, and only then is anything traded.
 */
export async function openDesk(
  environment: Readonly<Record<string, string | undefined>>,
  system: { readonly forkWatchdog?: StartWatchdog; readonly isOwnersToken?: (text: string) => boolean } = {},
): Promise<OpenDesk> {
  const folder = dataFolder();
  prepareDataFolder(folder);
  refuseNewerFacts(folder.journal);
  const log = openLog(folder.log);
  const onError = (where: string, error: unknown): void => log.error({ where, error: errorText(error) }, 'failed');
  const secrets = await openSecrets({ environment, folder });
  const latch = openLatchFile(folder.latch);
  firstRun(latch, existsSync(folder.journal), instant(Date.now()));
  const journal = openJournal(folder.journal, { create: true });
  const inForce = openInForce(`${folder.settings}.in-force`);
  const record = settingsOnRecord(journal.reader, inForce.values);
  const settings = openSettingsFile({
    file: folder.settings,
    schema: settingsSchema,
    environment,
    settleMs: SETTLE_MS,
    watch: true,
    guard: {
      isLive: ({ broker }) => broker.venue === 'alpaca-live',
      onRecord: record.live,
      loosens,
    },
  });
  const elsewhere = otherAddress(settings.heldBack());
  if (elsewhere !== null) throw new Error(elsewhere);
  const restart = guardRestart({
    journal: journal.reader,
    latch,
    file: folder.crashes,
    settings: settings.current().supervisor,
    now: instant(Date.now()),
    onError,
  });
  const late: { desk: Desk | null; runtime: Runtime | null; watchdog: ReturnType<typeof keepWatchdog> | null } = {
    desk: null,
    runtime: null,
    watchdog: null,
  };
  /** A failure of the loop or of the journal: what follows would not be on record, so nothing more is sent. */
  function onFailure(where: string, error: unknown): void {
    const at = instant(Date.now());
    const body = error instanceof Error ? error.message : String(error);
    const isThrown = latch.read().state === 'HALTED';
    try {
      if (!isThrown) latch.write({ state: 'HALTED', reason: `${where} failed: ${body}`, by: 'desk', at });
    } catch (failure) {
      // Nobody would read it from the file: the engine itself ends, and takes back what rests at the broker.
      late.runtime?.stopBy(where, error);
      onError('kill switch', failure);
    }
    onError(where, error);
    if (isThrown) return;
    late.desk?.takeNotice({ kind: 'error', title: `Halted: the ${where} failed`, body, urgent: true }, at);
  }
  /** Where it cannot be written, the next start shows the change once more. */
  function keepInForce(): void {
    try {
      inForce.keep(settings.current());
    } catch (error) {
      onError('settings in force', error);
    }
  }
  const venue = await openVenue({ settings: settings.current(), folder, secrets, journal, onFailure, onError });
  noteSecretPlace(journal, secrets.backend, venue.now());

  const evening = keepEveningAudit({
    broker: venue.broker,
    journal,
    account: venue.account,
    now: () => venue.now(),
    agrees: () => accountAgrees(engine.view()),
    ordersBetween: (from, until) => venue.ordersBetween(from, until),
    clockToleranceMs: () => settings.current().protection.maxClockSkewMs,
    onAudited: (audit) => runtime.post({ kind: 'dayAudited', at: venue.now(), audit }),
    onError,
  });
  const tape = tapeFor();
  function tapeFor(): string | null {
    try {
      return newTape(folder.tapes, settings.current(), instant(Date.now()));
    } catch (error) {
      onError('session tape', error);
      return null;
    }
  }
  const assembly = assemble({
    onTapeFailed: (error) => onError('session tape', error),
    ...(tape === null ? {} : { tape }),
    settings: settings.current(),
    broker: venue.broker,
    feed: venue.feed,
    journal,
    latch,
    mode: venue.mode,
    venue: settings.current().broker.venue,
    account: venue.account,
    build: BUILD,
    feeSchedule: venue.fees,
    now: () => venue.now(),
    onNotification: (notice: Notice, at: Instant) => late.desk?.takeNotice(notice, at),
    onJournalled(facts, at) {
      late.desk?.takeFacts(facts, at);
      evening.takeFacts(facts);
      // Only now is a change on record: were it noted before, a death between would lose it.
      if (facts.some(({ kind }) => kind === 'SettingChanged')) keepInForce();
    },
    onAgendaChanged: () => venue.agendaChanged(),
    beforeSend: (order) => late.watchdog?.note(order),
    onCrash(error) {
      onError('engine', error);
      late.desk?.takeNotice(
        { kind: 'error', title: 'The engine stopped itself', body: errorText(error), urgent: true },
        venue.now(),
      );
    },
  });
  const backup: { underWay: Promise<BackupMade> | null; isFailing: boolean } = { underWay: null, isFailing: false };
  const { engine, runtime } = assembly;
  late.runtime = runtime;
  const driver: { clock: DeskClock | null } = { clock: null };
  const watchdog = keepWatchdog({
    folder,
    settings: settings.current(),
    watchAt: venue.watchAt,
    journalId: journal.writer.journalId,
    positions: () => engine.view().positions.length,
    isHalted: () => runtime.isHalted(),
    fork: system.forkWatchdog,
    onError,
    tell: (title, body) => late.desk?.takeNotice({ kind: 'error', title, body, urgent: true }, venue.now()),
  });
  late.watchdog = watchdog;
  const desk = createDesk({
    engine,
    issue: (issued) => runtime.command(issued),
    journal: journal.reader,
    journalHead: () => journal.writer.head().seq,
    record(change, by) {
      const fact = { kind: 'SettingChanged' as const, ...change, by };
      journal.writer.append([{ at: venue.now(), fact }], { durable: true });
      late.desk?.takeFacts([fact], venue.now());
    },
    recordFact(fact) {
      journal.writer.append([{ at: venue.now(), fact }], { durable: true });
      late.desk?.takeFacts([fact], venue.now());
    },
    battery: () => batteryVerdict(folder.batteryEvidence, BUILD),
    verifyJournal() {
      journal.flush();
      return checkOnThread({ kind: 'journal', file: folder.journal });
    },
    backUp: makeBackup,
    backups: () => backupsNow(folder, Date.now()),
    exportTrades,
    settings,
    secrets,
    catalog: CATALOG,
    market: venue.market,
    clock: {
      now: () => venue.now(),
      speed: () => driver.clock?.speed() ?? 1,
      setSpeed: (speed) => driver.clock?.setSpeed(speed) ?? false,
    },
    watchdog: watchdog.view,
    phone: {
      memory: openPhoneFile(folder.phone),
      openLink(parts) {
        const now = () => settings.current().telegram;
        return openTelegramLink({
          ...parts,
          baseUrl: now().apiUrl,
          pollSeconds: () => now().pollSeconds,
          messagesPerMinute: () => now().messagesPerMinute,
          wallNow: Date.now,
          chance: Math.random,
        });
      },
      latch: {
        state: () => latch.read().state,
        throw(verb, reason, by) {
          throwLatch(latch, { verb: verb === 'freeze' ? 'freeze' : 'stop-entries', reason, by, at: venue.now() });
        },
      },
    },
    askModel: askChatModel,
    isOwnersToken: system.isOwnersToken ?? (() => false),
    mode: venue.mode,
    venue: venue.title,
    quality: venue.feed.capabilities.quality,
    fees: venue.fees,
    about: {
      version: VERSION,
      build: BUILD,
      dataFolder: folder.root,
      settingsFile: folder.settings,
      journalFile: folder.journal,
      platform: `${platform()} ${process.arch}, Node ${process.versions.node}`,
    },
    onError,
  });
  late.desk = desk;
  const acts = actsOf(desk);
  const phone = createPhone(desk, acts);
  const opinions = createOpinionDesk(desk);

  /** One at a time. That none can be made is told urgently, once until one was made. */
  function makeBackup(): Promise<BackupMade> {
    backup.underWay ??= copyJournal()
      .then(
        (made) => {
          backup.isFailing = false;
          return made;
        },
        (error: unknown) => {
          const body = error instanceof Error ? error.message : String(error);
          if (!backup.isFailing)
            desk.takeNotice({ kind: 'error', title: 'The journal could not be backed up', body, urgent: true }, venue.now());
          backup.isFailing = true;
          throw error;
        },
      )
      .finally(() => {
        backup.underWay = null;
      });
    return backup.underWay;
  }

  async function copyJournal(): Promise<BackupMade> {
    try {
      journal.flush();
    } catch (error) {
      onFailure('journal', error);
      throw error;
    }
    const keep = settings.current().journal;
    const source = openJournalReader(folder.journal);
    try {
      const kept = { daily: keep.dailyBackups, weekly: keep.weeklyBackups };
      const spare = settings.current().protection.minDiskMegabytes;
      return await backUp(source.db, folder.backups, instant(Date.now()), kept, spare);
    } finally {
      source.close();
    }
  }

  // The engine first: what a venue says before that would not be heard.
  assembly.start();
  await venue.broker.start();
  await venue.feed.start();
  const driven = venue.drive(runtime);
  driver.clock = driven.clock;
  // After the session's start: a row before it would hide for how long no engine ran.
  const stopped = changedWhileStopped(settings, record.last, !inForce.isThere);
  if (stopped.length === 0) keepInForce();
  else runtime.post({ kind: 'settingsChanged', at: venue.now(), settings: settings.current(), changes: stopped, by: 'start' });
  let toldHeld: readonly HeldBack[] = [];
  /** A limit that somebody tried to loosen around the window: on record, and told. */
  function tellHeld(): void {
    const held = settings.heldBack();
    for (const one of newlyHeld(toldHeld, held)) {
      desk.parts.recordFact({ kind: 'SettingHeldBack', ...one });
      const { message: body } = problemOfHeld(one);
      desk.takeNotice({ kind: 'breach', title: 'A looser limit does not take force', body, urgent: true }, venue.now());
    }
    toldHeld = held;
  }
  tellHeld();
  const stopListening = settings.onChange((changes, by) => {
    tellHeld();
    if (changes.length === 0) return;
    if (changes.some(({ path }) => path === 'simulation.speed')) driven.clock.setSpeed(settings.current().simulation.speed);
    runtime.post({ kind: 'settingsChanged', at: venue.now(), settings: settings.current(), changes, by });
  });
  const watching = watchLatch({
    latch,
    latchFile: folder.latch,
    dropFile: folder.killDrop,
    pollMs: LATCH_POLL_MS,
    now: () => venue.now(),
    onMoved: () => runtime.post({ kind: 'latchMoved', at: venue.now() }),
    onError(error) {
      onError('KILL file', error);
      const body = 'What it says holds in this program, but could not be written down: look at the disk.';
      desk.takeNotice({ kind: 'error', title: 'The KILL file could not be taken', body, urgent: true }, venue.now());
    },
  });
  const machine = watchMachine({
    folder: folder.root,
    clockSkew: venue.clockSkew,
    observed(observation) {
      runtime.post({ kind: 'machineObserved', at: venue.now(), observation });
      const least = settings.current().protection.minDiskMegabytes;
      if (observation.kind === 'diskFree' && observation.value < least) endTape(`less than ${least} MB of the disk are free`);
    },
    onError,
  });
  /** A session is traded whether it is recorded or not. */
  function keepTape(act: (tape: SessionTape) => void): void {
    try {
      if (assembly.tape) act(assembly.tape);
    } catch (error) {
      onError('session tape', error);
    }
  }
  let tapeEnded = false;
  /** The tape up to here can be replayed; the journal has the disk's last room for itself. */
  function endTape(why: string): void {
    if (assembly.tape === null || tapeEnded) return;
    tapeEnded = true;
    keepTape((tape) => tape.close());
    const body = `Trading goes on; what was recorded so far can be replayed: ${why}.`;
    desk.takeNotice({ kind: 'error', title: 'The session is no longer recorded', body, urgent: false }, venue.now());
  }
  const housekeeping = startHousekeeping({
    flush() {
      try {
        journal.flush();
      } catch (error) {
        onFailure('journal', error);
      }
      keepTape((tape) => tape.flush());
      const { tapeMegabytes } = settings.current().journal;
      if ((assembly.tape?.bytes() ?? 0) > tapeMegabytes * 1_048_576) endTape(`it holds ${tapeMegabytes} MB`);
    },
    backUp: makeBackup,
    backups: folder.backups,
    everyHours: () => settings.current().journal.backupEveryHours,
    onError,
  });
  for (const notice of [noticeOfStopped(stopped), noticeOfRecord(record, venue.mode === 'live')])
    if (notice !== null) desk.takeNotice(notice, venue.now());
  const missed = noticeOfMissed(evening.missed());
  if (missed !== null) desk.takeNotice({ kind: 'error', ...missed, urgent: true }, venue.now());
  if (watchdog.lastDeed !== null)
    desk.takeNotice({ kind: 'error', title: 'The watchdog acted', body: watchdog.lastDeed, urgent: true }, venue.now());
  if (restart === 'tooOften')
    desk.takeNotice(
      { kind: 'error', title: 'Halted: the program died too often', body: latch.read().reason, urgent: true },
      venue.now(),
    );
  if (restart === 'uncounted')
    desk.takeNotice(
      { kind: 'error', title: 'Reducing only: this death could not be counted', body: latch.read().reason, urgent: true },
      venue.now(),
    );
  if (venue.note !== null) {
    log.warn(venue.note, 'note at the start');
    desk.takeNotice({ kind: 'error', ...venue.note, urgent: false }, venue.now());
  }
  phone.start();
  log.info({ venue: venue.title, build: BUILD }, 'started');

  let stopping: Promise<string> | null = null;
  async function stopAll(reason: string): Promise<string> {
    const left = await endInOrder({
      runtime,
      view: () => engine.view(),
      now: () => venue.now(),
      waitMs: settings.current().failsafe.stopWaitSeconds * 1000,
      outlivesUs: venue.watchAt !== null,
    });
    const body = `${left.text.charAt(0).toUpperCase()}${left.text.slice(1)}.`;
    desk.takeNotice({ kind: 'error', title: 'Strikedesk ends', body, urgent: left.entries > 0 }, venue.now());
    phone.stop();
    opinions.stop();
    watching.stop();
    machine.stop();
    housekeeping.stop();
    stopListening();
    evening.stop();
    await driven.stop();
    runtime.stop();
    journal.writer.append([{ at: venue.now(), fact: { kind: 'SessionEnded', reason: `${reason}; ${left.text}` } }], {
      durable: true,
    });
    await venue.broker.stop();
    await venue.feed.stop();
    settings.close();
    watchdog.stop(left.entries);
    venue.close();
    journal.close();
    if (!tapeEnded) keepTape((tape) => tape.close());
    log.info({ reason, left: left.text }, 'stopped');
    return left.text;
  }

  return {
    handlers: handlersOf(desk, acts, phone, opinions),
    desk,
    settings: () => settings.current(),
    log,
    stop(reason) {
      stopping ??= stopAll(reason);
      return stopping;
    },
  };
}

/** The journal says where keys lie, whenever that is not where they lay before. */
function noteSecretPlace(journal: OpenJournal, backend: string, at: Instant): void {
  const path = 'secrets.backend';
  const before = journal.reader
    .events({ kinds: ['SettingChanged'], text: path, beforeSeq: null, limit: 1 })
    .rows.map(({ fact }) => (fact.kind === 'SettingChanged' ? fact.newValue : ''))[0];
  if (before === backend) return;
  const fact = { kind: 'SettingChanged', path, oldValue: before ?? '', newValue: backend, by: 'start' } as const;
  journal.writer.append([{ at, fact }], { durable: true });
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
