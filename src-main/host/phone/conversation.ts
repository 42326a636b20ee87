import type { ActOutcome, DeskStatus } from '#contract/desk';
import type { PositionView } from '#contract/positions';
import type { Decision } from '#domain/decisions/decision';
import { type Instant, instant } from '#domain/units';
import { actorName } from '#ports/commands';
import type { KillState } from '#ports/latch';
import type { ChatUpdate, PairedPhone, PhoneRecord } from '#ports/phone';
import type { AppSettings } from '#ports/settings/appSettings';
import type { Caller, CommandHandlers } from '#wire/host';
import type { HostParts } from '../hostParts.ts';
import type { OneTimeCodes } from '../live/codes.ts';
import { HELP, plural, positionsText, proposalText, statusText, withoutAmounts } from './answers.ts';
import { contentOf, createTickets } from './approvals.ts';
import { titleOf } from './phoneName.ts';
import { ageSeconds, isReplay, withActed } from './whoMaySpeak.ts';
import { commandIn, type PhoneCommand } from './words.ts';

/** All that a phone can do: there is no other way from here into the desk. */
export type PhoneActs = Pick<CommandHandlers, 'killSwitch.throw' | 'alert.acknowledge' | 'proposal.answer'>;

export interface ConversationParts {
  /** The desk as a phone sees it, at the moment of asking. */
  readonly look: {
    status(): DeskStatus;
    positions(): readonly PositionView[];
    awaiting(): readonly Decision[];
  };
  readonly acts: PhoneActs;
  readonly codes: Pick<OneTimeCodes, 'state' | 'prove'>;
  readonly latch: HostParts['phone']['latch'];
  settings(): AppSettings['telegram'];
  onError(error: unknown): void;
  wallNow(): number;
  say(title: string, body: string, first?: boolean): void;
  record(): PhoneRecord;
  /** On the disk when it returns; throws when it cannot be. */
  keep(record: PhoneRecord): void;
  answerButton(callbackId: string, text: string): void;
  /** What the paired phone asked for, for the desk to show. */
  heard(what: string): void;
  refuse(why: string): void;
}

type Said = Exclude<ChatUpdate, { kind: 'other' }>;

const CODE_ANSWERS = {
  wrong: 'The code is wrong, too old, or was used before. Nothing was done; ask again.',
  locked: 'Too many wrong codes: nothing is approved until the lock is over.',
  none: 'One-time codes are not set up; the desk does it under Settings, Going live.',
} as const;

