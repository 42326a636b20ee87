import type { ChatMessage } from '#ports/phone';
import { type BotApi, TelegramFailure } from './botApi.ts';
import { backOff, createPause, type Pauses } from './pause.ts';
import { plain } from './plain.ts';

export interface OutboxParts {
  readonly api: BotApi;
  messagesPerMinute(): number;
  onError(where: string, error: unknown): void;
  readonly pauses: Pauses;
  wallNow(): number;
  chance(): number;
  readonly signal: AbortSignal;
}

/** Messages that wait at most; the oldest that is not urgent is given up for a new one. */
const MOST_WAITING = 40;
/** A notice that could not be sent for so long is no news any more. */
const KEPT_MS = 15 * 60_000;
/** Telegram asks for no more than one message a second in a chat. */
const SPACING_MS = 1_050;
const SEND_TIMEOUT_MS = 10_000;

interface Waiting {
  readonly message: ChatMessage;
  readonly since: number;
}

/** Sends one message after the other, at the pace that Telegram allows. Putting one in never waits and never throws. */
export function createOutbox(parts: OutboxParts) {
  const { api, signal, pauses, wallNow } = parts;
  const pause = createPause();
  signal.addEventListener('abort', pause.cut);
  let queue: readonly Waiting[] = [];
  let sent: readonly number[] = [];
  let running = false;
  let waitsForServer = false;
  let leftOut = 0;
  let givenUp = 0;

  function giveUp(): void {
    leftOut += 1;
    givenUp += 1;
  }

  function say(message: ChatMessage): void {
    const entry = { message, since: wallNow() };
    const firsts = queue.filter((waiting) => waiting.message.first);
    const others = queue.filter((waiting) => !waiting.message.first);
    if (message.first) queue = [...firsts, entry, ...others];
    else queue = [...queue, entry];
    if (queue.length > MOST_WAITING) {
      const victim = queue.find((waiting) => !waiting.message.first) ?? queue[0];
      queue = queue.filter((waiting) => waiting !== victim);
      giveUp();
    }
    // Its own pace does not hold up an answer to a stop; a pause that the server asked for does.
    if (message.first && !waitsForServer) pause.cut();
    if (!running) void run();
  }

  async function run(): Promise<void> {
    running = true;
    let failures = 0;
    while (queue.length > 0 && !signal.aborted) {
      const [next] = queue;
      if (!next) break;
      if (!next.message.first && wallNow() - next.since > KEPT_MS) {
        queue = queue.slice(1);
        giveUp();
        continue;
      }
      const ms = next.message.first ? 0 : paceMs();
      if (ms > 0) {
        await pause.wait(ms);
        continue;
      }
      try {
        const without = leftOut;
        await api.ask('sendMessage', plain(next.message, without), SEND_TIMEOUT_MS, signal);
        leftOut -= without;
        failures = 0;
        sent = [...sent, wallNow()].slice(-60);
        queue = queue.filter((waiting) => waiting !== next);
      } catch (error) {
        failures += 1;
        await afterFailure(error, next, failures);
      }
    }
    running = false;
  }

  async function afterFailure(error: unknown, next: Waiting, failures: number): Promise<void> {
    if (signal.aborted) return;
    const code = error instanceof TelegramFailure ? error.code : 'refused';
    if (code === 'refused') {
      // This text or this chat is not accepted: the ones behind it must not wait for it.
      parts.onError('phone message', error);
      queue = queue.filter((waiting) => waiting !== next);
      return giveUp();
    }
    const asked = error instanceof TelegramFailure ? error.retryAfterMs : 0;
    waitsForServer = code === 'tooMany';
    await pause.wait(code === 'unauthorized' ? pauses.refused : Math.max(asked, backOff(pauses, failures, parts.chance())));
    waitsForServer = false;
  }

  /** Time until the next message that can wait may go. */
  function paceMs(): number {
    const now = wallNow();
    const perMinute = parts.messagesPerMinute();
    const spaced = (sent.at(-1) ?? 0) + SPACING_MS - now;
    const nth = sent.at(-perMinute);
    return Math.max(0, spaced, nth === undefined ? 0 : nth + 60_000 - now);
  }

  return { say, waiting: () => queue.length, givenUp: () => givenUp };
}
