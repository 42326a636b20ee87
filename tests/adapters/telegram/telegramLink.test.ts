import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTelegramLink, type TelegramLinkParts } from '#adapters/telegram/telegramLink';
import type { ChatLink, ChatMessage, ChatUpdate } from '#ports/phone';
import { eventually, OWNER, startTelegram, type TelegramStandIn, TOKEN } from '#support/telegramStandIn';

let telegram: TelegramStandIn;
let link: ChatLink | null = null;
let heard: ChatUpdate[] = [];
let standings: string[] = [];
let errors: string[] = [];

beforeEach(async () => {
  telegram = await startTelegram();
  heard = [];
  standings = [];
  errors = [];
});
afterEach(async () => {
  link?.stop();
  await telegram.close();
});

/** Pauses of a story are short; everything else is as it is at the desk. */
const PAUSES = { first: 20, longest: 80, conflict: 40, refused: 60 };

function open(parts: Partial<TelegramLinkParts> = {}): ChatLink {
  link = openTelegramLink({
    token: TOKEN,
    baseUrl: telegram.url,
    pollSeconds: () => 1,
    messagesPerMinute: () => 60,
    pauses: PAUSES,
    wallNow: Date.now,
    chance: () => 0,
    onUpdate: (update) => heard.push(update),
    onStanding: (state, detail) => standings.push(`${state} ${detail}`.trim()),
    onError: (where, error) => errors.push(`${where}: ${String(error)}`),
    ...parts,
  });
  return link;
}

const texts = (): string[] => heard.flatMap((update) => (update.kind === 'text' ? [update.text] : []));
const message = (title: string, more: Partial<ChatMessage> = {}): ChatMessage => ({
  chatId: OWNER.id,
  title,
  body: '',
  buttons: [],
  first: false,
  keptClose: true,
  ...more,
});

