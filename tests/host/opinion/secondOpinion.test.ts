import { describe, expect, it } from 'vitest';
import type { Decision } from '#domain/decisions/decision';
import { createSecondOpinion, type OpinionChoices, type OpinionParts } from '#host/opinion/secondOpinion';
import type { ModelQuestion, ModelReply, OpinionFact } from '#ports/opinion';
import { proposal } from './proposal.ts';

const GIVEN: ModelReply = {
  result: { kind: 'given', opinion: { stance: 'disagree', concerns: ['eventRisk'], confidence: 0.9, reason: 'News are due' } },
  answerHash: 'ab',
  answerCharacters: 90,
};
const CHOICES: OpinionChoices = {
  enabled: true,
  automatic: false,
  url: 'http://127.0.0.1:11434/v1/chat/completions',
  model: 'small',
  timeoutSeconds: 0.2,
  mostPerDay: 3,
  mostAtOnce: 2,
  mostAnswerLength: 2_000,
  outsideTexts: true,
  textLength: 200,
};
const turn = (): Promise<void> => new Promise((done) => setTimeout(done, 5));

/** A second opinion without a desk: it needs none. */
function world(given: Partial<OpinionParts> = {}, choices: Partial<OpinionChoices> = {}) {
  const facts: OpinionFact[] = [];
  const asked: ModelQuestion[] = [];
  const errors: string[] = [];
  const answers: ((reply: ModelReply) => void)[] = [];
  const state = {
    waiting: [proposal('d7')] as readonly Decision[],
    now: 1_767_625_200_000,
    choices: { ...CHOICES, ...choices },
    stops: 0,
  };
  const parts: OpinionParts = {
    choices: () => state.choices,
    waiting: () => state.waiting,
    textsOn: () => [{ source: 'ownerNote', text: 'I like this one, says PA3EMB00017' }],
    forbidden: () => ['PA3EMB00017'],
    keyFor: () => Promise.resolve('sk-key-of-the-model'),
    ask(question) {
      asked.push(question);
      return {
        reply: new Promise((done) => answers.push(done)),
        stop() {
          state.stops += 1;
        },
      };
    },
    record: (fact) => void facts.push(fact),
    past: { asked: [], ended: [], count: 0 },
    wallNow: () => state.now,
    elapsedMs: () => state.now,
    mark: () => '0f1e2d3c4b5a6978',
    onError: (error) => void errors.push(String(error)),
    ...given,
  };
  return { ...createSecondOpinion(parts), facts, asked, answers, errors, state };
}

