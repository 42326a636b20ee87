import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OrderPreview } from '#contract/chain';
import { cents } from '#domain/units';
import { startSession, useLink } from '../../../src-renderer/connection/current.ts';
import {
  clearTicket,
  flipTicket,
  keepPreviewFresh,
  limitOf,
  pressQuote,
  sendTicket,
  setContracts,
  setLimit,
  useTicket,
} from '../../../src-renderer/stores/ticket.ts';

const preview: OrderPreview = {
  structure: 'bull put spread',
  midCredit: 1.223,
  naturalCredit: 1.14,
  tick: 0.01,
  maxProfit: cents(12_200),
  maxLoss: cents(37_800),
  breakevens: [523.78],
  probabilityOfProfit: 0.71,
  expectedValue: cents(840),
  forecastModel: 'lognormal',
  buyingPowerEffect: cents(-37_800),
  fees: cents(12),
  greeks: { deltaShares: 7, gamma: null, thetaDollarsPerDay: 3, vegaDollarsPerPoint: -4 },
  payoff: [],
  gates: [],
  wouldPass: true,
  wouldGo: 1,
  failedBy: [],
};

interface Sent {
  readonly commandId: string;
  readonly netLimit: number;
  readonly contracts: number;
}

let sent: Sent[] = [];
let answer: () => Promise<unknown> = () => Promise.resolve({});
let askedFor: unknown[] = [];
let figures: () => Promise<unknown> = () => Promise.resolve(preview);

function reply(value: unknown): never;
function reply(value: unknown): unknown {
  return value;
}

beforeEach(async () => {
  sent = [];
  askedFor = [];
  figures = () => Promise.resolve(preview);
  startSession(async () => ({
    closed: new Promise<string>(() => undefined),
    close: () => undefined,
    query: async (_name, input) => {
      askedFor.push(input);
      return reply(await figures());
    },
    command: async (_name, input) => {
      sent.push(reply(input));
      return reply(await answer());
    },
    feed: () => () => undefined,
  }));
  await vi.waitFor(() => expect(useLink.getState().link.kind).toBe('connected'));
  clearTicket();
  pressQuote('SPY261218P00525000', 'bid');
  pressQuote('SPY261218P00520000', 'ask');
  await vi.waitFor(() => expect(useTicket.getState().preview?.structure).toBe('bull put spread'));
});

afterEach(() => clearTicket());

const done = { kind: 'done', message: 'Sent.', ids: ['I-1'], reasons: [] };

describe('sending a ticket', () => {
  it('follows the mid on its tick until the owner sets a limit', () => {
    expect(limitOf(useTicket.getState())).toBe(1.22);
    setLimit(1.25);
    expect(limitOf(useTicket.getState())).toBe(1.25);
  });

  it('a limit typed equal to the mid stands when the mid moves; the size that is there changes nothing', async () => {
    figures = () => Promise.resolve({ ...preview, midCredit: 1.31 });
    setLimit(1.22);
    await vi.waitFor(() => expect(useTicket.getState().preview?.midCredit).toBe(1.31));
    expect(limitOf(useTicket.getState())).toBe(1.22);
    const { commandId } = useTicket.getState();
    setContracts(1);
    setLimit(1.22);
    expect(useTicket.getState().commandId).toBe(commandId);
  });

  it('a double press is one command', async () => {
    answer = () => Promise.resolve(done);
    await Promise.all([sendTicket(), sendTicket(), sendTicket()]);
    await sendTicket();
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ netLimit: 1.22, contracts: 1 });
    expect(useTicket.getState().phase).toBe('sent');
  });

  it('a press after a lost answer is the same act with the same numbers', async () => {
    answer = () => Promise.reject(new Error('time-out'));
    await sendTicket();
    expect(useTicket.getState()).toMatchObject({ phase: 'editing', unanswered: true });
    answer = () => Promise.resolve(done);
    await sendTicket();
    expect(sent).toHaveLength(2);
    expect(sent[1]).toEqual(sent[0]);
    expect(useTicket.getState().unanswered).toBe(false);
  });

  it('a changed or refused ticket is another act', async () => {
    const first = useTicket.getState().commandId;
    setContracts(2);
    const second = useTicket.getState().commandId;
    expect(second).not.toBe(first);
    answer = () => Promise.resolve({ kind: 'refused', message: 'Buying power.', ids: [], reasons: [] });
    await sendTicket();
    expect(useTicket.getState()).toMatchObject({ phase: 'editing', outcome: { kind: 'refused' } });
    expect(useTicket.getState().commandId).not.toBe(second);
  });

  it('a refused ticket follows the mid again', async () => {
    answer = () => Promise.resolve({ kind: 'refused', message: 'Buying power.', ids: [], reasons: [] });
    await sendTicket();
    expect(useTicket.getState().chosenLimit).toBeNull();
  });

  it('a ticket changed and changed back after a lost answer is still the same act', async () => {
    answer = () => Promise.reject(new Error('time-out'));
    await sendTicket();
    setContracts(2);
    expect(useTicket.getState().commandId).not.toBe(sent[0]?.commandId);
    setContracts(1);
    expect(useTicket.getState().commandId).toBe(sent[0]?.commandId);
  });

  it('flipped legs have no price and cannot be sent until figures of theirs came, whatever answers late', async () => {
    const late: ((value: unknown) => void)[] = [];
    figures = () => new Promise((resolve) => late.push(resolve));
    setContracts(3);
    expect(useTicket.getState()).toMatchObject({ previewIsOld: true, preview: { midCredit: 1.223 } });
    flipTicket();
    setLimit(-0.05);
    await sendTicket();
    expect(sent).toEqual([]);
    expect(useTicket.getState().preview).toBeNull();
    late[0]?.(preview);
    await new Promise((done) => setTimeout(done));
    expect(useTicket.getState().preview).toBeNull();
    late[2]?.({ ...preview, midCredit: -1.223 });
    await vi.waitFor(() => expect(useTicket.getState()).toMatchObject({ previewIsOld: false, preview: { midCredit: -1.223 } }));
  });

  it('the clock asks for no figures while an answer is awaited', async () => {
    figures = () => new Promise(() => undefined);
    setContracts(2);
    const before = askedFor.length;
    await Promise.all([keepPreviewFresh(), keepPreviewFresh()]);
    expect(askedFor).toHaveLength(before);
  });

  it('after it was sent, the next quote starts a new ticket', async () => {
    answer = () => Promise.resolve(done);
    await sendTicket();
    pressQuote('SPY261218C00580000', 'bid');
    expect(useTicket.getState().legs).toEqual([{ symbol: 'SPY261218C00580000', ratio: -1 }]);
    expect(useTicket.getState().phase).toBe('editing');
  });
});