describe('the line to Telegram', () => {
  it('hears each message once, in order, and confirms it with the next question', async () => {
    telegram.says('one');
    telegram.says('two');
    open();
    await eventually('both heard', () => texts().length === 2);
    telegram.says('three');
    await eventually('three heard', () => texts().length === 3);
    await eventually('all confirmed', () => telegram.unconfirmed() === 0);
    expect(texts()).toEqual(['one', 'two', 'three']);
    expect(telegram.polls[0]).toMatchObject({ timeout: 1, limit: 100, allowed_updates: ['message', 'callback_query'] });
    expect(telegram.polls[0]).not.toHaveProperty('offset');
    await eventually('the bot is named', () => link?.standing().bot === 'my_desk_bot');
    expect(link?.standing()).toMatchObject({ state: 'connected', waiting: 0, givenUp: 0 });
  });

  it('still hears the owner when a quiet week made Telegram begin at another, lower number', async () => {
    open();
    telegram.says('before the week');
    await eventually('heard', () => texts().length === 1);
    // One empty answer: nothing is left to confirm, so no offset is kept above what comes.
    const asked = telegram.polls.length;
    await eventually('two more questions', () => telegram.polls.length >= asked + 2);
    telegram.push(telegram.text('/kill'), 1_000);
    await eventually('heard although its number is lower', () => texts().includes('/kill'));
  });

  it('says conflict when another program reads with the token, and goes on listening', async () => {
    open();
    await eventually('a question is held open', () => telegram.polls.length > 0 && standings.length === 0);
    await telegram.intrude();
    await eventually('conflict', () => standings.find((line) => line.startsWith('conflict 409 Conflict: terminated')));
    telegram.says('after the intruder');
    await eventually('heard again', () => texts().includes('after the intruder'));
    expect(link?.standing().state).toBe('connected');
  });

  it('says refused for a revoked token and tries again later', async () => {
    telegram.revokeToken();
    open();
    await eventually('refused', () => standings.includes('refused 401 Unauthorized'));
    telegram.restoreToken();
    await eventually('connected', () => link?.standing().state === 'connected');
  });

  it('waits as long as a 429 asks before it reads or writes again', async () => {
    const busy = {
      kind: 'answer',
      status: 429,
      body: '{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1","parameters":{"retry_after":1}}',
    } as const;
    telegram.mishap('sendMessage', busy);
    telegram.mishap('getUpdates', busy);
    const started = Date.now();
    const said = open();
    said.say(message('An alert', { first: true }));
    await eventually('sent in the end', () => telegram.sent.length === 1);
    expect(Date.now() - started).toBeGreaterThanOrEqual(990);
    await eventually('reads again', () => link?.standing().state === 'connected');
    expect(telegram.sent).toHaveLength(1);
  });

  it('outlives every kind of broken answer and then hears what waited', async () => {
    const bodies = [
      '',
      'null',
      '[]',
      '{"ok":true}',
      '{"ok":true,"result":"x"}',
      '{"ok":true,"result":[{}]}',
      `${'['.repeat(20_000)}`,
    ];
    const pages = ['<html>502 Bad Gateway</html>', '{"ok":false}'];
    telegram.mishap(
      'getUpdates',
      ...bodies.map((body) => ({ kind: 'answer', status: 200, body }) as const),
      ...pages.map((body) => ({ kind: 'answer', status: 502, body }) as const),
      { kind: 'answer', status: 200, body: `{"ok":true,"result":["${'x'.repeat(5_000_000)}"]}` },
      { kind: 'answer', status: 302, body: '' },
      { kind: 'cut' },
    );
    telegram.says('/kill');
    open();
    await eventually('heard after all of them', () => texts().includes('/kill'), 20_000);
    expect(errors).toEqual([]);
    expect(standings.filter((line) => line.startsWith('failing')).length).toBeGreaterThan(3);
  });

  it('reads past updates that it does not understand', async () => {
    telegram.push({ message: { date: 'yesterday', chat: 5 } });
    telegram.push({ edited_message: { text: '/kill' } });
    telegram.push({ channel_post: { text: '/kill' } });
    telegram.push({ inline_query: { query: '/kill' } });
    telegram.push({ callback_query: { id: 5 } });
    telegram.push({});
    telegram.says('understood');
    open();
    await eventually('understood', () => texts().length === 1);
    expect(heard.map(({ kind }) => kind)).toEqual(['other', 'other', 'other', 'other', 'other', 'other', 'text']);
  });

  it.each([
    ['forwarded', { forward_origin: { type: 'user' } }],
    ['forwarded', { forward_date: 1 }],
    ['edited', { edit_date: 1 }],
    ['sent through a bot', { via_bot: { id: 1 } }],
    ['sent in the name of a chat', { sender_chat: { id: -1 } }],
    ['sent over a business connection', { business_connection_id: 'x' }],
    ['sent by itself', { is_from_offline: true }],
  ])('marks what was %s', async (why, more) => {
    telegram.says('/kill', more);
    open();
    await eventually('heard', () => heard.length === 1);
    expect(heard[0]).toMatchObject({ kind: 'text', notOwnWords: why });
  });

  it('never lets the token into a failure, though it is a part of the address and a server may say it back', async () => {
    const echo = JSON.stringify({ ok: false, error_code: 400, description: `Bad Request: /bot${TOKEN}/sendMessage` });
    telegram.mishap('sendMessage', { kind: 'answer', status: 400, body: echo });
    telegram.mishap('getUpdates', { kind: 'answer', status: 500, body: echo.replace('400', '500') });
    open().say(message('x', { first: true }));
    await eventually('given up', () => link?.standing().givenUp === 1);
    await eventually('failing', () => standings.some((line) => line.startsWith('failing')));
    link?.stop();
    link = null;
    open({ baseUrl: 'http://127.0.0.1:1' });
    await eventually('unreachable', () => standings.some((line) => /ECONNREFUSED|fetch failed|bad port/.test(line)));
    const told = [...errors, ...standings].join('\n');
    expect(told).toContain('[token]');
    expect(told).not.toContain(TOKEN);
    expect(told).not.toContain(TOKEN.split(':')[1]);
  });

  it('sends an answer to a stop before sixty notices that wait, gives the oldest of these up and says so', async () => {
    const said = open({ messagesPerMinute: () => 1 });
    for (let n = 0; n < 60; n += 1) said.say(message(`notice ${n}`));
    said.say(message('Kill switch: HALTED', { first: true }));
    expect(said.standing()).toMatchObject({ waiting: 40, givenUp: 21 });
    await eventually('both', () => telegram.sent.length === 2);
    expect(telegram.sent[1]?.text).toMatch(/^Kill switch: HALTED\n\n2\d earlier notices were left out/);
  });

  it('writes plain text that no content can break: markup, controls, direction marks, halves of letters, a novel', async () => {
    const body = `<b>&"'_*[x](tg://user?id=1)\u202e\u0000\u200b\ud83d ${'y'.repeat(9_000)}`;
    open().say(message('a\nb', { body, buttons: [{ label: 'Seen', data: 'seen:a1' }] }));
    const [only] = await eventually('sent', () => telegram.sent.length === 1 && telegram.sent);
    expect(only?.text.startsWith('a b\n<b>&"\'_*[x](tg://user?id=1) yyy')).toBe(true);
    expect(only?.text.length).toBeLessThan(4_096);
    expect(only).not.toHaveProperty('parse_mode');
    expect(only?.reply_markup?.inline_keyboard[0]?.[0]).toEqual({ text: 'Seen', callback_data: 'seen:a1' });
  });

  it('hears nothing more once it was stopped', async () => {
    open();
    await eventually('connected once', () => telegram.polls.length > 0);
    link?.stop();
    telegram.says('/kill');
    await new Promise((done) => setTimeout(done, 200));
    expect(heard).toEqual([]);
    expect(errors).toEqual([]);
  });
});
