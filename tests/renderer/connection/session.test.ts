import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client } from '#wire/client';
import { createSession, type LinkState, pauseBefore, SignInRequired } from '../../../src-renderer/connection/session.ts';

interface FakeLink {
  readonly link: Client;
  readonly feeds: string[];
  readonly stopped: string[];
  cut(reason: string): void;
}

function fakeLink(): FakeLink {
  const feeds: string[] = [];
  const stopped: string[] = [];
  let cut: (reason: string) => void = () => undefined;
  const closed = new Promise<string>((resolve) => {
    cut = resolve;
  });
  const link: Client = {
    closed,
    close: () => undefined,
    query: () => Promise.reject(new Error('not asked here')),
    command: () => Promise.reject(new Error('not asked here')),
    feed: (name) => {
      feeds.push(name);
      return () => stopped.push(name);
    },
  };
  return { link, feeds, stopped, cut: (reason) => cut(reason) };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('the one session of the window', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('waits half a second, then one, two, four, up to ten', () => {
    expect([1, 2, 3, 4, 5, 6, 40].map(pauseBefore)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('subscribes every feed again on a new line, and only those still wanted', async () => {
    const lines = [fakeLink(), fakeLink()] as const;
    const states: LinkState['kind'][] = [];
    let next = 0;
    const session = createSession(
      async () => (lines[next++] ?? lines[1]).link,
      (state) => states.push(state.kind),
    );
    session.start();
    await settle();
    const failures: string[] = [];
    session.feed(
      'desk.status',
      {},
      () => undefined,
      (failure) => failures.push(failure.message),
    );
    const stopOrders = session.feed('orders.list', {}, () => undefined);
    expect(lines[0].feeds).toEqual(['desk.status', 'orders.list']);
    stopOrders();
    expect(lines[0].stopped).toEqual(['orders.list']);

    lines[0].cut('The engine went away.');
    await settle();
    expect(failures).toEqual(['The engine went away.']);
    await vi.advanceTimersByTimeAsync(499);
    expect(lines[1].feeds).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(lines[1].feeds).toEqual(['desk.status']);
    expect(states).toEqual(['connecting', 'connected', 'waiting', 'connecting', 'connected']);
    session.stop();
  });

  it('sends nothing and queues nothing while there is no line', async () => {
    const line = fakeLink();
    const session = createSession(
      async () => line.link,
      () => undefined,
    );
    await expect(session.command('desk.scanNow', { commandId: 'ui-12345678' })).rejects.toMatchObject({ code: 'notConnected' });
    session.start();
    await settle();
    line.cut('gone');
    await settle();
    await expect(session.query('desk.about', {})).rejects.toMatchObject({ code: 'notConnected', retryable: true });
    session.stop();
  });

  it('asks for a token instead of trying again and again with a wrong one', async () => {
    const states: LinkState[] = [];
    let calls = 0;
    const session = createSession(
      () => {
        calls += 1;
        return Promise.reject(new SignInRequired('This token is not valid.'));
      },
      (state) => states.push(state),
    );
    session.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toBe(1);
    expect(states.at(-1)).toEqual({ kind: 'signIn', message: 'This token is not valid.' });
    session.stop();
  });

  it('keeps trying without a limit when the host is away', async () => {
    let calls = 0;
    const session = createSession(
      () => {
        calls += 1;
        return Promise.reject(new Error('refused'));
      },
      () => undefined,
    );
    session.start();
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(calls).toBeGreaterThan(55);
    session.stop();
    const before = calls;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toBe(before);
  });
});