describe('a second opinion', () => {
  it('is on record before it leaves, and again when it ended', async () => {
    const { ask, facts, asked, answers, held, state } = world();
    expect(ask('d7', 'owner (desktop)')).toEqual({ asked: 'o1' });
    expect(held()[0]).toMatchObject({ opinionId: 'o1', result: null });
    await turn();
    expect(facts).toMatchObject([
      { kind: 'OpinionAsked', opinionId: 'o1', decisionId: 'd7', model: 'small', origin: 'http://127.0.0.1:11434' },
    ]);
    expect(facts[0]).toMatchObject({ by: 'owner (desktop)', promptHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(asked[0]).toMatchObject({ key: 'sk-key-of-the-model', timeoutMs: 200, mostCharacters: 2_000 });
    const [first] = facts;
    // The row holds what was sent, to the letter, and neither holds the number or the key.
    expect(first?.kind === 'OpinionAsked' && first.prompt).toBe(`${asked[0]?.instructions}\n\n${asked[0]?.text}`);
    expect(JSON.stringify([facts, asked[0]?.text, asked[0]?.instructions])).not.toMatch(/PA3EMB00017|sk-key/);
    state.now += 1_500;
    answers[0]?.(GIVEN);
    await turn();
    expect(facts[1]).toMatchObject({
      kind: 'OpinionEnded',
      opinionId: 'o1',
      current: true,
      ms: 1_500,
      answerHash: 'ab',
      result: GIVEN.result,
    });
    expect(held()[0]).toMatchObject({ current: true, result: GIVEN.result });
  });

  it('that comes after the proposal was decided is on record and not current', async () => {
    const { ask, facts, answers, held, state } = world();
    ask('d7', 'owner');
    await turn();
    state.waiting = [];
    answers[0]?.(GIVEN);
    await turn();
    expect(facts[1]).toMatchObject({ current: false, result: { kind: 'given' } });
    expect(held()[0]).toMatchObject({ current: false });
  });

  it('is asked only of what waits, only when switched on and named, once at a time, and so often a day', async () => {
    const { ask, answers, state } = world();
    const refused = (id: string) => ask(id, 'owner');
    expect(refused('d8')).toMatchObject({ refused: expect.stringContaining('does not wait') });
    state.choices = { ...CHOICES, enabled: false };
    expect(refused('d7')).toMatchObject({ refused: expect.stringContaining('switched off') });
    state.choices = { ...CHOICES, model: '' };
    expect(refused('d7')).toMatchObject({ refused: expect.stringContaining('Name the model') });
    state.choices = CHOICES;
    state.waiting = ['d7', 'd8', 'd9', 'd10'].map((id) => proposal(id));
    expect(refused('d7')).toEqual({ asked: 'o1' });
    expect(refused('d7')).toMatchObject({ refused: 'It is being asked.' });
    expect(refused('d8')).toEqual({ asked: 'o2' });
    expect(refused('d9')).toMatchObject({ refused: expect.stringContaining('mostAtOnce') });
    await turn();
    for (const answer of answers) answer(GIVEN);
    await turn();
    expect(refused('d9')).toEqual({ asked: 'o3' });
    await turn();
    answers[2]?.(GIVEN);
    await turn();
    expect(refused('d10')).toMatchObject({ refused: expect.stringContaining('3 questions were asked within a day') });
    // A clock set back makes no new day; a day later there is one.
    state.now -= 3_600_000;
    expect(refused('d10')).toMatchObject({ refused: expect.stringContaining('within a day') });
    state.now += 26 * 3_600_000;
    expect(refused('d10')).toEqual({ asked: 'o4' });
  });

  it('that cannot be written down is not sent; one whose end cannot be is not shown', async () => {
    const full = world({
      record() {
        throw new Error('disk full');
      },
    });
    full.ask('d7', 'owner');
    await turn();
    expect(full.asked).toEqual([]);
    expect(full.errors).toEqual(['Error: disk full']);
    expect(full.held()[0]?.result).toMatchObject({ kind: 'none', why: 'stopped' });
    let rows = 0;
    const half = world({
      record() {
        rows += 1;
        if (rows > 1) throw new Error('disk full');
      },
    });
    half.ask('d7', 'owner');
    await turn();
    half.answers[0]?.(GIVEN);
    await turn();
    expect(half.held()[0]?.result).toMatchObject({ kind: 'none', why: 'stopped' });
  });

  it('waits for no key store, and for no model: the presser has his answer at once', async () => {
    const { ask, held, facts } = world({ keyFor: () => new Promise(() => {}) });
    expect(ask('d7', 'owner')).toEqual({ asked: 'o1' });
    await new Promise((done) => setTimeout(done, 260));
    expect(held()[0]?.result).toMatchObject({ why: 'late' });
    expect(facts).toEqual([]);
  });

  it('in the air when the desk ends is ended, on record, and asked no more', async () => {
    const { ask, stop, facts, state, answers, held } = world();
    ask('d7', 'owner');
    await turn();
    stop();
    expect(state.stops).toBe(1);
    expect(facts[1]).toMatchObject({ kind: 'OpinionEnded', result: { why: 'stopped' } });
    answers[0]?.(GIVEN);
    await turn();
    expect(facts).toHaveLength(2);
    expect(held()[0]?.result).toMatchObject({ kind: 'none' });
    expect(ask('d7', 'owner')).toMatchObject({ refused: 'The desk ends.' });
  });

  it('ends and is on record though the desk cannot be looked at any more, and nothing is thrown at its caller', async () => {
    let broken = false;
    const { ask, askByItself, answers, facts, errors } = world(
      {
        waiting() {
          if (broken) throw new Error('the engine stopped itself');
          return [proposal('d7')];
        },
      },
      { automatic: true },
    );
    ask('d7', 'owner');
    await turn();
    broken = true;
    answers[0]?.(GIVEN);
    await turn();
    expect(facts[1]).toMatchObject({ kind: 'OpinionEnded', current: false });
    expect(askByItself).not.toThrow();
    expect(errors.length).toBeGreaterThan(1);
  });

  it('is remembered with its budget over a restart, and one without an end ended with its program', async () => {
    const before = world();
    before.ask('d7', 'owner');
    await turn();
    const [asked] = before.facts;
    if (asked?.kind !== 'OpinionAsked') throw new Error('not asked');
    const { held, ask, askedWithinADay } = world({ past: { asked: [asked], ended: [], count: 41 } });
    expect(held()[0]).toMatchObject({ opinionId: 'o1', result: { kind: 'none', why: 'stopped' } });
    expect(askedWithinADay()).toBe(1);
    expect(ask('d7', 'owner')).toEqual({ asked: 'o42' });
  });

  it('asks by itself only where the settings say so, one after the other, each proposal once', async () => {
    const off = world();
    off.askByItself();
    await turn();
    expect(off.asked).toEqual([]);
    const { askByItself, answers, facts, state } = world({}, { automatic: true, mostAtOnce: 1 });
    state.waiting = [proposal('d7'), proposal('d8')];
    askByItself();
    askByItself();
    for (const n of [0, 1]) {
      await turn();
      expect(answers).toHaveLength(n + 1);
      answers[n]?.(GIVEN);
    }
    await turn();
    askByItself();
    await turn();
    expect(facts.flatMap((fact) => (fact.kind === 'OpinionAsked' ? [`${fact.decisionId} ${fact.by}`] : []))).toEqual([
      'd7 automatic',
      'd8 automatic',
    ]);
  });
});
