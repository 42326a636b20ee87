import { createHash } from 'node:crypto';
import type { Decision } from '#domain/decisions/decision';
import type { OpinionResult } from '#domain/decisions/opinion';
import { instant } from '#domain/units';
import type { AskModel, ModelReply, OpenQuestion, OpinionAsked, OpinionEnded, OpinionFact } from '#ports/opinion';
import type { OutsideText } from './outsideTexts.ts';
import { INSTRUCTIONS, promptFor } from './prompt.ts';

const DAY_MS = 86_400_000;
/** Opinions that the window is shown. */
const MOST_KEPT = 50;

export interface OpinionChoices {
  readonly enabled: boolean;
  readonly automatic: boolean;
  readonly url: string;
  readonly model: string;
  readonly timeoutSeconds: number;
  readonly mostPerDay: number;
  readonly mostAtOnce: number;
  readonly mostAnswerLength: number;
  readonly outsideTexts: boolean;
  readonly textLength: number;
}

/**
 * All that a second opinion is made with. There is nothing here that could order, approve, decline, stop, release or set
 * anything: two looks, one question to a model, and one pen that writes only these two facts.
 */
export interface OpinionParts {
  choices(): OpinionChoices;
  /** The proposals that wait for the owner now. */
  waiting(): readonly Decision[];
  /** Texts that others wrote and that the desk knows of a proposal's underlying. */
  textsOn(decision: Decision): readonly OutsideText[];
  /** Words that must never leave: the account's number. */
  forbidden(): readonly string[];
  /** The model's key for this origin; null when none is stored for it. */
  keyFor(origin: string): Promise<string | null>;
  readonly ask: AskModel;
  /** On the disk when it returns; throws when it cannot be. */
  record(fact: OpinionFact): void;
  /** Newest first. */
  readonly past: {
    readonly asked: readonly OpinionAsked[];
    readonly ended: readonly OpinionEnded[];
    /** Questions ever asked: the next one's number. */
    readonly count: number;
  };
  wallNow(): number;
  elapsedMs(): number;
  /** A word that nobody outside can know, a new one each time. */
  mark(): string;
  onError(error: unknown): void;
}

export interface HeldOpinion {
  readonly opinionId: string;
  readonly decisionId: string;
  readonly askedAt: number;
  readonly model: string;
  readonly by: string;
  /** null while it is asked. */
  readonly result: OpinionResult | null;
  /** False: the proposal was decided before it came. */
  readonly current: boolean;
  readonly ms: number | null;
}

export interface SecondOpinion {
  /** Puts the question and returns at once: the opinion id, or why it is not asked. */
  ask(decisionId: string, by: string): { readonly asked: string } | { readonly refused: string };
  /** Asks about what waits and was not asked about, where the settings say so. Returns at once. */
  askByItself(): void;
  /** Newest first. */
  held(): readonly HeldOpinion[];
  askedWithinADay(): number;
  stop(): void;
}

interface Running {
  readonly id: string;
  readonly decision: Decision;
  readonly began: number;
  open: OpenQuestion | null;
  isOnRecord: boolean;
}

