import type { Clock } from '#ports/clock';
import { keepOpen, type SdkSocket, type StreamSettings, type StreamState } from '../../alpacaStreams/keptSocket.ts';
import { type Json, objectOf } from './fields.ts';
import type { Gateway } from './gateway.ts';
import type { AlpacaVenue } from './venue.ts';

/**
 * The stream of order updates, kept open: ready when the server has acknowledged that it sends `trade_updates` (a bare
 * authentication proves nothing). A frame that cannot be read is an update lost: the connection is renewed, so that a sweep follows.
 */
export function openUpdateStream(parts: {
  readonly sdk: Gateway['sdk'];
  readonly venue: AlpacaVenue;
  readonly clock: Clock;
  readonly settings: StreamSettings;
  onUpdate(data: Json): void;
  onState(state: StreamState, detail: string): void;
}) {
  const { sdk, venue, clock, settings } = parts;
  let frames = 0;
  const kept = keepOpen<SdkSocket>({
    name: 'order updates',
    clock,
    settings,
    open() {
      const stream = sdk.trading.stream({ url: venue.updatesUrl, maxReconnectAttempts: -1 });
      stream.subscribeTradeUpdates();
      stream.onTradeUpdate((update) => {
        frames += 1;
        // The SDK swallows what a listener throws.
        try {
          parts.onUpdate(objectOf(update, 'trade update'));
        } catch (error) {
          kept.renew(error instanceof Error ? error.message : String(error));
        }
      });
      return stream;
    },
    onAuthenticated: () => false,
    onSubscription: (streams) =>
      (Array.isArray(streams) && streams.includes('trade_updates')) || 'the server does not listen to trade_updates',
    onTrouble: (message) => kept.renew(message),
    onState: parts.onState,
  });
  return { start: kept.start, stop: kept.stop, renew: kept.renew, framesReceived: (): number => frames };
}
