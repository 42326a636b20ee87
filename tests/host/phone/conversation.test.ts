import { describe, expect, it } from 'vitest';
import type { ActOutcome } from '#contract/desk';
import type { Decision } from '#domain/decisions/decision';
import { instant } from '#domain/units';
import { createConversation, type PhoneActs } from '#host/phone/conversation';
import type { KillState } from '#ports/latch';
import type { PhoneRecord } from '#ports/phone';
import { appSettings } from '#ports/settings/appSettings';
import { decisions } from '../../renderer/support/ledger.ts';
import { status } from '../../renderer/support/statusView.ts';

const START = 1_790_000_000_000;
const PHONE = { userId: 7_001_002_003, name: '@olga', at: instant(START) };
const [proposal] = decisions.map(({ decision }) => decision);
if (!proposal) throw new Error('the ledger has no decision');

const done: ActOutcome = { kind: 'done', message: 'Done.', ids: [], reasons: [] };

interface World {
  now: number;
  latch: KillState;
  awaiting: readonly (Decision | undefined)[];
  record: PhoneRecord;
  readonly said: string[];
  readonly refusals: string[];
  readonly errors: string[];
  readonly answers: object[];
  readonly order: string[];
}

/** A conversation whose desk, disk and clock do as the story says. */
function story(given: {
  readonly settings?: object;
  readonly throws?: PhoneActs['killSwitch.throw'];
  readonly latchFails?: boolean;
  readonly diskFails?: boolean;
}) {
  const world: World = {
    now: START,
    latch: 'ACTIVE',
    awaiting: [proposal],
    record: { botId: '1', paired: PHONE, acted: [], actedAt: instant(0) },
    said: [],
    refusals: [],
    errors: [],
    answers: [],
    order: [],
  };
  const telegram = appSettings.shape.telegram.parse({ approvals: true, discreet: false, ...given.settings });
  const conversation = createConversation({
    look: {
      status: () => status(0, { state: 'ACTIVE', reason: '', progress: null }, 'paper'),
      positions: () => [],
      awaiting: () => world.awaiting.filter((decision) => decision !== undefined),
    },
    acts: {
      'killSwitch.throw':
        given.throws ??
        (({ verb }) => {
          world.order.push('thrown');
          world.latch = verb === 'freeze' ? 'HALTED' : world.latch === 'ACTIVE' ? 'REDUCING' : world.latch;
          return done;
        }),
      'alert.acknowledge': () => done,
      'proposal.answer': (input) => {
        world.answers.push(input);
        return done;
      },
    },
    codes: { state: () => Promise.resolve('confirmed'), prove: () => Promise.resolve('accepted') },
    latch: {
      state: () => world.latch,
      throw(verb) {
        if (given.latchFails) throw new Error('ENOSPC');
        world.order.push('file written');
        world.latch = verb === 'freeze' ? 'HALTED' : 'REDUCING';
      },
    },
    settings: () => telegram,
    onError: (error) => world.errors.push(String(error)),
    wallNow: () => world.now,
    say: (title, body) => world.said.push(`${title}\n${body}`),
    record: () => world.record,
    keep(next) {
      world.order.push('kept');
      if (given.diskFails) throw new Error('ENOSPC');
      world.record = next;
    },
    answerButton: () => {},
    heard: () => {},
    refuse: (why) => world.refusals.push(why),
  });
  let id = 0;
  return {
    world,
    types(text: string, secondsAgo = 0, updateId = ++id): void {
      conversation.take(
        {
          kind: 'text',
          text,
          updateId,
          from: { id: PHONE.userId, isBot: false, name: '@olga' },
          chatId: PHONE.userId,
          isPrivate: true,
          notOwnWords: null,
          sentAt: instant(world.now - secondsAgo * 1_000),
        },
        PHONE,
      );
    },
    /** Everything that was promised has come. */
    settled: () => new Promise((resolve) => setTimeout(resolve)),
  };
}

