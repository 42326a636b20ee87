import { plusMs } from '#domain/units';
import type { Cancel, Clock } from '#ports/clock';

export type StreamState = 'connected' | 'disconnected' | 'stale';

export interface StreamSettings {
  /** A connection must be ready within this time of every try, else it is given up and tried again. */
  readonly authenticationMs: number;
  /** Wait before a try after the connection limit (406), a refused key or a missed deadline: the server keeps dead sockets for 90 s. */
  readonly slowRetryMs: number;
  /** Wait before a try after a connection that was given up because it was mute. */
  readonly renewMs: number;
}

/** What the SDK's streams have in common. */
export interface SdkSocket {
  connect(): void;
  disconnect(): void;
  onStateChange(listener: (state: string) => void): unknown;
  onError(listener: (message: string) => void): unknown;
  on(event: 'subscription', listener: (acknowledged: unknown) => void): unknown;
}

export interface KeptSocket {
  /** Resolves when the first connection is ready, rejects when it was given up; either way it is kept open until `stop`. */
  start(): Promise<void>;
  stop(): void;
  isReady(): boolean;
  /** Gives up a connection that is open but not believed, and opens a new one. */
  renew(detail: string): void;
}

/** The SDK ends these for good, or waits at 'connected' for ever: only a new connection after a pause helps. */
const HOPELESS = /auth failed|not authenticated|auth timeout|connection limit|does not listen/i;

/**
 * One of the SDK's sockets, kept open without end. The SDK reconnects after a closed socket; here is what it lacks: a deadline for
 * every connection (not only the first), a new one after the connection limit or a refused key, and one word for each change.
 */
export function keepOpen<Socket extends SdkSocket>(parts: {
  readonly name: string;
  readonly clock: Clock;
  readonly settings: StreamSettings;
  /** A new socket of the SDK with the listeners for its data. */
  open(): Socket;
  /** Authenticated, the first time or again: subscribe here. True when nothing more must be awaited. */
  onAuthenticated(socket: Socket): boolean;
  /** The server's word on what it will send. True = ready; a sentence = given up. */
  onSubscription(acknowledged: unknown): true | string;
  /** An error that leaves the connection open. */
  onTrouble(message: string): void;
  onState(state: StreamState, detail: string): void;
}): KeptSocket {
  const { name, clock, settings } = parts;
  /** Counts the connections, so that a late word of one that was given up is not taken for the present one's. */
  let generation = 0;
  let socket: Socket | null = null;
  let ready = false;
  let stopped = false;
  /** One timer at a time: the deadline of a connection, or the pause before the next one. */
  let cancelTimer: Cancel | null = null;
  let told: StreamState | null = null;
  const first = Promise.withResolvers<void>();

  function begin(): void {
    generation += 1;
    const own = generation;
    const mine =
      <Word>(act: (word: Word) => void) =>
      (word: Word): void => {
        if (own === generation && !stopped) guarded(() => act(word));
      };
    guarded(() => {
      const next = parts.open();
      socket = next;
      next.onStateChange(mine((state) => changed(next, String(state))));
      next.on(
        'subscription',
        mine((acknowledged) => subscribed(parts.onSubscription(acknowledged))),
      );
      next.onError(mine((message) => failed(String(message))));
      armDeadline();
      next.connect();
    });
  }

  /** The SDK swallows what a listener throws: it costs the connection instead of being lost. */
  function guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      giveUp('disconnected', error instanceof Error ? error.message : String(error), settings.slowRetryMs);
    }
  }

  function changed(next: Socket, state: string): void {
    if (state === 'connecting' || state === 'connected') return armDeadline();
    if (state === 'authenticated') return parts.onAuthenticated(next) ? becomeReady() : undefined;
    // Closed without a word, or waiting for the SDK's next try: the deadline begins anew with that.
    ready = false;
    dropTimer();
    if (told !== 'disconnected') tell('disconnected', 'the socket was closed');
  }

  function subscribed(verdict: true | string): void {
    if (verdict === true) becomeReady();
    else giveUp('disconnected', verdict, settings.slowRetryMs);
  }

  function becomeReady(): void {
    if (ready) return;
    ready = true;
    dropTimer();
    tell('connected', 'connected');
    first.resolve();
  }

  function failed(message: string): void {
    if (HOPELESS.test(message)) return giveUp('disconnected', message, settings.slowRetryMs);
    if (ready) return parts.onTrouble(message);
    tell('disconnected', message);
  }

  function armDeadline(): void {
    if (cancelTimer !== null) return;
    const own = generation;
    cancelTimer = clock.wakeAt(plusMs(clock.now(), settings.authenticationMs), () => {
      if (own === generation && !ready && !stopped)
        giveUp('disconnected', `not ready within ${settings.authenticationMs / 1000} s`, settings.slowRetryMs);
    });
  }

  function giveUp(state: StreamState, detail: string, pauseMs: number): void {
    if (stopped) return;
    generation += 1;
    ready = false;
    dropTimer();
    const old = socket;
    socket = null;
    cancelTimer = clock.wakeAt(plusMs(clock.now(), pauseMs), () => {
      cancelTimer = null;
      if (!stopped) begin();
    });
    tell(state, detail);
    first.reject(new Error(`${name}: ${detail}`));
    old?.disconnect();
  }

  function dropTimer(): void {
    cancelTimer?.();
    cancelTimer = null;
  }

  function tell(state: StreamState, detail: string): void {
    told = state;
    parts.onState(state, `${name}: ${detail}`);
  }

  // Whoever does not await the start hears of a failure through `onState`.
  first.promise.catch(() => {});

  return {
    start() {
      begin();
      // A server that cannot be reached at all never misses the deadline of a connection.
      clock.wakeAt(plusMs(clock.now(), settings.authenticationMs), () =>
        first.reject(new Error(`${name}: not ready within ${settings.authenticationMs / 1000} s`)),
      );
      return first.promise;
    },
    stop() {
      stopped = true;
      dropTimer();
      socket?.disconnect();
    },
    isReady: () => ready,
    renew: (detail) => giveUp('stale', detail, settings.renewMs),
  };
}
