import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askChatModel } from '#adapters/opinion/chatCompletions';
import type { ModelQuestion } from '#ports/opinion';
import { opinionSettings } from '#ports/settings/appSettings';

const FINE = JSON.stringify({ stance: 'unsure', concerns: ['none'], confidence: 0.5, reason: 'It may go either way' });
const answered = JSON.stringify({ choices: [{ message: { role: 'assistant', content: FINE }, finish_reason: 'stop' }] });

let behave: (request: IncomingMessage, response: ServerResponse) => void = () => {};
const seen: { readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => {
    body += part.toString();
  });
  request.on('end', () => {
    seen.push({ url: request.url ?? '', headers: request.headers, body });
    behave(request, response);
  });
});
let origin = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const question = (more: Partial<ModelQuestion> = {}): ModelQuestion => ({
  address: `${origin}/v1/chat/completions`,
  model: 'small',
  key: 'sk-key-of-the-model',
  instructions: 'be brief',
  text: 'what of it?',
  timeoutMs: 5_000,
  mostCharacters: 2_000,
  ...more,
});
const ask = (more: Partial<ModelQuestion> = {}) => askChatModel(question(more)).reply;

describe('the adapter', () => {
  it('asks once, in the protocol, offers no tools, and sends the key to the model alone', async () => {
    behave = (_, response) => response.end(answered);
    const reply = await ask();
    expect(reply.result).toMatchObject({ kind: 'given', opinion: { stance: 'unsure' } });
    expect(reply.answerHash).toMatch(/^[0-9a-f]{64}$/);
    expect(seen).toHaveLength(1);
    const body: Record<string, unknown> = JSON.parse(seen[0]?.body ?? '');
    expect(Object.keys(body).sort()).toEqual(['messages', 'model', 'response_format', 'stream']);
    expect(body['messages']).toEqual([
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'what of it?' },
    ]);
    expect(seen[0]?.headers.authorization).toBe('Bearer sk-key-of-the-model');
    await ask({ key: null });
    expect(seen[1]?.headers.authorization).toBeUndefined();
  });

  it('goes nowhere else: a redirect is an end', async () => {
    const before = seen.length;
    behave = (_, response) => response.writeHead(307, { Location: `${origin}/elsewhere` }).end();
    expect((await ask()).result).toMatchObject({ kind: 'none', why: 'redirected', detail: 'HTTP 307' });
    expect(seen.slice(before).map(({ url }) => url)).toEqual(['/v1/chat/completions']);
  });

  it('has an end of its own: late, too long, broken, not there', async () => {
    behave = () => {};
    expect((await ask({ timeoutMs: 60 })).result).toMatchObject({ why: 'late' });
    behave = (_, response) => void response.writeHead(200).write('{"choices":[');
    expect((await ask({ timeoutMs: 60 })).result).toMatchObject({ why: 'late' });
    behave = (_, response) => response.end('x'.repeat(300_000));
    expect((await ask()).result).toMatchObject({ why: 'tooLong' });
    behave = (_, response) => response.writeHead(500).end('<html>boom</html>');
    expect((await ask()).result).toEqual({ kind: 'none', why: 'unreachable', detail: 'HTTP 500' });
    behave = (request) => request.socket.destroy();
    expect((await ask()).result).toMatchObject({ why: 'unreachable' });
    expect((await ask({ address: 'http://127.0.0.1:9/v1/chat/completions' })).result).toMatchObject({ why: 'unreachable' });
  });

  it('stops when told to', async () => {
    behave = () => {};
    const open = askChatModel(question());
    setTimeout(open.stop, 30);
    expect((await open.reply).result).toMatchObject({ why: 'stopped' });
  });
});

describe('the model’s address', () => {
  it.each([
    'http://127.0.0.1:11434/v1/chat/completions',
    'http://[::1]:8080/v1/chat/completions',
    'http://localhost:8080/v1/chat/completions',
    'https://models.example.com/v1/chat/completions',
  ])('%s is taken', (url) => {
    expect(opinionSettings.parse({ url }).url).toBe(url);
    expect(new URL(url).href.startsWith('http')).toBe(true);
  });

  it.each([
    '',
    'http://models.example.com/v1/chat/completions',
    'http://192.168.1.4:11434/v1/chat/completions',
    'http://127.0.0.1:80@evil.example/v1',
    'http://127.0.0.1.evil.example/v1',
    'http://localhost.evil.example/v1',
    'https://me:secret@models.example.com/v1',
    'https://models.example.com/v1?key=secret',
    'https://models.example.com/v1#x',
    'file:///etc/passwd',
    'ftp://127.0.0.1/v1',
    ' http://127.0.0.1/v1',
  ])('%j is refused', (url) => {
    expect(opinionSettings.safeParse({ url }).success).toBe(false);
  });

  it('is on this machine, and off, unless the owner says otherwise', () => {
    expect(opinionSettings.parse({})).toMatchObject({
      enabled: false,
      automatic: false,
      url: 'http://127.0.0.1:11434/v1/chat/completions',
    });
  });
});
