import type { CommandName, FeedName, InputOf, ItemOf, OutputOf, QueryName } from '#contract/contract';
import type { Client } from '#wire/client';
import { type CallFailure, type Desk, failureOf } from './desk.ts';

/** Opens a line to the engine; rejects with {@link SignInRequired} when the host wants a (different) token. */
export type OpenLink = () => Promise<Client>;

export class SignInRequired extends Error {
  override readonly name = 'SignInRequired';
}

export type LinkState =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'connected' }
  | { readonly kind: 'waiting'; readonly reason: string; readonly attempt: number; readonly retryInMs: number }
  | { readonly kind: 'signIn'; readonly message: string };

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** Pause before the n-th attempt (1 = first retry): doubles from half a second to ten seconds. */
export function pauseBefore(attempt: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.max(0, attempt - 1));
}

interface Subscription {
  start(desk: Desk): () => void;
  fail(failure: CallFailure): void;
  stop: (() => void) | null;
}

const NOT_CONNECTED: CallFailure = {
  code: 'notConnected',
  message: 'The window has no connection to the engine; nothing was sent.',
  retryable: true,
};

export interface Session extends Desk {
  start(): void;
  /** Tries at once instead of waiting for the next attempt. */
  retryNow(): void;
  stop(): void;
}

/**
 * Keeps one line to the engine open: reconnects with growing pauses and without a limit, and subscribes every feed
 * again on each new line. Calls fail at once while there is no line: nothing is queued for later.
 */
export function createSession(open: OpenLink, onState: (state: LinkState) => void): Session {
  const subscriptions = new Set<Subscription>();
  let link: Client | null = null;
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let stopped = false;

  function startAll(current: Client) {
    for (const subscription of subscriptions) subscription.stop = subscription.start(current);
  }

  function lost(reason: string) {
    link = null;
    for (const subscription of subscriptions) {
      subscription.stop = null;
      subscription.fail({ code: 'disconnected', message: reason, retryable: true });
    }
    if (stopped) return;
    attempt += 1;
    const retryInMs = pauseBefore(attempt);
    onState({ kind: 'waiting', reason, attempt, retryInMs });
    timer = setTimeout(dial, retryInMs);
  }

  async function dial() {
    timer = null;
    onState({ kind: 'connecting', attempt });
    try {
      const opened = await open();
      if (stopped) return opened.close();
      link = opened;
      attempt = 0;
      onState({ kind: 'connected' });
      startAll(opened);
      void opened.closed.then((reason) => {
        if (link === opened) lost(reason);
      });
    } catch (thrown) {
      if (thrown instanceof SignInRequired) onState({ kind: 'signIn', message: thrown.message });
      else lost(failureOf(thrown).message);
    }
  }

  return {
    start() {
      stopped = false;
      void dial();
    },
    retryNow() {
      if (timer) clearTimeout(timer);
      if (!link) void dial();
    },
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      link?.close();
      link = null;
    },
    query<Name extends QueryName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
      return link ? link.query(name, input) : Promise.reject(NOT_CONNECTED);
    },
    command<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
      return link ? link.command(name, input) : Promise.reject(NOT_CONNECTED);
    },
    feed<Name extends FeedName>(
      name: Name,
      input: InputOf<Name>,
      onItem: (item: ItemOf<Name>) => void,
      onFailure?: (failure: CallFailure) => void,
    ) {
      const subscription: Subscription = {
        start: (desk) => desk.feed(name, input, onItem, onFailure),
        fail: (failure) => onFailure?.(failure),
        stop: null,
      };
      subscriptions.add(subscription);
      if (link) subscription.stop = subscription.start(link);
      return () => {
        subscriptions.delete(subscription);
        subscription.stop?.();
      };
    },
  };
}
