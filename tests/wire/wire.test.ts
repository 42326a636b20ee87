import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { contract } from '#contract/contract';
import type { NotificationView } from '#contract/desk';
import { instant } from '#domain/units';
import { connect } from '#wire/client';
import { WireFailure } from '#wire/frames';
import { type Caller, type Handlers, MAX_SUBSCRIPTIONS, serve } from '#wire/host';
import { memoryPipes } from '#wire/memoryPipe';
import type { Pipe } from '#wire/pipe';

const OWNER: Caller = { role: 'owner', via: 'browser', name: 'story' };
const notice = (id: number): NotificationView => ({
  id,
  at: instant(id),
  kind: 'fill',
  title: `n${id}`,
  body: '',
  urgent: false,
});

/** Handlers that answer what a story needs; every other name fails loudly. */
function handlers(own: Partial<Handlers>): Handlers {
  const names = Object.keys(contract);
  const rest = Object.fromEntries(
    names.map((name) => [
      name,
      () => {
        throw new Error(`${name} is not part of this story`);
      },
    ]),
  );
  return Object.assign(rest, own) as Handlers;
}

function line(own: Partial<Handlers>, caller: Caller = OWNER) {
  const [window, host] = memoryPipes();
  const errors: string[] = [];
  serve(host, handlers(own), { caller, onError: (name, error) => errors.push(`${name}: ${String(error)}`) });
  return { client: connect(window), window, host, errors };
}

const about = { version: '1', build: 'b', dataFolder: '', settingsFile: '', journalFile: '', platform: '' };

