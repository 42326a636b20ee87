import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScheduler, type Host, type Lane, NotSentError, type SchedulerSettings } from '#adapters/brokers/alpaca/scheduler';
import { instant } from '#domain/units';
import { manualClock } from '#support/manualClock';

const SETTINGS: SchedulerSettings = { perMinute: 10, reserved: 3, maxConcurrent: 4, reservedConcurrent: 2 };

function scheduling(settings: Partial<SchedulerSettings> = {}, jitter = () => 0.5) {
  const clock = manualClock();
  const begun = clock.now();
  const scheduler = createScheduler(clock, { ...SETTINGS, ...settings }, jitter);
  const sent: { readonly name: string; readonly after: number }[] = [];
  const open: (() => void)[] = [];
  /** A request that is answered at once, or stays open until `answer`. */
  const ask = (lane: Lane, name: string, stays = false, host: Host = 'trading'): Promise<void> =>
    scheduler.submit(
      lane,
      () => {
        sent.push({ name, after: (clock.now() - begun) / 1000 });
        return stays ? new Promise<void>((resolve) => open.push(resolve)) : Promise.resolve();
      },
      { host },
    );
  /** Lets what is answered be noticed. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return { clock, begun, scheduler, sent, open, ask, settle };
}

describe('the budget of one key', () => {
  it('counts cancels within the one budget, and keeps the reserve for cancels and exits alone', async () => {
    const { clock, sent, ask, settle } = scheduling({ maxConcurrent: 100, reservedConcurrent: 0 });
    for (let n = 0; n < 9; n += 1) void ask('market', `chain ${n}`);
    for (let n = 0; n < 5; n += 1) void ask(n % 2 ? 'cancel' : 'exit', `urgent ${n}`);
    await settle();
    expect(sent.filter(({ name }) => name.startsWith('chain'))).toHaveLength(7);
    expect(sent.filter(({ name }) => name.startsWith('urgent'))).toHaveLength(3);
    clock.advance(59_999);
    expect(sent).toHaveLength(10);
    clock.advance(1);
    await settle();
    // When the minute is over, the cancel and the exit that waited go before the two chains.
    expect(sent.slice(10).map(({ name }) => name)).toEqual(['urgent 3', 'urgent 4', 'chain 7', 'chain 8']);
  });

  it('lets a cancel leave at once though quotes for exits hang on every line of the data host', async () => {
    const { sent, open, ask, settle } = scheduling({ maxConcurrent: 4, perMinute: 100 });
    for (let n = 0; n < 9; n += 1) void ask('exit', `quotes ${n}`, true, 'data');
    void ask('cancel', 'cancel');
    void ask('exit', 'exit');
    await settle();
    expect(sent.map(({ name }) => name)).toEqual(['quotes 0', 'quotes 1', 'quotes 2', 'quotes 3', 'cancel', 'exit']);
    open[0]?.();
    await settle();
    expect(sent.at(-1)?.name).toBe('quotes 4');
  });

  it('lets a cancel leave at once after a minute of quotes for exits: the data host has a budget of its own', async () => {
    const { clock, sent, ask, settle } = scheduling({ perMinute: 180, reserved: 20, maxConcurrent: 8, reservedConcurrent: 4 });
    for (let n = 0; n < 160; n += 1) void ask('market', `chain ${n}`, false, 'data');
    await settle();
    while (sent.length < 160) await settle();
    for (let n = 0; n < 20; n += 1) void ask('exit', `quotes ${n}`, false, 'data');
    while (sent.length < 180) await settle();
    void ask('exit', 'quotes 20', false, 'data');
    void ask('cancel', 'cancel');
    void ask('exit', 'exit');
    void ask('account', 'account');
    await settle();
    expect(sent.slice(180)).toEqual(['cancel', 'exit', 'account'].map((name) => ({ name, after: 0 })));
    clock.advance(60_000);
    await settle();
    expect(sent.slice(183)).toEqual([{ name: 'quotes 20', after: 60 }]);
  });

  it('lets slow chains never hold up a cancel', async () => {
    const { sent, open, ask, settle } = scheduling();
    for (let n = 0; n < 6; n += 1) void ask('market', `chain ${n}`, true);
    void ask('exit', 'exit', true);
    void ask('cancel', 'cancel', true);
    expect(sent.map(({ name }) => name)).toEqual(['chain 0', 'chain 1', 'exit', 'cancel']);
    open[0]?.();
    await settle();
    expect(sent).toHaveLength(4); // three lines are busy, and the free one is kept
    for (const answer of open) answer();
    await settle();
    expect(sent.map(({ name }) => name).slice(4, 6)).toEqual(['chain 2', 'chain 3']);
  });

  it('sends a cancel at the very reset that the broker names, and everything else a chance time later', async () => {
    const { clock, begun, scheduler, sent, ask, settle } = scheduling({ maxConcurrent: 20 }, () => 0.25);
    await ask('market', 'refused');
    clock.advance(500);
    scheduler.refused('trading', instant(begun + 20_000));
    void ask('market', 'chain');
    void ask('entry', 'entry');
    void ask('cancel', 'cancel');
    await settle();
    clock.advance(19_499);
    expect(sent).toHaveLength(1);
    clock.advance(60_000);
    await settle();
    // The rest waits for a quarter of a fifth of the 19.5 s pause: 0.975 s.
    expect(sent.slice(1)).toEqual([
      { name: 'cancel', after: 20 },
      { name: 'entry', after: 20.975 },
      { name: 'chain', after: 20.975 },
    ]);
  });

  it('lets a refusal of one host hold up nothing that asks the other, in the same lane neither', async () => {
    const { clock, begun, scheduler, sent, ask, settle } = scheduling({}, () => 0);
    scheduler.refused('data', instant(begun + 20_000));
    void ask('exit', 'quotes', false, 'data');
    void ask('exit', 'exit');
    void ask('cancel', 'cancel');
    void ask('market', 'chain', false, 'data');
    void ask('account', 'account');
    await settle();
    expect(sent.map(({ name, after }) => `${name} ${after}`)).toEqual(['exit 0', 'cancel 0', 'account 0']);
    scheduler.answered('trading', { remaining: 0, reset: instant(begun + 50_000) });
    clock.advance(20_000);
    await settle();
    expect(sent.slice(3).map(({ name, after }) => `${name} ${after}`)).toEqual(['quotes 20', 'chain 20']);
  });

  it('doubles its own pause when no reset is named, and begins anew after an answer', async () => {
    const { clock, begun, scheduler, sent, ask, settle } = scheduling({}, () => 0);
    const pauseAfter = async (refusals: number): Promise<number> => {
      for (let n = 0; n < refusals; n += 1) scheduler.refused('trading', null);
      const from = clock.now();
      void ask('cancel', 'again');
      clock.advance(120_000);
      await settle();
      return (sent.at(-1)?.after ?? 0) - (from - begun) / 1000;
    };
    expect(await pauseAfter(1)).toBe(1);
    expect(await pauseAfter(1)).toBe(2);
    expect(await pauseAfter(1)).toBe(4);
    expect(await pauseAfter(9)).toBe(60);
    scheduler.answered('trading', null);
    expect(await pauseAfter(1)).toBe(1);
  });

  it('believes no reset beyond the minute it belongs to, nor one that is past', () => {
    const { clock, begun, scheduler, sent, ask } = scheduling({}, () => 0);
    scheduler.refused('trading', instant(begun + 3_600_000));
    void ask('cancel', 'first');
    clock.advance(60_000);
    expect(sent).toEqual([{ name: 'first', after: 60 }]);
    scheduler.refused('trading', instant(begun));
    void ask('cancel', 'second');
    clock.advance(60_000);
    expect(sent[1]?.after).toBe(62);
  });

  it('leaves the rest of the budget to cancels and exits when another program uses the key', async () => {
    const { clock, begun, scheduler, sent, ask, settle } = scheduling();
    scheduler.answered('trading', { remaining: 2, reset: instant(begun + 30_000) });
    void ask('market', 'chain');
    void ask('exit', 'exit');
    await settle();
    expect(sent).toEqual([{ name: 'exit', after: 0 }]);
    clock.advance(30_000);
    expect(sent.at(-1)).toEqual({ name: 'chain', after: 30 });
  });

  it('proves that a dropped entry was never sent', async () => {
    const { scheduler, sent, ask, open } = scheduling();
    for (let n = 0; n < 2; n += 1) void ask('market', `chain ${n}`, true);
    const entry = ask('entry', 'entry');
    scheduler.drop('entry', 'the connection was lost');
    await expect(entry).rejects.toBeInstanceOf(NotSentError);
    for (const answer of open) answer();
    expect(sent.map(({ name }) => name)).toEqual(['chain 0', 'chain 1']);
  });

  it('never exceeds the budget of any minute, nor lets an urgent request wait behind one that is not', async () => {
    const lanes: readonly Lane[] = ['cancel', 'exit', 'entry', 'account', 'market'];
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.constantFrom(...lanes),
            fc.integer({ min: 0, max: 20_000 }),
            fc.boolean(),
            fc.constantFrom<Host>('trading', 'data'),
          ),
          { maxLength: 60 },
        ),
        async (steps) => {
          const { clock, begun, scheduler, sent, ask, settle } = scheduling({ maxConcurrent: 1_000, reservedConcurrent: 0 });
          for (const [index, [lane, ms, is429, host]] of steps.entries()) {
            if (is429 && index % 7 === 0) scheduler.refused(host, instant(clock.now() + 5_000));
            void ask(lane, host, false, host);
            await settle();
            clock.advance(ms);
            await settle();
          }
          for (let n = 0; n < 20; n += 1) {
            clock.advance(61_000);
            await settle();
          }
          expect(sent).toHaveLength(steps.length);
          for (const host of ['trading', 'data']) {
            const times = sent.filter(({ name }) => name === host).map(({ after }) => after * 1000 + begun);
            for (const [index, at] of times.entries())
              expect(times.slice(index).filter((other) => other - at < 60_000).length).toBeLessThanOrEqual(10);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
