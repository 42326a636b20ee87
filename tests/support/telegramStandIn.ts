import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';

export const OWNER = { id: 7_001_002_003, is_bot: false, first_name: 'Olga', username: 'olga' };
export const STRANGER = { id: 8_800_555_111, is_bot: false, first_name: 'Mallory' };
export const TOKEN = '987654321:AAcanary-Telegram_Token-0123456789abc';

type Json = Readonly<Record<string, unknown>>;

/** What sendMessage takes of its parameters here (core.telegram.org/bots/api#sendmessage). */
const sentMessage = z.looseObject({
  chat_id: z.number(),
  text: z.string().min(1).max(4096),
  reply_markup: z
    .object({ inline_keyboard: z.array(z.array(z.object({ text: z.string(), callback_data: z.string().max(64) }))) })
    .optional(),
  protect_content: z.boolean().optional(),
});
export type SentMessage = z.output<typeof sentMessage>;

/** What the server does instead of answering as documented; consumed by the next call of that method. */
export type Mishap =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'hang' }
  | { readonly kind: 'cut' };

interface Waiting {
  readonly response: ServerResponse;
  readonly timer: NodeJS.Timeout;
  readonly allowed: readonly string[];
  readonly limit: number;
}

/**
 * A server on this machine that behaves as Telegram's Bot API documents it: numbers grow, an offset confirms everything below it,
 * a second reader ends the first with 409, a token that is none is 401, and news wait for a day.
 */
export async function startTelegram(token = TOKEN) {
  const sent: SentMessage[] = [];
  const answered: string[] = [];
  const polls: Json[] = [];
  const mishaps = new Map<string, Mishap[]>();
  let updates: { readonly update_id: number; readonly body: Json }[] = [];
  let nextId = 500_000_001;
  let messageId = 1;
  let waiting: Waiting | null = null;
  let botToken = token;

  const server = createServer((request, response) => {
    void handle(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const match = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '');
    const body = await bodyOf(request);
    if (!match) return fail(response, 404, 'Not Found');
    const [, given = '', method = ''] = match;
    const mishap = mishaps.get(method)?.shift();
    if (mishap?.kind === 'hang') return;
    if (mishap?.kind === 'cut') return void request.socket.destroy();
    if (mishap?.kind === 'answer') return raw(response, mishap.status, mishap.body);
    if (decodeURIComponent(given) !== botToken) return fail(response, 401, 'Unauthorized');
    switch (method) {
      case 'getMe':
        return ok(response, { id: 987_654_321, is_bot: true, first_name: 'Desk', username: 'my_desk_bot' });
      case 'getUpdates':
        return getUpdates(response, body);
      case 'sendMessage':
        return sendMessage(response, body);
      case 'answerCallbackQuery':
        answered.push(String(body['callback_query_id']));
        return ok(response, true);
      default:
        return fail(response, 404, 'Not Found: method not found');
    }
  }

  function getUpdates(response: ServerResponse, body: Json): void {
    polls.push(body);
    if (waiting !== null) {
      clearTimeout(waiting.timer);
      fail(
        waiting.response,
        409,
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      );
      waiting = null;
    }
    const offset = body['offset'];
    if (typeof offset === 'number') updates = updates.filter(({ update_id }) => update_id >= offset);
    const held = Number(body['timeout'] ?? 0) * 1000;
    const allowed = Array.isArray(body['allowed_updates']) ? body['allowed_updates'].map(String) : [];
    const asked: Waiting = {
      response,
      allowed,
      limit: Number(body['limit'] ?? 100),
      timer: setTimeout(() => {
        if (waiting === asked) waiting = null;
        ok(response, []);
      }, held),
    };
    waiting = asked;
    response.on('close', () => {
      clearTimeout(asked.timer);
      if (waiting === asked) waiting = null;
    });
    flush();
  }

  function letGo(): void {
    if (waiting === null) return;
    clearTimeout(waiting.timer);
    ok(waiting.response, []);
    waiting = null;
  }

  function flush(): void {
    if (waiting === null) return;
    const { response, timer, limit } = waiting;
    if (updates.length === 0) return;
    clearTimeout(timer);
    waiting = null;
    ok(
      response,
      updates.slice(0, limit).map(({ update_id, body }) => ({ update_id, ...body })),
    );
  }

  function sendMessage(response: ServerResponse, body: Json): void {
    const parsed = sentMessage.safeParse(body);
    if (!parsed.success) return fail(response, 400, `Bad Request: ${parsed.error.issues[0]?.path.join('.')}`);
    sent.push(parsed.data);
    messageId += 1;
    ok(response, {
      message_id: messageId,
      date: now(),
      chat: { id: parsed.data.chat_id, type: 'private' },
      text: parsed.data.text,
    });
  }

  /** Puts anything into the line as the next update and answers with its number. */
  function push(body: Json, id = nextId): number {
    nextId = Math.max(nextId, id) + 1;
    updates.push({ update_id: id, body });
    updates.sort((a, b) => a.update_id - b.update_id);
    flush();
    return id;
  }

  const text = (words: string, more: Json = {}, from: Json = OWNER): Json => {
    messageId += 1;
    return {
      message: { message_id: messageId, date: now(), from, chat: { id: from['id'], type: 'private' }, text: words, ...more },
    };
  };

  return {
    url: `http://127.0.0.1:${port}`,
    sent,
    answered,
    polls,
    push,
    text,
    /** The owner types. */
    says: (words: string, more: Json = {}, from: Json = OWNER): number => push(text(words, more, from)),
    presses: (data: string, more: Json = {}, from: Json = OWNER): number =>
      push({
        callback_query: {
          id: `4382${nextId}`,
          from,
          chat_instance: '1',
          message: { message_id: 1, date: now() - 60, chat: { id: from['id'], type: 'private' } },
          data,
          ...more,
        },
      }),
    /** The number that the next update gets. */
    numbersFrom(id: number): void {
      nextId = id;
    },
    unconfirmed: (): number => updates.length,
    mishap(method: string, ...what: readonly Mishap[]): void {
      mishaps.set(method, [...(mishaps.get(method) ?? []), ...what]);
      // A question that is held open would only meet it after its time.
      if (method === 'getUpdates') letGo();
    },
    /** Mishaps of a method that no call has met yet. */
    mishapsLeft: (method: string): number => mishaps.get(method)?.length ?? 0,
    revokeToken(): void {
      botToken = 'revoked';
    },
    restoreToken(): void {
      botToken = token;
    },
    /** Another reader with the same token. */
    intrude: (): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}/bot${token}/getUpdates`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ timeout: 0, offset: 0 }),
      }),
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export type TelegramStandIn = Awaited<ReturnType<typeof startTelegram>>;

function now(): number {
  return Math.floor(Date.now() / 1000);
}

function ok(response: ServerResponse, result: unknown): void {
  raw(response, 200, JSON.stringify({ ok: true, result }));
}

function fail(response: ServerResponse, code: number, description: string, parameters?: Json): void {
  raw(response, code, JSON.stringify({ ok: false, error_code: code, description, ...(parameters ? { parameters } : {}) }));
}

function raw(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
}

async function bodyOf(request: IncomingMessage): Promise<Json> {
  let text = '';
  for await (const part of request) text += String(part);
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

/** Waits until something holds; fails after `ms` with what it was about. */
export async function eventually<Value>(what: string, look: () => Value | null | undefined | false, ms = 6_000): Promise<Value> {
  const until = Date.now() + ms;
  for (;;) {
    const found = look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error(`did not happen within ${ms} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}