/** What the paired phone says, and what becomes of it. Who speaks was judged before. */
export function createConversation(parts: ConversationParts) {
  const { look, acts, codes, latch, say, settings, wallNow, onError } = parts;
  const now = (): Instant => instant(wallNow());
  const tickets = createTickets(wallNow);
  let answeredAt: readonly number[] = [];
  let stopping = false;

  function take(update: Said, phone: PairedPhone): void {
    const command = update.kind === 'text' ? commandIn(update.text) : pressed(update.data);
    if (command.kind === 'stop') return stop(update, phone, command);
    if (update.kind === 'button') parts.answerButton(update.callbackId, '');
    if (isReplay(parts.record(), update, now())) return parts.refuse('it was repeated');
    if (isStale(update, command)) return;
    if (!hasRoom()) return;
    // On the disk first: what is repeated after a crash is not done again.
    if (!attempt(() => parts.keep(withActed(parts.record(), update, now()))))
      return say(`Not done: ${nameOf(command)}`, 'The desk could not write down that you asked. /pause and /freeze work.');
    parts.heard(nameOf(command));
    answer(command, update, phone);
  }

  function isStale(update: Said, command: PhoneCommand): boolean {
    const age = ageSeconds(update, wallNow());
    if (age <= settings().staleSeconds) return false;
    parts.refuse('it was too old');
    const when = Number.isFinite(age) ? `It was sent ${Math.round(age)} s ago` : 'Nobody knows when it was pressed';
    say(`Not done: ${nameOf(command)}`, `${when}; send it again if you still want it.`);
    return true;
  }

  function hasRoom(): boolean {
    const asked = wallNow();
    answeredAt = answeredAt.filter((at) => asked - at < 60_000 && at <= asked);
    const room = settings().commandsPerMinute - answeredAt.length;
    if (room <= 0) {
      parts.refuse('too many in a minute');
      return false;
    }
    answeredAt = [...answeredAt, asked];
    if (room === 1) say('That was much in a minute', 'Questions wait for the next one; /pause and /freeze always work.');
    return true;
  }

  /**
   * Throws the switch: at any age, never counted, and before it is written down as done. A stop that is done twice is harmless;
   * one that a full disk or a crash swallowed is not. The engine takes it like the window's; should it not, the file itself is
   * written, as the command line does.
   */
  function stop(update: Said, phone: PairedPhone, { verb, reason }: Extract<PhoneCommand, { kind: 'stop' }>): void {
    if (isReplay(parts.record(), update, now())) return parts.refuse('it was repeated');
    const by = callerOf(phone);
    stopping = true;
    try {
      Promise.resolve(acts['killSwitch.throw']({ commandId: commandIdOf(update), verb, reason }, by)).catch(onError);
    } catch (error) {
      onError(error);
    }
    const after = thrownAtLeast(verb, reason, by);
    stopping = false;
    attempt(() => parts.keep(withActed(parts.record(), update, now())));
    parts.heard(verb === 'freeze' ? '/freeze' : '/pause');
    const said = after === null ? 'THE SWITCH COULD NOT BE THROWN: its file cannot be written. Use the desk.' : EFFECT[after];
    say(`Kill switch: ${after ?? 'FAILED'}`, `${said} ${heldText()}`, true);
    if (update.kind === 'button') parts.answerButton(update.callbackId, `Kill switch: ${after ?? 'FAILED'}`);
  }

  function thrownAtLeast(verb: 'stopEntries' | 'freeze', reason: string, by: Caller): KillState | null {
    const holds = (state: KillState): boolean => (verb === 'freeze' ? state === 'HALTED' : state !== 'ACTIVE');
    if (!holds(latch.state())) attempt(() => latch.throw(verb, reason, actorName(by)));
    const state = latch.state();
    return holds(state) ? state : null;
  }

  function heldText(): string {
    try {
      const held = look.status().counts.positions;
      return held === 0 ? 'Nothing is held.' : `${plural(held, 'position')} held.`;
    } catch (error) {
      onError(error);
      return '';
    }
  }

  function answer(command: PhoneCommand, update: Said, phone: PairedPhone): void {
    const amounts = !settings().discreet;
    switch (command.kind) {
      case 'status':
        return say('Strikedesk', statusText(look.status(), amounts));
      case 'positions':
        return say('Positions', positionsText(look.positions(), amounts));
      case 'proposals': {
        const waiting = look.awaiting();
        const listed = waiting.length === 0 ? 'Nothing waits for an answer.' : waiting.map(proposalText).join('\n\n');
        return say('Proposals', amounts ? listed : withoutAmounts(listed));
      }
      case 'help':
        return say('What you may ask', HELP);
      case 'resume':
        return say('Not from here', 'The kill switch is released at the desk only: the word, the hold and a reason.');
      case 'seen':
        return report(
          'Alert',
          acts['alert.acknowledge']({ commandId: commandIdOf(update), alertId: command.alertId }, callerOf(phone)),
        );
      case 'answer':
        return askForCode(command.decisionId, command.approve);
      case 'code':
        return void takeCode(command.code, commandIdOf(update), phone).catch(onError);
      case 'stop':
      case 'unknown':
        return say('Not understood', HELP);
    }
  }

  function askForCode(decisionId: string, approve: boolean): void {
    if (!settings().approvals)
      return say('Not from here', 'Proposals are answered at the desk. Settings, Telegram, approvals would allow it here.');
    const decision = look.awaiting().find((waiting) => waiting.decisionId === decisionId);
    if (!decision) return say('Not there', `${decisionId} is not waiting for an answer.`);
    const { approvalSeconds } = settings();
    tickets.issue(decision, approve, approvalSeconds);
    const verb = approve ? 'APPROVE' : 'DECLINE';
    say(`${verb} this? Type the six digits within ${approvalSeconds} s`, proposalText(decision));
  }

  /** A code counts for the one proposal that was asked about last; right or wrong, it has to be asked about again. */
  async function takeCode(code: string, commandId: string, phone: PairedPhone): Promise<void> {
    const ticket = tickets.take();
    if (ticket === null || !settings().approvals) return say('Nothing waits for a code', 'Ask with /approve or /decline first.');
    const by = callerOf(phone);
    if ((await codes.state()) !== 'confirmed') return say('Not done', CODE_ANSWERS.none);
    const proof = await codes.prove(code, actorName(by));
    if (proof !== 'accepted') return say('Not done', CODE_ANSWERS[proof]);
    const decision = look.awaiting().find(({ decisionId }) => decisionId === ticket.decisionId);
    if (!decision || contentOf(decision) !== ticket.content)
      return say('Not done', `${ticket.decisionId} is not waiting any more; its time was over.`);
    const { decisionId, approve } = ticket;
    return report(decisionId, acts['proposal.answer']({ commandId, decisionId, approve }, by));
  }

  function report(title: string, outcome: ActOutcome | Promise<ActOutcome>): void {
    Promise.resolve(outcome)
      .then(({ kind, message, reasons }) => {
        const why = reasons.map(({ gate, value, limit, unit }) => `\n${gate}: ${value ?? '?'} against ${limit ?? '?'} ${unit}`);
        say(`${title}: ${kind === 'done' ? 'done' : 'refused'}`, `${message}${why.join('')}`);
      })
      .catch((error: unknown) => {
        onError(error);
        say(`${title}: not known`, 'The desk could not answer; look there.');
      });
  }

  function attempt(step: () => void): boolean {
    try {
      step();
      return true;
    } catch (error) {
      onError(error);
      return false;
    }
  }

  return { take, isStopping: () => stopping };
}

