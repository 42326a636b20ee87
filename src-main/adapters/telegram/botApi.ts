import { z } from 'zod';

/** Why a call brought nothing, without the token: it is a part of the address, so no text of a failure may pass unseen. */
export class TelegramFailure extends Error {
  override readonly name = 'TelegramFailure';
  readonly code: 'conflict' | 'unauthorized' | 'tooMany' | 'refused' | 'unreachable' | 'malformed' | 'stopped';
  /** Time that the server asks to be left alone, milliseconds; 0 when it does not ask. */
  readonly retryAfterMs: number;

  constructor(code: TelegramFailure['code'], message: string, retryAfterMs = 0) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

export const TELEGRAM = 'https://api.telegram.org';
/** A batch holds at most a hundred updates of a few kilobytes; more than this is not one of the Bot API. */
const MOST_BYTES = 4 * 1024 * 1024;
/** The longest pause that is believed. */
const LONGEST_PAUSE_MS = 3_600_000;

const answer = z.looseObject({
  ok: z.boolean(),
  result: z.unknown().optional(),
  error_code: z.number().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  parameters: z
    .looseObject({ retry_after: z.number().nonnegative().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

export type BotApi = ReturnType<typeof createBotApi>;

/**
 * Calls methods of Telegram's Bot API: https, JSON, the token in the path (core.telegram.org/bots/api, "Making requests").
 * Throws {@link TelegramFailure} only.
 */
export function createBotApi(token: string, baseUrl: string) {
  const clean = (text: string): string =>
    text.replaceAll(token, '[token]').replaceAll(encodeURIComponent(token), '[token]').slice(0, 300);

  async function ask(method: string, parameters: object, timeoutMs: number, signal: AbortSignal): Promise<unknown> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${baseUrl || TELEGRAM}/bot${token}/${method}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(parameters),
        // Another address must never be told the token.
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      text = await textOf(response);
    } catch (error) {
      if (signal.aborted) throw new TelegramFailure('stopped', 'stopped');
      if (error instanceof TelegramFailure) throw error;
      throw new TelegramFailure('unreachable', clean(reasonOf(error)));
    }
    return resultOf(response.status, text);
  }

  function resultOf(status: number, text: string): unknown {
    const parsed = answer.safeParse(jsonOf(text));
    if (!parsed.success) {
      if (status === 401 || status === 404) throw new TelegramFailure('unauthorized', `HTTP ${status}`);
      throw new TelegramFailure(status >= 500 ? 'unreachable' : 'malformed', `HTTP ${status}: not an answer of the Bot API`);
    }
    const { ok, result, error_code: code = status, description = '', parameters } = parsed.data;
    if (ok && status === 200) return result;
    const message = clean(`${code} ${description}`);
    const pause = Math.min(LONGEST_PAUSE_MS, (parameters?.retry_after ?? 0) * 1000);
    if (code === 409) throw new TelegramFailure('conflict', message);
    // An address with a token that has never been one is 'Not Found' there.
    if (code === 401 || code === 404) throw new TelegramFailure('unauthorized', message);
    if (code === 429) throw new TelegramFailure('tooMany', message, Math.max(1_000, pause));
    if (code >= 500) throw new TelegramFailure('unreachable', message, pause);
    throw new TelegramFailure('refused', message, pause);
  }

  return { ask };
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new TelegramFailure('malformed', `an answer of more than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The innermost reason: fetch says only 'fetch failed'. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
