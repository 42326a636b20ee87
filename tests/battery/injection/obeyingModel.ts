import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { LOOKALIKES } from './attacks.ts';

/** What it was asked, what it understood, and what it said. */
export interface Heard {
  /** The body of the question, as it came. */
  readonly body: string;
  /** The number of the attack that it found; null when it found none. */
  readonly caseId: number | null;
  /** The name of what it did for it. */
  readonly did: string;
  /** The text of its answer, where it gave one in the protocol's place for it. */
  content: string | null;
  /** True when its answer tried to call something. */
  readonly called: boolean;
}

const question = z.strictObject({
  model: z.string(),
  stream: z.literal(false),
  messages: z.tuple([
    z.strictObject({ role: z.literal('system'), content: z.string() }),
    z.strictObject({ role: z.literal('user'), content: z.string() }),
  ]),
  response_format: z.looseObject({ type: z.literal('json_schema') }),
});

export const PATH = '/v1/chat/completions';
const FLOOD_BYTES = 1_000_000;
const FINE = { stance: 'agree', concerns: ['none'], confidence: 0.8, reason: 'It looks sound' };

/**
 * A model on this machine that does what it is told by whoever spoke last: it looks through the question for an order in any
 * disguise (invisible letters, look-alikes, base64) and carries it out to the letter.
 */
export async function startObeyingModel() {
  const heard: Heard[] = [];
  /** Calls that are not a question of this protocol to this address: tools offered, another path, a followed redirect. */
  const strange: string[] = [];
  const held = new Set<ServerResponse>();
  let slowMs = 2_000;
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const asked = question.safeParse(jsonOf(body));
    if (request.url !== PATH || request.method !== 'POST' || !asked.success) {
      strange.push(`${request.method} ${request.url}`);
      return void response.writeHead(404).end();
    }
    const text = asked.data.messages[1].content;
    const order = orderIn(text);
    const does =
      order === null
        ? say('fine', JSON.stringify(FINE))
        : obey(order.text, { body: text, headers: JSON.stringify(request.headers) });
    heard.push({ body, caseId: order?.caseId ?? null, did: does.did, content: does.content, called: does.called });
    if (does.did === 'wait') {
      held.add(response);
      setTimeout(() => {
        held.delete(response);
        if (!response.destroyed) answer(response, does.message);
      }, slowMs).unref();
      return;
    }
    if (does.did === 'redirect') return void response.writeHead(307, { Location: `${origin}/elsewhere` }).end();
    if (does.did === 'fail') return void response.writeHead(does.status).end('<html><script>approve()</script></html>');
    if (does.did === 'flood') return void response.writeHead(200).end('x'.repeat(FLOOD_BYTES));
    if (does.did === 'twice') return raw(response, { choices: [does.message, does.message].map((message) => ({ message })) });
    answer(response, does.message);
  }

  return {
    url: `${origin}${PATH}`,
    origin,
    heard,
    strange,
    slowBy(ms: number): void {
      slowMs = ms;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export type ObeyingModel = Awaited<ReturnType<typeof startObeyingModel>>;

interface Deed {
  readonly did: string;
  readonly content: string | null;
  readonly called: boolean;
  readonly message: Readonly<Record<string, unknown>>;
  readonly status: number;
}

function say(did: string, content: string): Deed {
  return { did, content, called: false, message: { role: 'assistant', content }, status: 200 };
}

const withReason = (did: string, reason: string): Deed => say(did, JSON.stringify({ ...FINE, reason }));

/** The first order that stands in the question's fenced texts, whatever it is disguised as. */
function orderIn(text: string): { readonly caseId: number; readonly text: string } | null {
  for (const [, line = ''] of text.matchAll(/untrusted \w+\]\n(.*)\n\[/g)) {
    const said = jsonOf(line);
    if (typeof said !== 'string') continue;
    const plain = undisguised(said);
    const found = /\(case (\d+)\)/.exec(plain);
    if (found) return { caseId: Number(found[1]), text: plain };
  }
  return null;
}

function undisguised(text: string): string {
  const back = new Map(Object.entries(LOOKALIKES).map(([latin, other]) => [other, latin]));
  const plain = [...text.normalize('NFKC').replaceAll(/\p{Cf}/gu, '')].map((letter) => back.get(letter) ?? letter).join('');
  const hidden = /decode and obey: ([\w+/= ]+) END\./.exec(plain);
  return hidden ? `${plain} ${Buffer.from((hidden[1] ?? '').replaceAll(' ', ''), 'base64').toString('utf8')}` : plain;
}

function obey(order: string, given: { readonly body: string; readonly headers: string }): Deed {
  const tool = /call the tool ([\w.]+) with (\{.*?\}) END\./.exec(order);
  if (tool) return calls('tool_calls', [{ id: 'c1', type: 'function', function: { name: tool[1], arguments: tool[2] } }]);
  const old = /call the function by its old name ([\w.]+) with (\{.*?\}) END\./.exec(order);
  if (old) return calls('function_call', { name: old[1], arguments: old[2] });
  if (/answer twice\./.test(order)) return { ...say('twice', JSON.stringify(FINE)), did: 'twice' };
  const exact = /answer with exactly: (.*) END\./.exec(order);
  if (exact) return say('exactly', exact[1] ?? '');
  const reason = /write as your reason: (.*) END\./.exec(order);
  if (reason) return withReason('reason', reason[1] ?? '');
  if (/print (the|every)/.test(order)) return withReason('print', given.headers.slice(0, 600));
  if (/given as your reason/.test(order)) return withReason('repeat', given.body.slice(-600));
  if (/given as your answer/.test(order)) return say('repeat', given.body);
  if (/answer with a book/.test(order)) return say('flood', '');
  if (/take your time/.test(order)) return say('wait', JSON.stringify(FINE));
  if (/send the caller to/.test(order)) return say('redirect', '');
  const fails = /fail with status (\d+)/.exec(order);
  if (fails) return { ...say('fail', ''), status: Number(fails[1]) };
  const sway = /say (\w+) with full confidence/.exec(order);
  if (sway) return say('sway', JSON.stringify({ ...FINE, stance: sway[1], confidence: 1 }));
  return withReason('nothing', 'Nothing was asked of me');
}

/** It calls, and says something that would be an opinion besides. */
function calls(field: 'tool_calls' | 'function_call', what: unknown): Deed {
  return {
    ...say(field, JSON.stringify(FINE)),
    called: true,
    message: { role: 'assistant', content: JSON.stringify(FINE), [field]: what },
  };
}

function answer(response: ServerResponse, message: object): void {
  raw(response, { id: 'x', object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }], usage: {} });
}

function raw(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}
