import { renderSVG } from 'uqr';
import type { ActOutcome } from '#contract/desk';
import type { PhoneView } from '#contract/phone';
import { instant } from '#domain/units';
import { actorName } from '#ports/commands';
import type { ChatLink, ChatUpdate, PairedPhone, PhoneRecord } from '#ports/phone';
import type { CommandHandlers } from '#wire/host';
import type { Desk } from '../desk.ts';
import { keyStoreProblem } from '../keyStoreProblem.ts';
import { positionsOf } from '../positionViews.ts';
import { statusOf } from '../status.ts';
import { createConversation, type PhoneActs } from './conversation.ts';
import { createPairing } from './pairing.ts';
import { endingOf, titleOf } from './phoneName.ts';
import { pushAlerts } from './pushes.ts';
import { whyNotHeard, withActed } from './whoMaySpeak.ts';
import { pairingCodeIn } from './words.ts';

const NAME = 'telegram';
/** Longest silence between two tellings of the owner that somebody else writes to the bot. */
const STRANGER_TOLD_MS = 3_600_000;
const NO_PAIRED: PhoneRecord = { botId: '', paired: null, acted: [], actedAt: instant(0) };

type PhoneCommands = Pick<
  CommandHandlers,
  'phone.storeToken' | 'phone.forgetToken' | 'phone.pair' | 'phone.unpair' | 'phone.test'
>;

/** The owner's phone: who is paired, the line to it, and what is asked and pushed over it. */
export interface Phone {
  readonly acts: PhoneCommands;
  view(): PhoneView;
  /** Opens the line when there is a token; returns at once. */
  start(): void;
  stop(): void;
}

