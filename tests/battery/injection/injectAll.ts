import { askChatModel } from '#adapters/opinion/chatCompletions';
import { FAMILY_NAMES } from './attacks.ts';
import { type InjectionResult, inject } from './inject.ts';
import { startObeyingModel } from './obeyingModel.ts';
import { openInjectionDesk } from './openInjectionDesk.ts';
import { unsafeModels } from './unsafeModels.ts';

export interface WholeInjection extends InjectionResult {
  readonly seed: number;
  /** What the judge found where it was built wrongly on purpose: each must be more than 0. */
  readonly negatives: { readonly parser: number; readonly prompt: number; readonly hands: number };
}

/** An answer that is not there by then is late. */
const TIMEOUT_SECONDS = 0.6;
/** The obeying model's slow answers come when nobody waits for them any more. */
const SLOW_MS = 900;

/** The whole corpus against one desk, and then the three that are unsafe on purpose, each with every family once. */
export async function injectAll(n: number, seed: number): Promise<WholeInjection> {
  const model = await startObeyingModel();
  model.slowBy(SLOW_MS);
  const desk = await openInjectionDesk(model.url, TIMEOUT_SECONDS);
  try {
    const result = await inject(desk, model, { n, seed });
    const unsafe = unsafeModels(desk, askChatModel);
    const few = { n: FAMILY_NAMES.length, seed: seed + 1 };
    const parser = await inject(desk, model, { ...few, ask: unsafe.parser });
    const prompt = await inject(desk, model, { ...few, ask: unsafe.prompt });
    const hands = await inject(desk, model, { ...few, ask: unsafe.hands });
    const negatives = {
      parser: Math.min(parser.callsOutsideSchema, parser.badTexts),
      prompt: prompt.secretsOut,
      hands: hands.stateChanges,
    };
    return { ...result, ok: result.ok && Object.values(negatives).every((found) => found > 0), seed, negatives };
  } finally {
    await desk.close();
    await model.close();
  }
}
