import { type Instant, instant } from '#domain/units';
import type { ChatStanding, ChatUpdate } from '#ports/phone';
import { type BotApi, TelegramFailure } from './botApi.ts';
import { backOff, createPause, type Pauses } from './pause.ts';
import { updateOf } from './updates.ts';

export interface PollerParts {
  readonly api: BotApi;
  pollSeconds(): number;
  onUpdate(update: ChatUpdate): void;
  onStanding(state: ChatStanding['state'], detail: string): void;
  onError(where: string, error: unknown): void;
  readonly pauses: Pauses;
  wallNow(): number;
  /** 0..1, for pauses that do not fall together. */
  chance(): number;
  readonly signal: AbortSignal;
}

const MOST_UPDATES = 100;
/** What a question may take beyond the time that the server holds it open. */
const GRACE_MS = 10_000;
/** A server that does not hold questions open is not asked more often than this. */
const LEAST_ROUND_MS = 500;

/**
 * Asks for news by long polling, one question at a time, until `signal` ends it. An offset is sent only as long as there is
 * something to confirm with it: after a week without news Telegram draws the next number by chance, and an offset that is kept
 * above it would confirm, unread, whatever the owner then sends.
 */
export async function poll(parts: PollerParts): Promise<void> {
  const { api, signal, pauses } = parts;
  const pause = createPause();
  signal.addEventListener('abort', pause.cut);
  let confirm: number | null = null;
  let failures = 0;
  let quietSince: Instant | null = null;

  async function round(): Promise<void> {
    const asked = instant(parts.wallNow());
    const seconds = parts.pollSeconds();
    const raw = await api.ask(
      'getUpdates',
      {
        timeout: seconds,
        limit: MOST_UPDATES,
        allowed_updates: ['message', 'callback_query'],
        ...(confirm === null ? {} : { offset: confirm }),
      },
      seconds * 1000 + GRACE_MS,
      signal,
    );
    if (!Array.isArray(raw)) throw new TelegramFailure('malformed', 'getUpdates: not a list');
    parts.onStanding('connected', '');
    failures = 0;
    const updates = raw
      .map((entry) => updateOf(entry, quietSince))
      .filter((update) => update !== null)
      .sort((a, b) => a.updateId - b.updateId);
    if (raw.length > 0 && updates.length === 0) throw new TelegramFailure('malformed', 'getUpdates: entries without a number');
    for (const update of updates) deliver(update);
    confirm = updates.reduce<number | null>((next, { updateId }) => Math.max(next ?? 0, updateId + 1), null);
    // A full answer may have left older news behind.
    if (raw.length < MOST_UPDATES) quietSince = asked;
    if (raw.length === 0 && parts.wallNow() - asked < LEAST_ROUND_MS) await pause.wait(LEAST_ROUND_MS);
  }

  function deliver(update: ChatUpdate): void {
    try {
      parts.onUpdate(update);
    } catch (error) {
      parts.onError('phone', error);
    }
  }

  while (!signal.aborted) {
    try {
      await round();
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      const failure = error instanceof TelegramFailure ? error : null;
      if (failure === null) parts.onError('phone', error);
      const { state, ms } = afterFailure(failure, failures);
      parts.onStanding(state, failure?.message ?? 'the program made a mistake; its log says which');
      await pause.wait(Math.max(ms, failure?.retryAfterMs ?? 0));
    }
  }

  function afterFailure(failure: TelegramFailure | null, times: number): { state: ChatStanding['state']; ms: number } {
    if (failure?.code === 'conflict') return { state: 'conflict', ms: pauses.conflict };
    if (failure?.code === 'unauthorized') return { state: 'refused', ms: pauses.refused };
    return { state: 'failing', ms: backOff(pauses, times, parts.chance()) };
  }
}