describe('a stop from the phone', () => {
  it('is done before it is written down; a question is written down before it is done', () => {
    const { world, types } = story({});
    types('/pause');
    expect(world.order).toEqual(['thrown', 'kept']);
    types('/status');
    expect(world.order).toEqual(['thrown', 'kept', 'kept']);
    expect(world.said.at(-1)).toContain('Kill switch:');
  });

  it.each<[string, PhoneActs['killSwitch.throw']]>([
    [
      'throws',
      () => {
        throw new Error('the engine is broken');
      },
    ],
    ['refuses', () => Promise.resolve({ ...done, kind: 'refused' })],
    ['fails later', () => Promise.reject(new Error('the journal is broken'))],
    ['never answers', () => new Promise(() => {})],
  ])('goes to the file itself when the engine %s', async (_, throws) => {
    const { world, types, settled } = story({ throws });
    types('/kill');
    expect(world.latch).toBe('HALTED');
    expect(world.order).toContain('file written');
    await settled();
    expect(world.said[0]).toMatch(/^Kill switch: HALTED/);
  });

  it('says loudly when not even the file can be written', () => {
    const { world, types } = story({ throws: () => Promise.reject(new Error('no')), latchFails: true });
    types('/kill');
    expect(world.said[0]).toMatch(/^Kill switch: FAILED\nTHE SWITCH COULD NOT BE THROWN/);
    expect(world.errors.join()).toContain('ENOSPC');
  });

  it('needs neither a disk, nor a young message, nor room in the minute', () => {
    const { world, types } = story({ diskFails: true, settings: { commandsPerMinute: 1 } });
    for (let n = 0; n < 5; n += 1) types('/status');
    types('/pause', 80_000);
    expect(world.latch).toBe('REDUCING');
    types('/freeze');
    expect(world.latch).toBe('HALTED');
  });
});

describe('a question', () => {
  it('is answered up to two minutes after it was sent, and so many times a minute', () => {
    const { world, types } = story({ settings: { commandsPerMinute: 3 } });
    types('/status', 120);
    types('/status', 121);
    expect(world.said.map((text) => text.split('\n')[0])).toEqual(['Strikedesk', 'Not done: /status']);
    types('/help');
    types('/help');
    types('/help');
    expect(world.refusals).toEqual(['it was too old', 'too many in a minute']);
    world.now += 60_000;
    types('/help');
    expect(world.refusals).toHaveLength(2);
  });
});

describe('a proposal', () => {
  const approve = `/approve ${proposal.decisionId}`;
  const shown = (said: readonly string[]) => said.at(-1) ?? '';

  it('is approved by a code within its 60 seconds, and not one later', async () => {
    const late = story({});
    late.types(approve);
    late.world.now += 60_000;
    late.types('123456');
    await late.settled();
    expect(late.world.answers).toEqual([]);
    expect(shown(late.world.said)).toMatch(/^Nothing waits for a code/);
    const early = story({});
    early.types(approve);
    early.world.now += 59_000;
    early.types('123456');
    await early.settled();
    expect(early.world.answers).toMatchObject([{ decisionId: proposal.decisionId, approve: true }]);
    early.types('123456');
    await early.settled();
    expect(early.world.answers).toHaveLength(1);
  });

  it('is not approved when it is another one by then: other size, other price, or gone', async () => {
    for (const then of [
      { ...proposal, contracts: proposal.contracts + 1 },
      { ...proposal, metrics: { ...proposal.metrics, midCredit: proposal.metrics.midCredit + 0.01 } },
      { ...proposal, legs: proposal.legs.slice(1) },
      undefined,
    ]) {
      const { world, types, settled } = story({});
      types(approve);
      world.awaiting = [then];
      types('123456');
      await settled();
      expect(world.answers).toEqual([]);
      expect(shown(world.said)).toMatch(/^Not done/);
    }
  });

  it('is not even asked about where the settings do not allow it, and a question that was open then dies', async () => {
    const { world, types, settled } = story({ settings: { approvals: false } });
    types(approve);
    types('123456');
    await settled();
    expect(world.answers).toEqual([]);
    expect(world.said.map((text) => text.split('\n')[0])).toEqual(['Not from here', 'Nothing waits for a code']);
  });

  it('goes with the question that was asked last', async () => {
    const { world, types, settled } = story({});
    types(approve);
    types(approve.replace('approve', 'decline'));
    types('123456');
    await settled();
    expect(world.answers).toMatchObject([{ approve: false }]);
  });
});
