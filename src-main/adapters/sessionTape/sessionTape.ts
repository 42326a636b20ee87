import type { ChainSnapshot, ExpirationSlice, SideColumns } from '#domain/market/chain';
import type { FeeSchedule } from '#domain/portfolio/fees';
import type { Instant } from '#domain/units';
import type { BrokerCapabilities } from '#ports/broker';
import type { EngineEvent } from '#ports/engine';
import type { LatchRecord } from '#ports/latch';
import type { MarketDataCapabilities } from '#ports/marketData';
import type { EngineSettings } from '#ports/settings/settings';
import { createTape, readTape } from './tapeFile.ts';

/** Everything that an engine is built with and that is not in the program or in the journal. */
export interface TapeHead {
  readonly build: string;
  /** The first journal row that this session wrote. */
  readonly firstSeq: number;
  readonly journalId: string;
  readonly settings: EngineSettings;
  readonly mode: 'live' | 'paper' | 'backtest';
  readonly venue: 'embedded' | 'alpaca-paper' | 'alpaca-live' | null;
  readonly account: string;
  readonly capabilities: BrokerCapabilities;
  readonly feedCapabilities: MarketDataCapabilities;
  readonly feeSchedule: FeeSchedule;
  readonly at: Instant;
}

/** One event as the engine got it, and the kill switch as it stood then (absent: as before). */
export interface TapeEntry {
  readonly event: EngineEvent;
  readonly latch?: LatchRecord;
}

export interface SessionTape {
  record(event: EngineEvent, latch: LatchRecord): void;
  flush(): void;
  /** Ends it; what is recorded after that is dropped. */
  close(): void;
  /** Written to its file so far. */
  bytes(): number;
}

/**
 * Records what an engine is told, so that its decisions can be made again. Throws when the file exists; later, once, when it can no
 * longer be written: a tape with a hole proves nothing, so that it ends there.
 */
export function recordSession(path: string, head: TapeHead): SessionTape {
  const tape = createTape(path);
  let known = '';
  let isOver = false;
  const attempt = (act: () => void): void => {
    if (isOver) return;
    try {
      act();
    } catch (error) {
      isOver = true;
      throw error;
    }
  };
  tape.append(head);
  return {
    record(event, latch) {
      attempt(() => {
        const text = JSON.stringify(latch);
        const entry: TapeEntry = text === known ? { event: plain(event) } : { event: plain(event), latch };
        known = text;
        tape.append(entry);
      });
    },
    flush: () => attempt(tape.flush),
    close() {
      attempt(tape.close);
      isOver = true;
    },
    bytes: tape.bytes,
  };
}

/** A recorded session. Throws when the file is no tape. */
export function openSession(path: string): { readonly head: TapeHead; entries(): Generator<TapeEntry> } {
  const values = readTape(path);
  const first = values.next();
  if (first.done) throw new Error(`${path} holds no session.`);
  // Written by this program: taken at its word, as the journal's facts are.
  const head = first.value as TapeHead;
  return {
    head,
    *entries() {
      for (const value of values) yield value as TapeEntry;
    },
  };
}

/** Chains may quote at their first look and may be views of shared memory: they are copied as they are now. */
function plain(event: EngineEvent): EngineEvent {
  if (event.kind !== 'chainsArrived') return event;
  return { ...event, answer: { ...event.answer, chains: event.answer.chains.map(plainChain) } };
}

function plainChain({ underlying, at, snapshotId, spot, slices }: ChainSnapshot): ChainSnapshot {
  return { underlying, at, snapshotId, spot, slices: slices.map(plainSlice) };
}

function plainSlice(slice: ExpirationSlice): ExpirationSlice {
  const { underlying, root, expiration, expiresAt, style, settlement, multiplier, pennyProgram } = slice;
  const facts = { underlying, root, expiration, expiresAt, style, settlement, multiplier, pennyProgram };
  return { ...facts, strikes: slice.strikes.slice(), calls: plainSide(slice.calls), puts: plainSide(slice.puts) };
}

function plainSide(side: SideColumns): SideColumns {
  return {
    symbols: [...side.symbols],
    bid: side.bid.slice(),
    ask: side.ask.slice(),
    bidSize: side.bidSize.slice(),
    askSize: side.askSize.slice(),
    quoteAt: side.quoteAt.slice(),
    volume: side.volume.slice(),
    openInterest: side.openInterest.slice(),
    defect: side.defect.slice(),
    vendorIv: side.vendorIv.slice(),
    vendorDelta: side.vendorDelta.slice(),
  };
}