/** Nothing here may throw into the engine or be waited for by it: a phone that is lost changes nothing. */
export function createPhone(desk: Desk, acts: PhoneActs, wallNow: () => number = Date.now): Phone {
  const { parts } = desk;
  const { memory, openLink } = parts.phone;
  const settings = () => parts.settings.current().telegram;
  const pairing = createPairing(wallNow);
  let record = memory.read() ?? NO_PAIRED;
  let link: ChatLink | null = null;
  let hasToken = false;
  let stopped = false;
  let opened = '';
  let lastHeard: PhoneView['lastHeard'] = null;
  let refused = 0;
  let lastRefusal = '';
  let strangerToldAt = Number.NEGATIVE_INFINITY;
  let tests = 0;

  const say = (title: string, body: string, first = false, buttons: readonly { label: string; data: string }[] = []): void => {
    const { paired } = record;
    if (paired === null || link === null) return;
    link.say({ chatId: paired.userId, title, body, first, buttons, keptClose: settings().discreet });
  };

  function keep(next: PhoneRecord): void {
    memory.write(next);
    record = next;
  }

  const conversation = createConversation({
    look: {
      status: () => statusOf(desk),
      positions: () => positionsOf(desk).positions,
      awaiting: () => desk.view().awaiting,
    },
    acts,
    codes: desk.codes,
    latch: parts.phone.latch,
    settings,
    onError: (error) => parts.onError('phone', error),
    wallNow,
    say,
    record: () => record,
    keep,
    answerButton: (callbackId, text) => link?.answerButton(callbackId, text),
    heard(what) {
      lastHeard = { what, at: instant(wallNow()) };
    },
    refuse,
  });
  const stopPushing = pushAlerts({ desk, say, choice: settings, isStopping: conversation.isStopping });

  function refuse(why: string): void {
    refused += 1;
    lastRefusal = why;
  }

  function tell(title: string, body: string, urgent: boolean): void {
    desk.takeNotice({ kind: 'error', title, body, urgent }, parts.clock.now());
  }

  function hear(update: ChatUpdate): void {
    if (stopped) return;
    if (update.kind === 'other') return refuse(`not a message: ${update.what}`);
    const { paired } = record;
    if (paired === null) return tryToPair(update);
    const why = whyNotHeard(update, paired.userId);
    if (why === null) return conversation.take(update, paired);
    refuse(why);
    if (update.from?.id === paired.userId || wallNow() - strangerToldAt < STRANGER_TOLD_MS) return;
    strangerToldAt = wallNow();
    tell('Somebody else writes to your phone bot', 'It was not answered and nothing was done.', false);
  }

  function tryToPair(update: Exclude<ChatUpdate, { kind: 'other' }>): void {
    const standing = pairing.standing();
    if (standing === null || update.kind !== 'text' || update.from === null) return refuse('nobody is paired');
    const why = whyNotHeard(update, update.from.id);
    if (why !== null) return refuse(why);
    const code = pairingCodeIn(update.text);
    if (code === null || !pairing.take(code)) return refuse('not the pairing code');
    const now = instant(wallNow());
    const phone: PairedPhone = { userId: update.from.id, name: update.from.name, at: now };
    parts.record({ path: 'telegram.paired', oldValue: '', newValue: titleOf(phone) }, 'pairing code');
    keep(withActed({ ...NO_PAIRED, botId: record.botId, paired: phone }, update, now));
    tell(
      'A phone is paired',
      `${titleOf(phone)} may ask, and throw the kill switch. Not you? Unpair it in Settings, Phone.`,
      true,
    );
    say('This phone is paired with Strikedesk', 'It may ask, and throw the kill switch; /help says how.', true);
  }

  function connect(token: string): void {
    disconnect();
    const botId = token.slice(0, token.indexOf(':'));
    // Another bot numbers its updates anew, and who was paired spoke to the other one.
    if (record.botId !== botId) keep({ ...NO_PAIRED, botId });
    link = openLink({ token, onUpdate: hear, onStanding, onError: parts.onError });
  }

  function disconnect(): void {
    link?.stop();
    link = null;
  }

  function onStanding(state: PhoneView['line'], detail: string): void {
    if (state === 'conflict')
      tell(
        'Another program reads your phone bot',
        `${detail}. If it is not yours, revoke the token with BotFather and store a new one: commands may go astray.`,
        true,
      );
    if (state === 'refused')
      tell('The phone bot’s token is not accepted', `${detail}. The phone cannot stop anything now; store a new token.`, true);
  }

  /** The line as settings and key store want it now. */
  async function refresh(): Promise<void> {
    const { enabled, apiUrl } = settings();
    const key = await parts.secrets.read(NAME);
    hasToken = key !== null;
    const wanted = key !== null && enabled && !stopped ? `${apiUrl} ${key.secret}` : '';
    if (wanted === opened) return;
    opened = wanted;
    if (wanted === '' || key === null) disconnect();
    else connect(key.secret);
  }

  const refreshed = (): void => void refresh().catch((error: unknown) => parts.onError('phone', error));
  const stopListening = parts.settings.onChange((changes) => {
    if (changes.some(({ path }) => path === 'telegram.enabled' || path === 'telegram.apiUrl')) refreshed();
  });

  function unpair(by: string): void {
    const { paired } = record;
    if (paired === null) return;
    say('This phone is unpaired', 'It is not heard any more.', true);
    keep({ ...record, paired: null });
    parts.record({ path: 'telegram.paired', oldValue: titleOf(paired), newValue: '' }, by);
  }

  const phoneActs: PhoneCommands = {
    'phone.storeToken': async ({ token }, by) => {
      const problem = storeProblem(desk);
      if (problem !== '') return refusedBecause(problem);
      const keyId = token.slice(0, token.indexOf(':'));
      const failure = await keyStoreProblem(parts.secrets.store(NAME, { keyId, secret: token }));
      if (failure !== null) return refusedBecause(failure);
      parts.record({ path: 'credentials.telegram', oldValue: '', newValue: `token of bot ${keyId}` }, actorName(by));
      // The same token again: its line may be in a long pause after a refusal.
      opened = '';
      await refresh();
      return done(`The token is stored (${parts.secrets.detail}).`);
    },
    'phone.forgetToken': async (_, by) => {
      unpair(actorName(by));
      pairing.close();
      const failure = await keyStoreProblem(parts.secrets.remove(NAME));
      if (failure !== null) return refusedBecause(failure);
      parts.record({ path: 'credentials.telegram', oldValue: 'stored', newValue: 'removed' }, actorName(by));
      await refresh();
      return done('The token is removed; the phone is not heard any more.');
    },
    'phone.pair': () => {
      const nothing = (message: string) => ({ ...refusedBecause(message), code: '', link: '', qrSvg: '' });
      if (link === null) return nothing('There is no line to a bot: store its token first.');
      if (record.paired !== null) return nothing(`${titleOf(record.paired)} is paired; unpair it first.`);
      const { code } = pairing.draw(settings().pairingMinutes);
      const { bot } = link.standing();
      const address = bot === null ? '' : `https://t.me/${encodeURIComponent(bot)}?start=${code}`;
      return {
        ...done(`Send /pair ${code} to the bot within ${settings().pairingMinutes} minutes.`),
        code,
        link: address,
        qrSvg: address === '' ? '' : renderSVG(address, { border: 2 }),
      };
    },
    'phone.unpair': (_, by) => {
      if (record.paired === null) return refusedBecause('No phone is paired.');
      unpair(actorName(by));
      return done('The phone is unpaired.');
    },
    'phone.test': () => {
      if (record.paired === null || link === null) return refusedBecause('No phone is paired, or there is no line to it.');
      tests += 1;
      say(
        'A test from your desk',
        `The ${tests === 1 ? 'first' : `${tests}th`} since its start. /help says what you may ask.`,
        true,
      );
      return done('A message is on its way.');
    },
  };

  return {
    acts: phoneActs,
    view() {
      const standing = link?.standing() ?? null;
      const { paired } = record;
      return {
        hasToken,
        storeProblem: storeProblem(desk),
        line: standing?.state ?? 'off',
        detail: standing?.detail ?? (settings().enabled ? '' : 'switched off in the settings'),
        bot: standing?.bot ?? '',
        lastContactAt: standing?.lastContactAt ?? null,
        paired: paired === null ? null : { name: paired.name, idEnding: endingOf(paired), at: paired.at },
        pairing: pairing.standing(),
        lastHeard,
        refused,
        lastRefusal,
        waiting: standing?.waiting ?? 0,
        givenUp: standing?.givenUp ?? 0,
      };
    },
    start: refreshed,
    stop() {
      stopped = true;
      stopListening();
      stopPushing();
      disconnect();
    },
  };
}

function storeProblem({ parts: { secrets } }: Desk): string {
  if (secrets.backend === 'keychain' || secrets.backend === 'sealedFile') return '';
  return `The token is kept in the keychain or a sealed file only; here there is neither (${secrets.detail}).`;
}

function done(message: string): ActOutcome {
  return { kind: 'done', message, ids: [], reasons: [] };
}

function refusedBecause(message: string): ActOutcome {
  return { kind: 'refused', message, ids: [], reasons: [] };
}
