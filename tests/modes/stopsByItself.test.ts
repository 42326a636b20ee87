import { describe, expect, it } from 'vitest';
import { memoryLatch } from '#adapters/latch/memoryLatch';
import { instant } from '#domain/units';
import { createRuntime, type Processor } from '#modes/runtime';
import type { Fault, IdentifiedOrder, OrderRequest } from '#ports/broker';
import type { EngineEvent, Outcome } from '#ports/engine';
import type { JournalFact } from '#ports/facts';
import { silentBroker, silentFeed } from '#support/silentPorts';

const AT = instant(1_767_625_200_000);

/** A runtime whose engine, journal, broker and owner’s ear do what the story says. */
function story(engine: Processor, journalFails: () => boolean, onCrash: () => void = () => {}) {
  const sent: IdentifiedOrder[] = [];
  const cancelled: string[] = [];
  /** What is asked of each sent order when it leaves the broker's queue. */
  const waiting: (() => Fault | null)[] = [];
  const rows: JournalFact[] = [];
  const notes: string[] = [];
  const latch = memoryLatch();
  const list = { fails: false };
  const runtime = createRuntime({
    engine,
    broker: silentBroker({
      send(order, whyNot) {
        sent.push(order);
        waiting.push(whyNot ?? (() => null));
      },
      cancel: (id) => void cancelled.push(id),
    }),
    feed: silentFeed(),
    journal: {
      journalId: 'story001',
      head: () => ({ seq: rows.length, hash: '' }),
      append(facts) {
        if (journalFails()) throw new Error('SQLITE_FULL: database or disk is full');
        return facts.map(({ at, fact }) => {
          rows.push(fact);
          return { seq: rows.length, at, fact, hash: rows.length.toString(16).padStart(64, '0') };
        });
      },
    },
    latch,
    wireIds: new Map(),
    now: () => AT,
    onNotification() {},
    onJournalled() {},
    onAgendaChanged() {},
    onCrash() {
      onCrash();
      notes.push('stopped');
    },
    beforeSend() {
      if (list.fails) throw new Error('ENOSPC: no space left on device, open entries.json');
    },
  });
  return { runtime, sent, waiting, cancelled, rows, notes, latch, list };
}

const request = (intentId: string, purpose: OrderRequest['purpose']): OrderRequest => ({
  intentId,
  attempt: 1,
  assetClass: 'option',
  underlying: 'KO',
  legs: [{ symbol: 'KO260220P00060000', side: 'sell', ratio: 1, intent: 'sellToOpen' }],
  contracts: 1,
  netLimit: 1,
  timeInForce: 'day',
  purpose,
});

/** An engine that sends one order at every event but a report. */
function sender(): Processor {
  let orders = 0;
  return {
    process({ kind }): Outcome[] {
      if (kind === 'brokerReported') return [];
      orders += 1;
      const order = request(`i${orders}`, orders === 2 ? 'close' : 'open');
      return [
        {
          kind: 'journal',
          fact: {
            kind: 'OrderIntended',
            request: order,
            strategyId: 's',
            legs: [],
            intended: 1,
            unitWeight: 1,
            entry: null,
            positionId: 'p1',
            cause: { kind: 'repair', detail: 'story' },
            ladder: {
              profile: 'fixed',
              rungs: [1],
              rungMs: 1,
              restMs: 1,
              bound: 1,
              midAtDecision: 1,
              spotAtDecision: 1,
              abortBand: 1,
            },
            rung: 0,
            gates: [],
          },
        },
        { kind: 'submitOrder', request: order },
      ];
    },
  };
}

const event: EngineEvent = { kind: 'latchMoved', at: AT };

describe('a program that must not go on', () => {
  it('whose journal cannot be written sends nothing any more, takes entries back, leaves exits, and is halted', () => {
    let broken = false;
    const { runtime, sent, cancelled, rows, notes, latch } = story(sender(), () => broken);
    runtime.post(event);
    runtime.post(event);
    broken = true;
    runtime.post(event);
    broken = false;
    runtime.post(event);
    expect(sent.map(({ intentId }) => intentId)).toEqual(['i1', 'i2']);
    expect(cancelled).toEqual([sent[0]?.clientOrderId]);
    expect(latch.read()).toMatchObject({ state: 'HALTED', by: 'engine' });
    expect(latch.read().reason).toContain('SQLITE_FULL');
    expect(notes[0]).toBe('stopped');
    expect(runtime.isHalted()).toBe(true);
    expect(rows.filter(({ kind }) => kind === 'OrderIntended')).toHaveLength(2);
  });

  it('takes its entries back when journal, latch and log all lie on the full disk, and throws at nobody', () => {
    let full = false;
    const { runtime, sent, cancelled, latch } = story(
      sender(),
      () => full,
      () => {
        throw new Error('ENOSPC: no space left on device, write');
      },
    );
    const write = latch.write;
    Object.assign(latch, {
      write(...record: Parameters<typeof write>) {
        if (full) throw new Error('ENOSPC: no space left on device, open');
        write(...record);
      },
    });
    runtime.post(event);
    runtime.post(event);
    full = true;
    expect(() => runtime.post(event)).not.toThrow();
    expect(cancelled).toEqual([sent[0]?.clientOrderId]);
    expect(runtime.isHalted()).toBe(true);
  });

  it('whose watchdog’s list cannot be written sends no entry that is not on it, and its exits go on', () => {
    const { runtime, sent, list, latch } = story(sender(), () => false);
    list.fails = true;
    runtime.post(event);
    runtime.post(event);
    expect(sent.map(({ intentId }) => intentId)).toEqual(['i2']);
    expect(runtime.isHalted()).toBe(false);
    expect(latch.read().state).toBe('ACTIVE');
  });

  it('whose engine breaks an assertion is halted with the fault and the state on record', () => {
    const engine = sender();
    let events = 0;
    const { runtime, cancelled, rows, latch } = story(
      {
        process(next) {
          events += 1;
          if (events === 3) throw new Error('a leg of another underlying');
          return engine.process(next);
        },
      },
      () => false,
    );
    for (let n = 0; n < 4; n += 1) runtime.post(event);
    expect(events).toBe(3);
    expect(latch.read().state).toBe('HALTED');
    expect(rows.slice(-2)).toMatchObject([
      { kind: 'FaultRecorded', severity: 'critical', fault: { code: 'invariant', message: 'a leg of another underlying' } },
      { kind: 'KillStateChanged', from: 'ACTIVE', to: 'HALTED' },
    ]);
    expect(cancelled).toHaveLength(1);
  });
});

describe('an order that waits at the last line', () => {
  it('is held back by a kill switch thrown after it was handed over: entries by any state, exits by HALTED alone', () => {
    const { runtime, sent, waiting, latch } = story(sender(), () => false);
    runtime.post(event);
    runtime.post(event);
    const held = () => waiting.map((whyNot) => whyNot()?.message ?? null);
    expect(sent.map(({ purpose }) => purpose)).toEqual(['open', 'close']);
    expect(held()).toEqual([null, null]);
    latch.write({ state: 'REDUCING', reason: 'test', by: 'owner', at: AT });
    expect(held()).toEqual(['The kill switch is REDUCING; the order was not sent.', null]);
    latch.write({ state: 'HALTED', reason: 'test', by: 'owner', at: AT });
    expect(held().map((why) => why === null)).toEqual([false, false]);
  });
});
