import type { KillStateName } from '#contract/desk';

export type KillVerb = 'stopEntries' | 'freeze' | 'flatten';

/** The three verbs in the owner's words, mildest first. */
export const verbs: readonly { readonly verb: KillVerb; readonly title: string; readonly does: string }[] = [
  { verb: 'stopEntries', title: 'Stop entries', does: 'Nothing opens any more. Exits and their rules go on.' },
  { verb: 'freeze', title: 'Freeze', does: 'Cancels every working order and sends nothing, exits included.' },
  { verb: 'flatten', title: 'Flatten', does: 'Cancels, then closes every structure as a whole at a bounded worst price.' },
];

export const stateWords: Readonly<Record<KillStateName, { readonly word: string; readonly means: string }>> = {
  ACTIVE: { word: 'Active', means: 'The engine may open and close.' },
  REDUCING: { word: 'Entries stopped', means: 'Nothing opens. Exits go on.' },
  HALTED: { word: 'Frozen', means: 'Nothing is sent, exits included.' },
  FLATTENING: { word: 'Flattening', means: 'Everything is being closed.' },
};
