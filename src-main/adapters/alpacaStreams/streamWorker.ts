import { parentPort, workerData } from 'node:worker_threads';
import { Alpaca } from '@alpacahq/alpaca-trade-api';
import { sessionAt } from '#domain/market/calendar';
import { type Instant, instant } from '#domain/units';
import { openUpdateStream } from '../brokers/alpaca/updateStream.ts';
import { systemClock } from '../clock/systemClock.ts';
import { openQuoteStream } from '../feeds/alpaca/quoteStream.ts';
import { ALIVE_MS, type FromStream, type StreamOrder, type ToStream } from './messages.ts';

/** A stream's thread: the SDK's sockets, and nothing of the engine. */
const order: StreamOrder = workerData;
const clock = systemClock();
const say = (message: FromStream): void => parentPort?.postMessage(message);
const open: { start(): Promise<void>; stop(): void; watch?(symbols: readonly string[]): void; renew?(detail: string): void } =
  opened();
let stopped = false;

function opened(): typeof open {
  const { keyId, secret, stream, venue, settings } = order;
  const sdk = new Alpaca({ keyId, secret, paper: !venue.isLive, retry: false, rateLimit: false });
  const onState = (state: Extract<FromStream, { kind: 'state' }>['state'], detail: string): void =>
    say({ kind: 'state', state, detail });
  if (stream.kind === 'updates')
    return openUpdateStream({ sdk, venue, clock, settings, onUpdate: (data) => say({ kind: 'update', data }), onState });
  return openQuoteStream({
    ...stream,
    sdk,
    clock,
    settings,
    url: venue.streamUrl,
    flowingSince: (at: Instant) => (stream.hours === 'always' ? instant(0) : (sessionAt(at)?.open ?? null)),
    onHalts: (halts) => say({ kind: 'halts', halts }),
    onQuotes: (quotes) => say({ kind: 'quotes', quotes }),
    onState,
  });
}

parentPort?.on('message', (message: ToStream) => {
  if (message.kind === 'watch') return open.watch?.(message.symbols);
  if (message.kind === 'renew') return open.renew?.(message.detail);
  stopped = true;
  open.stop();
  parentPort?.close();
});

function beat(): void {
  say({ kind: 'alive' });
  if (!stopped) clock.wakeAt(instant(clock.now() + ALIVE_MS), beat);
}

beat();
// A first connection that fails is told as a state, and is tried again.
open.start().catch(() => {});
