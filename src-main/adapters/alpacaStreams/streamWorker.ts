import { parentPort, workerData } from 'node:worker_threads';
import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { instant } from '#domain/units';
import { openUpdateStream } from '../brokers/alpaca/updateStream.ts';
import { systemClock } from '../clock/systemClock.ts';
import { openQuoteStream } from '../feeds/alpaca/quoteStream.ts';
import { ALIVE_MS, type FromStream, type StreamOrder, type ToStream } from './messages.ts';

/** After these the SDK tries no more, or waits for ever at 'connected'. */
const LOST = /auth failed|not authenticated|connection limit/i;

/** A stream's thread: the SDK's sockets, and nothing of the engine. */
const order: StreamOrder = workerData;
const clock = systemClock();
const sdk = new Alpaca({ keyId: order.keyId, secret: order.secret, paper: !order.venue.isLive, retry: false, rateLimit: false });
let wanted: readonly string[] = [];
let stopped = false;
/** Counts the connections, so that a late word of one that was given up is not taken for the present one's. */
let generation = 0;
let open: { start(): Promise<void>; stop(): void; watch?(symbols: readonly string[]): void } = opened();

const say = (message: FromStream): void => parentPort?.postMessage(message);

function opened(): typeof open {
  const { stream, venue, authenticationMs, slowRetryMs } = order;
  generation += 1;
  const own = generation;
  const onState = (state: 'connected' | 'disconnected' | 'stale', detail: string): void => {
    if (own === generation) say({ kind: 'state', state, detail });
  };
  if (stream.kind === 'updates')
    return openUpdateStream({
      sdk,
      venue,
      clock,
      settings: { authenticationMs, slowRetryMs },
      onUpdate: (data) => say({ kind: 'update', data }),
      onState,
    });
  return openQuoteStream({
    sdk,
    clock,
    url: venue.streamUrl,
    optionFeed: stream.optionFeed,
    stockFeed: stream.stockFeed,
    maxOptions: stream.maxOptions,
    authenticationMs,
    onQuotes: (quotes) => say({ kind: 'quotes', quotes }),
    onState(state, detail) {
      onState(state, detail);
      if (own === generation && (state === 'stale' || LOST.test(detail))) reopen();
    },
  });
}

/** Tries until it is authenticated: the SDK reconnects by itself afterwards, also without end. */
function connect(): void {
  const own = generation;
  open.watch?.(wanted);
  open.start().catch((error: unknown) => {
    if (own !== generation) return;
    say({ kind: 'state', state: 'disconnected', detail: error instanceof Error ? error.message : String(error) });
    reopen();
  });
}

/** Gives up a connection that will not come back by itself and tries a new one after a pause. */
function reopen(): void {
  generation += 1;
  open.stop();
  clock.wakeAt(instant(clock.now() + order.slowRetryMs), () => {
    if (stopped) return;
    open = opened();
    connect();
  });
}

parentPort?.on('message', (message: ToStream) => {
  if (message.kind === 'watch') {
    wanted = message.symbols;
    open.watch?.(wanted);
    return;
  }
  stopped = true;
  open.stop();
  parentPort?.close();
});

function beat(): void {
  say({ kind: 'alive' });
  if (!stopped) clock.wakeAt(instant(clock.now() + ALIVE_MS), beat);
}

beat();
connect();
