import { z } from 'zod';
import { type Instant, instant } from '#domain/units';
import type { ChatLink, ChatLinkParts, ChatStanding } from '#ports/phone';
import { createBotApi, TelegramFailure } from './botApi.ts';
import { createOutbox } from './outbox.ts';
import { PAUSES, type Pauses } from './pause.ts';
import { poll } from './poller.ts';

const me = z.looseObject({ username: z.string() });
const CALL_TIMEOUT_MS = 10_000;

export interface TelegramLinkParts extends ChatLinkParts {
  /** Empty: Telegram's own. */
  readonly baseUrl: string;
  pollSeconds(): number;
  messagesPerMinute(): number;
  readonly pauses?: Pauses;
  wallNow(): number;
  chance(): number;
}

/** Opens a line to a Telegram bot: one reader, one writer, each with its own timers. Returns at once. */
export function openTelegramLink(parts: TelegramLinkParts): ChatLink {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pauses = parts.pauses ?? PAUSES;
  const api = createBotApi(parts.token, parts.baseUrl);
  const common = { ...parts, api, pauses, signal };
  const outbox = createOutbox(common);
  let state: ChatStanding['state'] = 'connecting';
  let detail = '';
  let bot: string | null = null;
  let lastContactAt: Instant | null = null;

  function onStanding(now: ChatStanding['state'], why: string): void {
    if (now === 'connected') {
      lastContactAt = instant(parts.wallNow());
      if (bot === null) askName();
    }
    const changed = now !== state || why !== detail;
    state = now;
    detail = why;
    if (changed) guarded(() => parts.onStanding(now, why));
  }

  let asking = false;
  function askName(): void {
    if (asking) return;
    asking = true;
    api
      .ask('getMe', {}, CALL_TIMEOUT_MS, signal)
      .then((answer) => {
        const named = me.safeParse(answer);
        if (named.success) bot = named.data.username.slice(0, 64);
      }, ignored)
      .finally(() => {
        asking = false;
      });
  }

  function guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      parts.onError('phone', error);
    }
  }

  /** A failure of the line shows in the standing already; anything else is a mistake of ours. */
  function ignored(error: unknown): void {
    if (!(error instanceof TelegramFailure)) parts.onError('phone', error);
  }

  poll({ ...common, onStanding }).catch((error: unknown) => parts.onError('phone', error));

  return {
    standing: () => ({ state, detail, bot, lastContactAt, waiting: outbox.waiting(), givenUp: outbox.givenUp() }),
    say: (message) => guarded(() => outbox.say(message)),
    answerButton(callbackId, text) {
      const parameters = { callback_query_id: callbackId, text: text.slice(0, 190) };
      api.ask('answerCallbackQuery', parameters, CALL_TIMEOUT_MS, signal).catch(ignored);
    },
    stop: () => stopping.abort(),
  };
}
