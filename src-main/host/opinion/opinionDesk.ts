import { randomBytes } from 'node:crypto';
import type { ActOutcome } from '#contract/desk';
import type { OpinionRow, OpinionView } from '#contract/opinion';
import { instant } from '#domain/units';
import { actorName } from '#ports/commands';
import type { OpinionFact } from '#ports/opinion';
import type { CommandHandlers } from '#wire/host';
import type { Desk } from '../desk.ts';
import { keyStoreProblem } from '../keyStoreProblem.ts';
import { createSecondOpinion, type HeldOpinion } from './secondOpinion.ts';
import { textsOn } from './textsOn.ts';

const NAME = 'opinion';
/** Rows of earlier answers that a start looks for. */
const MOST_ENDED = 100;

type OpinionCommands = Pick<CommandHandlers, 'opinion.ask' | 'opinion.storeKey' | 'opinion.forgetKey'>;

/** Second opinions at a desk. */
export interface OpinionDesk {
  readonly acts: OpinionCommands;
  view(): OpinionView;
  stop(): void;
}

/** What the desk hands to a second opinion: looks, the model's own key, and a pen for its own two facts. */
export function createOpinionDesk(desk: Desk, wallNow: () => number = Date.now): OpinionDesk {
  const { parts } = desk;
  const choices = () => parts.settings.current().opinion;
  const origin = (): string => new URL(choices().url).origin;
  const newest = (kind: OpinionFact['kind'], limit: number) =>
    parts.journal.events({ kinds: [kind], text: null, beforeSeq: null, limit });
  // So many are enough to know whether the day's are used up.
  const { rows: asked, total: count } = newest('OpinionAsked', choices().mostPerDay);
  const { rows: ended } = newest('OpinionEnded', MOST_ENDED);
  let keyFor = '';

  const opinions = createSecondOpinion({
    choices,
    waiting: () => desk.view().awaiting,
    textsOn: (decision) => textsOn(desk, decision),
    forbidden: () => [desk.view().account.number],
    async keyFor(wanted) {
      const key = await parts.secrets.read(NAME);
      keyFor = key?.keyId ?? '';
      return key?.keyId === wanted ? key.secret : null;
    },
    ask: parts.askModel,
    record: parts.recordFact,
    past: {
      asked: asked.flatMap(({ fact }) => (fact.kind === 'OpinionAsked' ? [fact] : [])),
      ended: ended.flatMap(({ fact }) => (fact.kind === 'OpinionEnded' ? [fact] : [])),
      count,
    },
    wallNow,
    elapsedMs: () => performance.now(),
    mark: () => randomBytes(8).toString('hex'),
    onError: (error) => parts.onError(NAME, error),
  });

  // Told while the engine works: the question itself waits until it has finished.
  const stopListening = desk.onFacts((facts) => {
    if (facts.some(({ kind }) => kind === 'ProposalDecided')) setImmediate(opinions.askByItself);
  });
  parts.secrets.read(NAME).then(
    (key) => {
      keyFor = key?.keyId ?? '';
    },
    (error: unknown) => parts.onError(NAME, error),
  );

  return {
    acts: {
      'opinion.ask'({ decisionId }, by) {
        const answer = opinions.ask(decisionId, actorName(by));
        return 'refused' in answer
          ? refusedBecause(answer.refused)
          : { ...done('Asked. The answer is shown here when it comes; you need not wait for it.'), ids: [answer.asked] };
      },
      async 'opinion.storeKey'({ key }, by) {
        const problem = storeProblem(desk);
        if (problem !== '') return refusedBecause(problem);
        const failure = await keyStoreProblem(parts.secrets.store(NAME, { keyId: origin(), secret: key }));
        if (failure !== null) return refusedBecause(failure);
        keyFor = origin();
        parts.record({ path: 'credentials.opinion', oldValue: '', newValue: `key for ${keyFor}` }, actorName(by));
        return done(`The key is stored (${parts.secrets.detail}). It is sent to ${keyFor} only.`);
      },
      async 'opinion.forgetKey'(_, by) {
        const failure = await keyStoreProblem(parts.secrets.remove(NAME));
        if (failure !== null) return refusedBecause(failure);
        keyFor = '';
        parts.record({ path: 'credentials.opinion', oldValue: 'stored', newValue: 'removed' }, actorName(by));
        return done('The key is removed.');
      },
    },
    view() {
      const { enabled, model, mostPerDay } = choices();
      return {
        enabled,
        problem: problemOf(enabled, model, opinions.askedWithinADay(), mostPerDay),
        model,
        origin: origin(),
        keyFor,
        storeProblem: storeProblem(desk),
        askedWithinADay: opinions.askedWithinADay(),
        mostPerDay,
        opinions: opinions.held().map(rowOf),
      };
    },
    stop() {
      stopListening();
      opinions.stop();
    },
  };
}

function rowOf(one: HeldOpinion): OpinionRow {
  const { opinionId, decisionId, askedAt, model, by, result, current, ms } = one;
  const isGiven = result?.kind === 'given';
  const state = result === null ? 'asking' : !isGiven ? 'none' : current ? 'given' : 'overtaken';
  return {
    opinionId,
    decisionId,
    askedAt: instant(askedAt),
    model,
    by,
    state,
    opinion: isGiven && current ? result.opinion : null,
    why: result?.kind === 'none' ? result.why : null,
    detail: result?.kind === 'none' ? result.detail : '',
    ms,
  };
}

function problemOf(enabled: boolean, model: string, asked: number, most: number): string {
  if (!enabled) return 'Switched off (opinion.enabled).';
  if (model === '') return 'The model has no name yet (opinion.model).';
  return asked >= most ? `${most} questions were asked within a day (opinion.mostPerDay).` : '';
}

function storeProblem({ parts: { secrets } }: Desk): string {
  if (secrets.backend === 'keychain' || secrets.backend === 'sealedFile') return '';
  return `A key is kept in the keychain or a sealed file only; here there is neither (${secrets.detail}).`;
}

function done(message: string): ActOutcome {
  return { kind: 'done', message, ids: [], reasons: [] };
}

function refusedBecause(message: string): ActOutcome {
  return { kind: 'refused', message, ids: [], reasons: [] };
}