const EFFECT: Readonly<Record<KillState, string>> = {
  ACTIVE: '',
  REDUCING: 'Nothing new is opened; exits go on. It is released at the desk only.',
  HALTED: 'Working orders are cancelled and nothing more is sent, exits neither. It is released at the desk only.',
  FLATTENING: 'Every position is being worked out. It is released at the desk only.',
};

/** A phone stops and answers like an operator; it is never more. */
function callerOf(phone: PairedPhone): Caller {
  return { role: 'operator', via: 'telegram', name: titleOf(phone) };
}

/** The same update is the same act, however often it comes. */
function commandIdOf(update: Said): string {
  const own = update.kind === 'text' ? String(update.sentAt ?? 0) : update.callbackId;
  return `telegram-${update.updateId}-${own}`.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 64);
}

function pressed(data: string): PhoneCommand {
  if (data === 'pause') return { kind: 'stop', verb: 'stopEntries', reason: 'A button on the phone' };
  const alertId = /^seen:(a\d{1,9})$/.exec(data)?.[1];
  return alertId === undefined ? { kind: 'unknown' } : { kind: 'seen', alertId };
}

/** What the desk shows of a question: never a code. */
function nameOf(command: PhoneCommand): string {
  switch (command.kind) {
    case 'answer':
      return `/${command.approve ? 'approve' : 'decline'} ${command.decisionId}`;
    case 'seen':
      return `/seen ${command.alertId}`;
    case 'code':
      return 'a one-time code';
    case 'unknown':
      return 'something that is not understood';
    case 'stop':
      return command.verb === 'freeze' ? '/freeze' : '/pause';
    default:
      return `/${command.kind}`;
  }
}
