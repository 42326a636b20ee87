import { beforeEach, describe, expect, it, vi } from 'vitest';
import { startSession, useLink } from '../../../src-renderer/connection/current.ts';
import { lostOf, type PositionAct, sendPositionAct, useLostActs } from '../../../src-renderer/stores/positionActs.ts';
import { useToasts } from '../../../src-renderer/stores/toasts.ts';

interface Sent {
  readonly commandId: string;
  readonly contracts: number | null;
}

let sent: Sent[] = [];
let answer: () => Promise<unknown> = () => Promise.resolve({});

function reply(value: unknown): never;
function reply(value: unknown): unknown {
  return value;
}

const done = (message: string) => () => Promise.resolve({ kind: 'done', message, ids: ['P-1'], reasons: [] });
const lost = () => Promise.reject(new Error('the line broke'));
const reduceBy1 = (held: number): PositionAct => ({ kind: 'close', positionId: 'P-1', held, contracts: 1, netLimit: null });

beforeEach(async () => {
  sent = [];
  useLostActs.setState({}, true);
  useToasts.setState({ toasts: [] });
  startSession(async () => ({
    closed: new Promise<string>(() => undefined),
    close: () => undefined,
    query: async () => reply({}),
    command: async (_name, input) => {
      sent.push(reply(input));
      return reply(await answer());
    },
    feed: () => () => undefined,
  }));
  await vi.waitFor(() => expect(useLink.getState().link.kind).toBe('connected'));
});

describe('an act on a position whose answer was lost', () => {
  it('is the same act while as much is held, and another once less is: 1 of 4, then 1 of the 3 that are left', async () => {
    answer = lost;
    await sendPositionAct(reduceBy1(4), 'Reduce by 1');
    await sendPositionAct(reduceBy1(4), 'Reduce by 1');
    expect(sent[1]).toEqual(sent[0]);
    expect(lostOf(useLostActs.getState(), 'P-1')).toMatchObject([{ words: 'Reduce by 1', held: 4 }]);
    answer = done('Closing 1 of XYZ.');
    await sendPositionAct(reduceBy1(3), 'Reduce by 1');
    expect(sent[2]?.commandId).not.toBe(sent[0]?.commandId);
    expect(sent[2]).not.toHaveProperty('held');
    expect(lostOf(useLostActs.getState(), 'P-1')).toEqual([]);
  });

  it('is shown as a warning that stays when it had been answered before, never as done', async () => {
    answer = lost;
    await sendPositionAct(reduceBy1(4), 'Reduce by 1');
    useToasts.setState({ toasts: [] });
    answer = async () => ({
      ...(await done('This press was answered before: nothing new was sent. Closing 1.')()),
      repeated: true,
    });
    await sendPositionAct(reduceBy1(4), 'Reduce by 1');
    expect(useToasts.getState().toasts).toMatchObject([{ tone: 'repeated', title: 'Reduce: nothing new was sent' }]);
    expect(useLostActs.getState()).toEqual({});
    await sendPositionAct(reduceBy1(4), 'Reduce by 1');
    expect(sent[2]?.commandId).not.toBe(sent[0]?.commandId);
  });
});
