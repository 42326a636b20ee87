import { createHash } from 'node:crypto';
import type { AskModel, ModelQuestion, ModelReply } from '#ports/opinion';
import { ANSWER_SCHEMA, none, opinionIn } from './closedAnswer.ts';

/** What a server may put around an answer, its thoughts included. */
const MOST_BYTES = 256 * 1024;

class TooLong extends Error {}

/**
 * One call of the chat completions protocol (OpenAI's, as Ollama, llama.cpp, vLLM and others speak it). It offers the model no
 * tools, follows no redirect, sends no cookie, and knows nothing but the question.
 */
export const askChatModel: AskModel = (question) => {
  const stopping = new AbortController();
  return { reply: replyTo(question, stopping.signal), stop: () => stopping.abort() };
};

async function replyTo(question: ModelQuestion, stop: AbortSignal): Promise<ModelReply> {
  const late = AbortSignal.timeout(question.timeoutMs);
  try {
    const response = await fetch(question.address, {
      method: 'POST',
      headers: headersOf(question),
      body: bodyOf(question),
      // Another address must be told neither the key nor the proposal.
      redirect: 'manual',
      credentials: 'omit',
      signal: AbortSignal.any([stop, late]),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return unanswered(
        response.status >= 300 && response.status < 400
          ? none('redirected', `HTTP ${response.status}`)
          : none('unreachable', `HTTP ${response.status}`),
      );
    }
    return replyIn(await textOf(response), question);
  } catch (error) {
    if (stop.aborted) return unanswered(none('stopped', 'the desk ended'));
    if (late.aborted) return unanswered(none('late', `no answer within ${question.timeoutMs} ms`));
    if (error instanceof TooLong) return unanswered(none('tooLong', `more than ${MOST_BYTES} bytes`));
    return unanswered(none('unreachable', codeOf(error)));
  }
}

function replyIn(body: string, { mostCharacters, key }: ModelQuestion): ModelReply {
  return {
    result: opinionIn(body, { mostCharacters, key }),
    answerHash: createHash('sha256').update(body).digest('hex'),
    answerCharacters: body.length,
  };
}

function unanswered(result: ModelReply['result']): ModelReply {
  return { result, answerHash: null, answerCharacters: 0 };
}

function headersOf({ key }: ModelQuestion): Record<string, string> {
  return { 'Content-Type': 'application/json', ...(key === null ? {} : { Authorization: `Bearer ${key}` }) };
}

function bodyOf({ model, instructions, text }: ModelQuestion): string {
  return JSON.stringify({
    model,
    stream: false,
    messages: [
      { role: 'system', content: instructions },
      { role: 'user', content: text },
    ],
    response_format: { type: 'json_schema', json_schema: { name: 'opinion', strict: true, schema: ANSWER_SCHEMA } },
  });
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new TooLong();
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The system's word for it (ECONNREFUSED, ...): no text of a server's choosing. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? String(cause.code).slice(0, 40) : 'no connection';
}