describe('the wire', () => {
  it('answers a query and a command, with the caller known to the handler', async () => {
    const { client } = line({
      'desk.about': () => about,
      'desk.scanNow': (input, caller) => ({
        kind: 'done',
        message: `${input.commandId} by ${caller.role}`,
        ids: [],
        reasons: [],
      }),
    });
    expect(await client.query('desk.about', {})).toEqual(about);
    expect(await client.command('desk.scanNow', { commandId: 'press-0001' })).toMatchObject({ message: 'press-0001 by owner' });
  });

  it('names the field of a wrong input and never calls the handler', async () => {
    const open = vi.fn();
    const { client } = line({ 'order.open': open });
    const wrong = { commandId: 'press-0001', legs: [{ symbol: 'SPY260220P00640000', ratio: 0 }], contracts: 1, netLimit: 1 };
    await expect(client.command('order.open', wrong)).rejects.toMatchObject({
      code: 'badInput',
      message: expect.stringContaining('legs.0.ratio'),
    });
    expect(open).not.toHaveBeenCalled();
  });

  it('lets a viewer read, an operator stop, and only the owner trade', async () => {
    const done = { kind: 'done' as const, message: '', ids: [], reasons: [] };
    const own: Partial<Handlers> = { 'desk.about': () => about, 'killSwitch.throw': () => done, 'position.roll': () => done };
    const stop = { commandId: 'press-0001', verb: 'freeze' as const, reason: 'story' };
    const roll = { commandId: 'press-0002', positionId: 'p1' };
    const viewer = line(own, { ...OWNER, role: 'viewer' }).client;
    await expect(viewer.query('desk.about', {})).resolves.toEqual(about);
    await expect(viewer.command('killSwitch.throw', stop)).rejects.toMatchObject({ code: 'forbidden', retryable: false });
    const operator = line(own, { ...OWNER, role: 'operator' }).client;
    await expect(operator.command('killSwitch.throw', stop)).resolves.toEqual(done);
    await expect(operator.command('position.roll', roll)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(line(own).client.command('position.roll', roll)).resolves.toEqual(done);
  });

  it('passes a failure in its own words and hides what the program did wrong', async () => {
    const { client, errors } = line({
      'chain.whyNot': () => {
        throw new WireFailure({ code: 'notListed', message: 'X is not listed.', retryable: false });
      },
      'desk.about': () => {
        throw new Error('secret path /home/owner');
      },
    });
    await expect(client.query('chain.whyNot', { symbol: 'X' })).rejects.toMatchObject({
      code: 'notListed',
      message: 'X is not listed.',
    });
    await expect(client.query('desk.about', {})).rejects.toMatchObject({
      code: 'internal',
      message: expect.not.stringContaining('home'),
    });
    expect(errors).toEqual(['desk.about: Error: secret path /home/owner']);
  });

  it('feeds in sequence until the window lets go', async () => {
    let push: (items: readonly NotificationView[]) => void = () => {};
    const stopped = vi.fn();
    const { client } = line({
      'desk.notifications': (_, give) => {
        push = give;
        give([]);
        return stopped;
      },
    });
    const seen: number[] = [];
    const stop = client.feed('desk.notifications', {}, (items) => seen.push(items.length));
    await vi.waitFor(() => expect(seen).toEqual([0]));
    push([notice(1)]);
    await vi.waitFor(() => expect(seen).toEqual([0, 1]));
    stop();
    await vi.waitFor(() => expect(stopped).toHaveBeenCalledOnce());
    push([notice(1), notice(2)]);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(seen).toEqual([0, 1]);
  });

  it('subscribes again by itself when a frame was lost', async () => {
    const [window, host] = memoryPipes();
    const lossy: Pipe = { ...host, send: (frame) => (isItem(frame, 2) ? undefined : host.send(frame)) };
    let push: (items: readonly NotificationView[]) => void = () => {};
    let subscriptions = 0;
    const own = handlers({
      'desk.notifications': (_, give) => {
        subscriptions += 1;
        push = give;
        give([notice(subscriptions)]);
        return () => {};
      },
    });
    serve(lossy, own, { caller: OWNER, onError: () => {} });
    const seen: number[] = [];
    connect(window).feed('desk.notifications', {}, (items) => seen.push(items[0]?.id ?? 0));
    await vi.waitFor(() => expect(seen).toEqual([1]));
    push([notice(91)]); // seq 2: lost
    push([notice(92)]); // seq 3: the gap shows
    await vi.waitFor(() => expect(seen).toEqual([1, 2]));
    expect(subscriptions).toBe(2);
  });

  it('fails what was under way when the line goes, and ends the feeds of the host', async () => {
    const stopped = vi.fn();
    const { client, host } = line({ 'desk.about': () => new Promise(() => {}), 'desk.notifications': () => stopped });
    client.feed('desk.notifications', {}, () => {});
    const asked = client.query('desk.about', {});
    await new Promise((resolve) => setTimeout(resolve, 5));
    host.close('the engine is stopping');
    await expect(asked).rejects.toMatchObject({ code: 'disconnected', retryable: true });
    await expect(client.closed).resolves.toBe('the engine is stopping');
    expect(stopped).toHaveBeenCalledOnce();
    await expect(client.query('desk.about', {})).rejects.toMatchObject({ code: 'disconnected' });
  });

  it('limits what one window may hold', async () => {
    const { client } = line({ 'desk.notifications': () => () => {} });
    const failures: string[] = [];
    for (let n = 0; n < MAX_SUBSCRIPTIONS + 3; n += 1)
      client.feed(
        'desk.notifications',
        {},
        () => {},
        ({ code }) => failures.push(code),
      );
    await vi.waitFor(() => expect(failures).toEqual(['busy', 'busy', 'busy']));
  });

  it('takes plain values alone: what only a message port can carry ends at the door with a typed answer', async () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    let deep: unknown = 0;
    for (let level = 0; level < 100; level++) deep = [deep];
    const strange: unknown[] = [
      10n,
      new Map(),
      new Date(0),
      new Uint8Array(4),
      new Error('x'),
      Number.NaN,
      cycle,
      deep,
      new Array(1_000_000),
      Object(1n),
      JSON.parse('{"__proto__":{"polluted":true}}'),
    ];
    const changed = vi.fn(() => ({ kind: 'done' as const, message: '', ids: [], reasons: [] }));
    const heard: unknown[] = [];
    const listeners: ((frame: unknown) => void)[] = [];
    serve(
      {
        send: (frame) => heard.push(frame),
        onFrame: (listener) => {
          listeners.push(listener);
          return () => {};
        },
        onClosed: () => () => {},
        close: () => {},
      },
      handlers({ 'settings.change': changed }),
      { caller: OWNER, onError: () => {} },
    );
    const say = (id: number, value: unknown) =>
      listeners[0]?.({
        kind: 'call',
        id,
        name: 'settings.change',
        input: { commandId: 'plain-story', changes: [{ path: 'risk.maxPositions', value }] },
      });
    for (const [n, value] of strange.entries()) say(n + 1, value);
    await vi.waitFor(() => expect(heard).toHaveLength(strange.length));
    for (const answer of heard) expect(answer).toMatchObject({ kind: 'failure', failure: { code: 'badInput' } });
    expect(changed).not.toHaveBeenCalled();
    say(100, undefined);
    say(101, { a: [1, 'x', null, true, Object.create(null)] });
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(2));
  });

  it('survives any frame: it answers, refuses or hangs up, and calls no handler with what is not parsed', async () => {
    const called = vi.fn(() => about);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.jsonValue(),
          fc.record({
            kind: fc.constantFrom('call', 'subscribe', 'unsubscribe', 'other'),
            id: fc.oneof(fc.integer(), fc.string()),
            name: fc.oneof(fc.constantFrom(...Object.keys(contract), '__proto__', 'constructor', 'toString'), fc.string()),
            input: fc.jsonValue(),
          }),
        ),
        async (frame) => {
          const [window, host] = memoryPipes();
          serve(host, handlers({ 'desk.about': called }), { caller: OWNER, onError: () => {} });
          window.send(frame);
          await new Promise((resolve) => setTimeout(resolve, 0));
        },
      ),
      { numRuns: 300 },
    );
    for (const [input] of called.mock.calls as unknown as [unknown][]) expect(input).toEqual({});
  });
});

function isItem(frame: unknown, seq: number): boolean {
  return typeof frame === 'object' && frame !== null && 'seq' in frame && frame.seq === seq;
}