/** Asks, keeps to its budget, writes both ends down, and holds what was said. Nothing waits for it, and it moves nothing. */
export function createSecondOpinion(parts: OpinionParts): SecondOpinion {
  let count = parts.past.count;
  let askedAt = parts.past.asked.map(({ wallAt }): number => wallAt);
  let held: readonly HeldOpinion[] = heldBefore(parts.past);
  const running = new Map<string, Running>();
  let stopped = false;

  const within = (): number => {
    const now = parts.wallNow();
    // A clock that was set back must not make a new day.
    askedAt = askedAt.filter((at) => Math.abs(now - at) < DAY_MS);
    return askedAt.length;
  };

  function whyNot(decisionId: string): string | null {
    const { enabled, model, mostPerDay, mostAtOnce } = parts.choices();
    if (stopped) return 'The desk ends.';
    if (!enabled) return 'Second opinions are switched off (Settings, opinion.enabled).';
    if (model === '') return 'Name the model first (Settings, opinion.model).';
    if ([...running.values()].some(({ decision }) => decision.decisionId === decisionId)) return 'It is being asked.';
    if (running.size >= mostAtOnce) return `${running.size} questions are open already (opinion.mostAtOnce).`;
    if (within() >= mostPerDay) return `${mostPerDay} questions were asked within a day (opinion.mostPerDay).`;
    return null;
  }

  function ask(decisionId: string, by: string): ReturnType<SecondOpinion['ask']> {
    const decision = parts.waiting().find((waiting) => waiting.decisionId === decisionId);
    if (decision === undefined) return { refused: 'This proposal does not wait for your answer.' };
    const refused = whyNot(decisionId);
    if (refused !== null) return { refused };
    count += 1;
    const id = `o${count}`;
    const one: Running = { id, decision, began: parts.elapsedMs(), open: null, isOnRecord: false };
    running.set(id, one);
    askedAt.push(parts.wallNow());
    keep({
      opinionId: id,
      decisionId,
      askedAt: parts.wallNow(),
      model: parts.choices().model,
      by,
      result: null,
      current: true,
      ms: null,
    });
    void run(one, by).catch((error: unknown) => {
      parts.onError(error);
      end(one, unanswered('stopped', 'it could not be asked or written down'));
    });
    return { asked: id };
  }

  async function run(one: Running, by: string): Promise<void> {
    const { url, model, timeoutSeconds, mostAnswerLength, outsideTexts, textLength } = parts.choices();
    const { decision, id } = one;
    const timeoutMs = Math.round(timeoutSeconds * 1000);
    const { origin } = new URL(url);
    const text = promptFor(decision, outsideTexts ? parts.textsOn(decision) : [], {
      textLength,
      forbidden: parts.forbidden(),
      mark: parts.mark(),
    });
    const key = await orLate(parts.keyFor(origin), timeoutMs);
    if (stopped) return;
    if (key === LATE) return end(one, unanswered('late', 'the key store did not answer'));
    const prompt = `${INSTRUCTIONS}\n\n${text}`;
    parts.record({
      kind: 'OpinionAsked',
      opinionId: id,
      decisionId: decision.decisionId,
      model,
      origin,
      prompt,
      promptHash: createHash('sha256').update(prompt).digest('hex'),
      wallAt: instant(parts.wallNow()),
      by,
    });
    one.isOnRecord = true;
    const question = { address: url, model, key, instructions: INSTRUCTIONS, text, timeoutMs, mostCharacters: mostAnswerLength };
    one.open = parts.ask(question);
    end(one, await one.open.reply);
  }

  /** Writes down what became of it, once, and lets it be seen if the same proposal waits still. */
  function end({ id, decision, began, isOnRecord }: Running, { result, answerHash, answerCharacters }: ModelReply): void {
    if (!running.delete(id)) return;
    const current = stillWaits(decision);
    const ms = Math.round(parts.elapsedMs() - began);
    const before = held.find(({ opinionId }) => opinionId === id);
    if (before) keep({ ...before, result, current, ms });
    try {
      if (isOnRecord)
        parts.record({
          kind: 'OpinionEnded',
          opinionId: id,
          decisionId: decision.decisionId,
          result,
          current,
          answerHash,
          answerCharacters,
          ms,
        });
    } catch (error) {
      // What is not on record is not shown.
      if (before) keep({ ...before, result: unanswered('stopped', 'it could not be written down').result, current, ms });
      parts.onError(error);
    }
    askByItself();
  }

  /** In doubt an answer is not current. */
  function stillWaits({ decisionId }: Decision): boolean {
    try {
      return parts.waiting().some((waiting) => waiting.decisionId === decisionId);
    } catch (error) {
      parts.onError(error);
      return false;
    }
  }

  /** Called by nobody who could take what goes wrong here. */
  function askByItself(): void {
    try {
      askNext();
    } catch (error) {
      parts.onError(error);
    }
  }

  function askNext(): void {
    const { enabled, automatic, mostAtOnce } = parts.choices();
    if (stopped || !enabled || !automatic || running.size >= mostAtOnce) return;
    const known = new Set(held.map(({ decisionId }) => decisionId));
    const next = parts.waiting().find(({ decisionId }) => !known.has(decisionId));
    if (next !== undefined && 'asked' in ask(next.decisionId, 'automatic')) askNext();
  }

  function keep(one: HeldOpinion): void {
    const isKnown = held.some(({ opinionId }) => opinionId === one.opinionId);
    held = isKnown ? held.map((other) => (other.opinionId === one.opinionId ? one : other)) : [one, ...held].slice(0, MOST_KEPT);
  }

  return {
    ask,
    askByItself,
    held: () => held,
    askedWithinADay: within,
    stop() {
      stopped = true;
      for (const one of [...running.values()]) {
        one.open?.stop();
        end(one, unanswered('stopped', 'the desk ended'));
      }
    },
  };
}

function unanswered(why: 'stopped' | 'late', detail: string): ModelReply {
  return { result: { kind: 'none', why, detail }, answerHash: null, answerCharacters: 0 };
}

/** What earlier sessions asked, as their rows tell. A question without an end died with its program. */
function heldBefore({ asked, ended }: OpinionParts['past']): readonly HeldOpinion[] {
  const ends = new Map(ended.map((fact) => [fact.opinionId, fact]));
  return asked.slice(0, MOST_KEPT).map(({ opinionId, decisionId, wallAt, model, by }) => {
    const end = ends.get(opinionId);
    return {
      opinionId,
      decisionId,
      askedAt: wallAt,
      model,
      by,
      result: end?.result ?? unanswered('stopped', 'the program ended').result,
      current: end?.current ?? true,
      ms: end?.ms ?? null,
    };
  });
}

const LATE = Symbol('late');

/** A key store may stand still behind a question of the system's own. */
function orLate<Value>(value: Promise<Value>, ms: number): Promise<Value | typeof LATE> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(LATE), ms);
    value.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
