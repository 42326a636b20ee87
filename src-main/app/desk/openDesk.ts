import { existsSync } from 'node:fs';
import { platform } from 'node:os';
import { checkOnThread } from '#adapters/journal/checkThread';
import { exportTrades } from '#adapters/journal/exports';
import { openJournal } from '#adapters/journal/journal';
import { firstRun, openLatchFile } from '#adapters/latch/latchFile';
import { watchLatch } from '#adapters/latch/latchWatch';
import { askChatModel } from '#adapters/opinion/chatCompletions';
import { openSecrets } from '#adapters/secrets/openSecrets';
import { openInForce } from '#adapters/settings/inForce';
import { otherAddress } from '#adapters/settings/realMoney';
import { openSettingsFile } from '#adapters/settings/settingsFile';
import { type Instant, instant } from '#domain/units';
import { actsOf } from '#host/acts';
import { createDesk, type Desk } from '#host/desk';
import { handlersOf } from '#host/handlers';
import type { DeskClock, Notice } from '#host/hostParts';
import { loosens } from '#host/loosening';
import { createOpinionDesk } from '#host/opinion/opinionDesk';
import { createPhone } from '#host/phone/phone';
import type { Runtime } from '#modes/runtime';
import { CATALOG } from '#strategies/catalog';
import type { Handlers } from '#wire/host';
import { assemble } from '../assemble.ts';
import { BUILD, VERSION } from '../build.ts';
import { dataFolder, prepareDataFolder } from '../dataFolder.ts';
import { type Log, openLog } from '../log.ts';
import { type DeskSettings, settingsSchema } from '../settingsSchema.ts';
import { keepBackups } from './backupKeeper.ts';
import { backupsNow } from './backupsNow.ts';
import { batteryVerdict } from './batteryVerdict.ts';
import { changedWhileStopped } from './changedWhileStopped.ts';
import { endInOrder } from './endInOrder.ts';
import { accountAgrees, keepEveningAudit } from './eveningAudit.ts';
import { tellHeldSettings } from './heldSettings.ts';
import { startHousekeeping } from './housekeeping.ts';
import { watchMachine } from './machineWatch.ts';
import { refuseNewerFacts } from './newerFacts.ts';
import { openVenue } from './openVenue.ts';
import { phoneParts } from './phoneParts.ts';
import { guardRestart } from './restartGuard.ts';
import { noteSecretPlace } from './secretPlace.ts';
import { settingsOnRecord } from './settingsOnRecord.ts';
import { startNotices } from './startNotices.ts';
import { keepTape, tapeFor } from './tapeKeeper.ts';
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
    tellUrgently(`Halted: the ${where} failed`, body, at);
  }
  /** Where it cannot be written, the next start shows the change once more. */
  function keepInForce(): void {
    try {
      inForce.keep(settings.current());
    } catch (error) {
      onError('settings in force', error);
    }
  }
  function tellUrgently(title: string, body: string, at: Instant = venue.now()): void {
    late.desk?.takeNotice({ kind: 'error', title, body, urgent: true }, at);
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
  const onTapeFailed = (error: unknown): void => onError('session tape', error);
  const tape = tapeFor(folder.tapes, settings.current(), instant(Date.now()), onTapeFailed);
  const assembly = assemble({
    onTapeFailed,
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
      tellUrgently('The engine stopped itself', errorText(error));
    },
  });
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
    tell: tellUrgently,
  });
  late.watchdog = watchdog;
  /** That none can be made is told urgently. */
  const makeBackup = keepBackups({
    folder,
    flush() {
      try {
        journal.flush();
      } catch (error) {
        onFailure('journal', error);
        throw error;
      }
    },
    settings: () => settings.current(),
    tellFailing: (body) => tellUrgently('The journal could not be backed up', body),
  });
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
    phone: phoneParts({
      file: folder.phone,
      latch,
      telegram: () => settings.current().telegram,
      now: () => venue.now(),
    }),
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
  const tellHeld = tellHeldSettings({
    heldBack: () => settings.heldBack(),
    recordFact: (fact) => desk.parts.recordFact(fact),
    tell: (notice) => desk.takeNotice(notice, venue.now()),
  });
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
      tellUrgently('The KILL file could not be taken', body);
    },
  });
  const taping = keepTape({
    tape: assembly.tape,
    mostMegabytes: () => settings.current().journal.tapeMegabytes,
    tell: (title, body) => desk.takeNotice({ kind: 'error', title, body, urgent: false }, venue.now()),
    onFailed: onTapeFailed,
  });
  const machine = watchMachine({
    folder: folder.root,
    clockSkew: venue.clockSkew,
    observed(observation) {
      runtime.post({ kind: 'machineObserved', at: venue.now(), observation });
      const least = settings.current().protection.minDiskMegabytes;
      if (observation.kind === 'diskFree' && observation.value < least) taping.end(`less than ${least} MB of the disk are free`);
    },
    onError,
  });
  const housekeeping = startHousekeeping({
    flush() {
      try {
        journal.flush();
      } catch (error) {
        onFailure('journal', error);
      }
      taping.flush();
    },
    backUp: makeBackup,
    backups: folder.backups,
    everyHours: () => settings.current().journal.backupEveryHours,
    onError,
  });
  const notices = startNotices({
    stopped,
    record,
    isLive: venue.mode === 'live',
    missed: evening.missed(),
    watchdogDeed: watchdog.lastDeed,
    restart,
    latchReason: latch.read().reason,
    venueNote: venue.note,
  });
  for (const notice of notices) desk.takeNotice(notice, venue.now());
  if (venue.note !== null) log.warn(venue.note, 'note at the start');
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
    taping.close();
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

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
