import { z } from 'zod';
import { CONCERNS, MOST_CONCERNS, MOST_REASON, type NoOpinion, type OpinionResult, STANCES } from '#domain/decisions/opinion';
import { holdsMarkup, plainText, spokenText } from '#domain/decisions/plainText';

/** All that is read of an answer. A field more, a word that is not in a list, a number out of its range: no opinion. */
const answer = z.strictObject({
  stance: z.enum(STANCES),
  concerns: z.array(z.enum(CONCERNS)).max(MOST_CONCERNS),
  confidence: z.number().min(0).max(1),
  reason: z.string().min(1).max(MOST_REASON),
});

/** The same as JSON schema, for servers that hold their model to one (`response_format`). Ours is checked whatever they do. */
export const ANSWER_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['stance', 'concerns', 'confidence', 'reason'],
  properties: {
    stance: { type: 'string', enum: STANCES },
    concerns: { type: 'array', items: { type: 'string', enum: CONCERNS } },
    confidence: { type: 'number' },
    reason: { type: 'string' },
  },
} as const;

/** Servers add fields of their own around the message; what could be an act or a second answer must not be there. */
const nothing = z.union([z.null(), z.tuple([])]).optional();
const envelope = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        finish_reason: z.string().nullish(),
        message: z.looseObject({ role: z.literal('assistant').nullish(), content: z.string() }),
      }),
    )
    .length(1),
});
const acts = z.looseObject({
  choices: z.array(z.looseObject({ message: z.looseObject({ tool_calls: nothing, function_call: nothing }) })),
});

/** Reads a body of the chat completions protocol. What is not exactly an opinion is none, with the reason. */
export function opinionIn(body: string, limits: { readonly mostCharacters: number; readonly key: string | null }): OpinionResult {
  const whole = jsonIn(body);
  if (whole === undefined) return none('notJson', 'the server’s answer is no JSON');
  if (limits.key !== null && body.includes(limits.key)) return none('secretInAnswer', 'the answer holds the model’s key');
  if (hasChoices(whole) && !acts.safeParse(whole).success) return none('toolCalls', 'there is nothing that it could call');
  const parsed = envelope.safeParse(whole);
  if (!parsed.success) return none('notTheSchema', whereIn(parsed.error));
  const [choice] = parsed.data.choices;
  const content = choice?.message.content ?? '';
  if (content.length > limits.mostCharacters)
    return none('tooLong', `${content.length} characters, at most ${limits.mostCharacters}`);
  if (choice?.finish_reason === 'length') return none('tooLong', 'the server cut it off');
  const said = jsonIn(content);
  if (said === undefined) return none('notJson', 'the model’s answer is no JSON');
  const opinion = answer.safeParse(said);
  if (!opinion.success) return none('notTheSchema', whereIn(opinion.error));
  if (saysTwice(content)) return none('notTheSchema', 'a field is there twice');
  const { reason, concerns, ...rest } = opinion.data;
  if (holdsMarkup(reason)) return none('markup', 'its sentence is more than words');
  if (limits.key !== null && plainText(reason, reason.length + 1).includes(limits.key))
    return none('secretInAnswer', 'the answer holds the model’s key');
  const spoken = spokenText(reason, MOST_REASON);
  if (spoken === '') return none('notTheSchema', 'reason');
  return { kind: 'given', opinion: { ...rest, concerns: [...new Set(concerns)], reason: spoken } };
}

export function none(why: NoOpinion, detail: string): OpinionResult {
  return { kind: 'none', why, detail };
}

function hasChoices(whole: unknown): boolean {
  return typeof whole === 'object' && whole !== null && 'choices' in whole && Array.isArray(whole.choices);
}

function jsonIn(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** Our four names are outside of strings once each: a parser takes the last of two, and somebody else the first. */
function saysTwice(content: string): boolean {
  const names = [...content.matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/gs)].filter(([, colon]) => colon === ':');
  return names.length !== 4;
}

/** Names a place of ours, never a word of theirs. */
function whereIn(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined
    ? ''
    : `${issue.code.replaceAll('_', ' ')} at ${issue.path.map(String).join('.') || 'the top'}`.slice(0, 120);
}
