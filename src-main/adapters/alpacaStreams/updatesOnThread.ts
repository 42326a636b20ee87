import { plusMs } from '#domain/units';
import type { Clock } from '#ports/clock';
import { type Json, objectOf } from '../brokers/alpaca/fields.ts';
import type { AlpacaVenue } from '../brokers/alpaca/venue.ts';
import type { StreamSettings, StreamState } from './keptSocket.ts';
import { openStreamThread, type StreamThread } from './streamThread.ts';

/** Order updates heard on a thread of their own; the same face as the stream on this thread. */
export function updatesOnThread(parts: {
  readonly keyId: string;
  readonly secret: string;
  readonly venue: AlpacaVenue;
  readonly clock: Clock;
  readonly settings: StreamSettings;
  /** Longest believable silence after the broker accepted an order or a cancel. */
  readonly silenceMs: number;
  onUpdate(data: Json): void;
  onState(state: StreamState, detail: string): void;
}) {
  const { keyId, secret, venue, clock, settings, silenceMs } = parts;
  let thread: StreamThread | null = null;
  let frames = 0;
  return {
    /** Does not wait: the engine opens nothing until the stream says that it is connected. */
    start(): Promise<void> {
      thread = openStreamThread({
        order: { keyId, secret, venue, settings, stream: { kind: 'updates' } },
        clock,
        onMessage(message) {
          if (message.kind === 'state') parts.onState(message.state, message.detail);
          if (message.kind !== 'update') return;
          frames += 1;
          parts.onUpdate(objectOf(message.data, 'trade update'));
        },
      });
      return Promise.resolve();
    },
    stop(): void {
      thread?.stop();
    },
    framesReceived: (): number => frames,
    /** Gives up a connection that is open but not believed, and opens a new one. */
    renew: (detail: string): void => thread?.renew(detail),
    /**
     * The broker accepted something when `framesBefore` frames had been heard: the stream must speak of it. A stream that stays
     * mute is stale though its socket answers pings; the new connection brings a sweep with it.
     */
    expectWord(framesBefore: number): void {
      clock.wakeAt(plusMs(clock.now(), silenceMs), () => {
        if (frames === framesBefore) thread?.renew(`silent for ${silenceMs / 1000} s after the broker accepted an order`);
      });
    },
  };
}
