import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FeedName, ItemOf } from '#contract/contract';
import { codeAt, STEP_MS } from '#host/live/totp';
import { type DeskProcess, signIn, startDesk } from '#support/deskProcess';
import { eventually, OWNER, STRANGER, startTelegram, type TelegramStandIn, TOKEN } from '#support/telegramStandIn';
import type { Client } from '#wire/client';

let home = '';
let telegram: TelegramStandIn;
let desk: DeskProcess;
let client: Client;
let acts = 0;
const outputs: string[] = [];

/** Every strategy asks first, and its question stands for an hour of the market. */
const ASKING = Object.fromEntries(
  ['bull_put_spread', 'bear_call_spread', 'iron_condor', 'cash_secured_put', 'covered_call'].map((id) => [
    id,
    { mode: 'approve' },
  ]),
);

async function start(): Promise<void> {
  desk = await startDesk(home, ['--seed', '7', '--speed', '60'], {
    STRIKEDESK_SECRETS: 'sealed-file',
    STRIKEDESK_PASSPHRASE: 'a passphrase of a story',
    STRIKEDESK_TELEGRAM_API_URL: telegram.url,
    STRIKEDESK_TELEGRAM_POLL_SECONDS: '1',
    STRIKEDESK_TELEGRAM_MESSAGES_PER_MINUTE: '60',
    STRIKEDESK_TELEGRAM_COMMANDS_PER_MINUTE: '60',
    STRIKEDESK_EXECUTION_APPROVAL_SECONDS: '3600',
    STRIKEDESK_RISK_NO_ENTRIES_FIRST_MINUTES: '0',
    STRIKEDESK_FAILSAFE_RELEASE_HOLD_SECONDS: '0',
    STRIKEDESK_STRATEGIES: JSON.stringify(ASKING),
    STRIKEDESK_LOG_LEVEL: 'trace',
  });
  client = await signIn(desk.url, desk.token);
}

beforeAll(async () => {
  if (!existsSync('out/renderer/index.html')) {
    mkdirSync('out/renderer', { recursive: true });
    writeFileSync('out/renderer/index.html', '<!doctype html><title>Strikedesk</title>');
  }
  home = mkdtempSync(join(tmpdir(), 'strikedesk-phone-'));
  telegram = await startTelegram();
  await start();
});

afterAll(async () => {
  client?.close();
  await desk?.kill('SIGTERM');
  await telegram?.close();
  rmSync(home, { recursive: true, force: true });
});

const commandId = (): string => {
  acts += 1;
  return `phone-story-${acts}`;
};

/** The first item of a feed for which `when` holds. */
function until<Name extends FeedName>(name: Name, when: (item: ItemOf<Name>) => boolean): Promise<ItemOf<Name>> {
  return new Promise((resolve, reject) => {
    const stop = client.feed(
      name,
      {} as never,
      (item) => {
        if (!when(item)) return;
        setTimeout(() => stop());
        resolve(item);
      },
      (failure) => reject(new Error(failure.message)),
    );
  });
}

const killState = async () => (await until('desk.status', () => true)).kill;
const release = async () => {
  const { ids } = await client.command('killSwitch.beginRelease', { commandId: commandId() });
  return await client.command('killSwitch.release', {
    commandId: commandId(),
    word: 'RESUME',
    nonce: ids[0] ?? '',
    reason: 'story',
    proof: desk.token,
  });
};
/** The first answer after `from` messages that begins so. */
const answer = (begins: string, from = 0) =>
  eventually(`an answer '${begins}'`, () => telegram.sent.slice(from).find(({ text }) => text.startsWith(begins)));
const view = () => until('phone.view', () => true);

describe('the phone', () => {
  it('stores a token, draws a code at the desk, and pairs whoever sends it first in private', async () => {
    expect(await view()).toMatchObject({ hasToken: false, line: 'off', paired: null });
    expect(await client.command('phone.pair', { commandId: commandId() })).toMatchObject({ kind: 'refused', code: '' });
    expect(await client.command('phone.storeToken', { commandId: commandId(), token: TOKEN })).toMatchObject({ kind: 'done' });
    await until('phone.view', ({ line, bot }) => line === 'connected' && bot === 'my_desk_bot');
    telegram.says('/kill');
    const { code, link, qrSvg } = await client.command('phone.pair', { commandId: commandId() });
    expect(code).toMatch(/^[2-9A-Z]{10}$/);
    expect(link).toBe(`https://t.me/my_desk_bot?start=${code}`);
    expect(qrSvg).toContain('<svg');
    telegram.says('/pair AAAAAAAAAA', {}, STRANGER);
    telegram.says(`/pair ${code}`, { chat: { id: -100_123, type: 'supergroup' } });
    telegram.says(`/pair ${code}`, { forward_date: 1 });
    telegram.says(`/pair ${code}`, {}, { ...OWNER, is_bot: true });
    await until('phone.view', ({ refused }) => refused === 5);
    expect((await view()).paired).toBeNull();
    telegram.says(`/start ${code.toLowerCase()}`);
    await answer('This phone is paired');
    telegram.says(`/pair ${code}`, {}, STRANGER);
    expect((await until('phone.view', ({ refused }) => refused === 6)).paired).toMatchObject({ name: '@olga', idEnding: '2003' });
    expect((await killState()).state).toBe('ACTIVE');
    expect(telegram.sent.every(({ chat_id }) => chat_id === OWNER.id)).toBe(true);
  });

  it('answers the owner, without amounts while it is discreet and with them when it is not', async () => {
    telegram.says('/status');
    const discreet = await answer('Strikedesk');
    expect(discreet.text).toContain('Kill switch: ACTIVE');
    expect(discreet.text).not.toMatch(/\$/);
    expect(discreet.protect_content).toBe(true);
    await client.command('settings.change', { commandId: commandId(), changes: [{ path: 'telegram.discreet', value: false }] });
    const before = telegram.sent.length;
    telegram.says('/status@my_desk_bot');
    expect((await answer('Strikedesk', before)).text).toMatch(/Equity \$\d/);
    telegram.says('/positions');
    await answer('Positions');
    telegram.says('/HELP');
    await answer('What you may ask');
    telegram.says('/flatten');
    await answer('Not understood');
  });

  it('does not hear a stranger, a group, a forward, an edit, a bot, an inline button or a channel', async () => {
    const { refused } = await view();
    const group = { chat: { id: -100_555, type: 'group' } };
    telegram.says('/kill', {}, STRANGER);
    telegram.says('/kill', group);
    telegram.says('/kill', { chat: { id: STRANGER.id, type: 'private' } });
    telegram.says('/kill', { forward_origin: { type: 'user' } });
    telegram.says('/kill', { edit_date: 1 });
    telegram.says('/kill', { from: undefined });
    telegram.says('/kill', {}, { ...OWNER, is_bot: true });
    telegram.push({ edited_message: telegram.text('/kill')['message'] });
    telegram.push({ channel_post: telegram.text('/kill')['message'] });
    telegram.presses('pause', {}, STRANGER);
    telegram.presses('pause', { message: { chat: group.chat } });
    telegram.presses('pause', { message: undefined, inline_message_id: 'x' });
    expect((await until('phone.view', (now) => now.refused === refused + 12)).paired).not.toBeNull();
    expect(await killState()).toMatchObject({ state: 'ACTIVE' });
    expect(telegram.sent.every(({ chat_id }) => chat_id === OWNER.id)).toBe(true);
  });

  it('throws the switch at once and says who did; the milder word never loosens, and nothing releases it from the phone', async () => {
    telegram.says('/pause too fast for me');
    expect((await answer('Kill switch: REDUCING')).text).toContain('exits go on');
    expect(await killState()).toMatchObject({
      state: 'REDUCING',
      reason: 'From the phone: too fast for me',
      by: 'operator (telegram, phone @olga …2003)',
    });
    const before = telegram.sent.length;
    telegram.says('/kill');
    expect((await answer('Kill switch: HALTED', before)).text).toContain('exits neither');
    telegram.says('/pause');
    await eventually(
      'a second answer',
      () => telegram.sent.slice(before).filter(({ text }) => text.includes('HALTED')).length === 2,
    );
    telegram.says('/resume');
    await answer('Not from here');
    expect((await killState()).state).toBe('HALTED');
    const history = await client.query('killSwitch.history', {});
    expect(history.map(({ to, by }) => `${to} ${by}`)).toEqual([
      'HALTED operator (telegram, phone @olga …2003)',
      'REDUCING operator (telegram, phone @olga …2003)',
    ]);
    expect(await release()).toMatchObject({ kind: 'done' });
  });

  it('acts upon an update once, though it comes again, also after SIGKILL', async () => {
    const id = telegram.says('/freeze');
    await until('desk.status', ({ kill }) => kill.state === 'HALTED');
    await release();
    const { refused } = await view();
    telegram.push(telegram.text('/freeze'), id);
    await until('phone.view', (now) => now.refused === refused + 1 && now.lastRefusal === 'it was repeated');
    outputs.push(desk.output());
    client.close();
    await desk.kill('SIGKILL');
    // What is sent to a desk that is off is heard when it is on again.
    telegram.says('/freeze asleep');
    await start();
    expect((await until('desk.status', ({ kill }) => kill.state === 'HALTED')).kill.reason).toBe('From the phone: asleep');
    await release();
    expect((await until('phone.view', ({ line }) => line === 'connected')).paired).toMatchObject({ idEnding: '2003' });
    telegram.push(telegram.text('/freeze'), id);
    await until('phone.view', (now) => now.lastRefusal === 'it was repeated');
    expect((await killState()).state).not.toBe('HALTED');
    await until('desk.status', ({ kill }) => kill.state === 'ACTIVE');
  });

  it('lets an old question go and takes an old stop', async () => {
    const old = { date: Math.floor(Date.now() / 1000) - 600 };
    telegram.says('/status', old);
    expect((await answer('Not done: /status')).text).toMatch(/sent \d{3} s ago/);
    telegram.says('/pause', old);
    await until('desk.status', ({ kill }) => kill.state === 'REDUCING');
    await release();
  });

  it('throws the switch though it cannot write down that it was asked; everything else waits for the disk', async () => {
    const inTheWay = join(home, `phone.json.${desk.child.pid}.draft`);
    mkdirSync(inTheWay);
    const before = telegram.sent.length;
    telegram.says('/status');
    await answer('Not done: /status', before);
    telegram.says('/pause');
    await answer('Kill switch: REDUCING', before);
    expect((await killState()).state).toBe('REDUCING');
    rmdirSync(inTheWay);
    await release();
  });

  it('approves a proposal only when allowed, only with a fresh code for exactly that one, and a code once', {
    timeout: 90_000,
  }, async () => {
    await client.command('desk.setSpeed', { commandId: commandId(), speed: 600 });
    const waiting = await until('desk.status', ({ counts }) => counts.awaitingApproval > 0);
    await client.command('desk.setSpeed', { commandId: commandId(), speed: 60 });
    expect(waiting.counts.awaitingApproval).toBeGreaterThan(0);
    telegram.says('/proposals');
    const listed = await answer('Proposals');
    const [decisionId = ''] = /\bd\d+(?=:)/.exec(listed.text) ?? [];
    expect(decisionId).not.toBe('');
    telegram.says(`/approve ${decisionId}`);
    await answer('Not from here\nProposals are answered at the desk');
    await client.command('settings.change', {
      commandId: commandId(),
      changes: [{ path: 'telegram.approvals', value: true }],
      proof: desk.token,
    });
    telegram.says('123456');
    await answer('Nothing waits for a code');
    telegram.says(`/approve ${decisionId}`);
    expect((await answer('APPROVE this? Type the six digits within 60 s')).text).toContain(`${decisionId}: `);
    telegram.says('123456');
    await answer('Not done\nOne-time codes are not set up');
    const proof = desk.token;
    const { uri } = await client.command('live.setUpCode', { commandId: commandId(), code: null, proof });
    const secret = new URL(uri).searchParams.get('secret') ?? '';
    const step = Math.floor(Date.now() / STEP_MS);
    const confirming = { commandId: commandId(), code: codeAt(secret, step), proof };
    expect(await client.command('live.confirmCode', confirming)).toMatchObject({ kind: 'done' });
    const wrong = codeAt(secret, step + 50);
    let from = telegram.sent.length;
    telegram.says(`/approve ${decisionId}`);
    await answer('APPROVE this?', from);
    telegram.says(wrong);
    await answer('Not done\nThe code is wrong', from);
    // The wrong code used the question up: the right one alone does nothing.
    from = telegram.sent.length;
    telegram.says(codeAt(secret, step + 1));
    await answer('Nothing waits for a code', from);
    telegram.says(`/approve ${decisionId}`);
    await answer('APPROVE this?', from);
    telegram.says(codeAt(secret, step + 1));
    const told = await answer(`${decisionId}: `, from + 2);
    const { rows } = await client.query('journal.events', {
      kind: 'CommandAnswered',
      text: decisionId,
      beforeSeq: null,
      limit: 10,
    });
    expect(told.text).toMatch(/: (done|refused)/);
    expect(JSON.stringify(rows)).toContain('telegram');
    const answers = await client.query('journal.events', {
      kind: 'ProposalAnswered',
      text: `"${decisionId}"`,
      beforeSeq: null,
      limit: 10,
    });
    expect(answers.rows).toHaveLength(1);
    expect(JSON.stringify(answers.rows[0])).toContain('operator (telegram, phone @olga …2003)');
    from = telegram.sent.length;
    telegram.says(`/decline ${decisionId}`);
    await answer('Not there', from);
  });

  it('is pushed what is urgent and what must be acknowledged, and a button on the phone acknowledges it', async () => {
    let from = telegram.sent.length;
    await client.command('killSwitch.throw', { commandId: commandId(), verb: 'stopEntries', reason: 'from the desk' });
    expect((await answer('Kill switch: REDUCING', from)).text).toContain('from the desk');
    await release();
    from = telegram.sent.length;
    // Any program stands still for more than that: the next look at the machine trips a breaker that counts as critical here.
    await client.command('settings.change', {
      commandId: commandId(),
      changes: [
        { path: 'protection.severities.loopLag', value: 'critical' },
        { path: 'protection.maxLoopLagMs', value: 100 },
      ],
      proof: desk.token,
    });
    await client.command('desk.setSpeed', { commandId: commandId(), speed: 6_000 });
    const alert = await eventually(
      'the alert',
      () => telegram.sent.slice(from).find(({ text }) => text.startsWith('Breaker: loopLag')),
      40_000,
    );
    const [seen] = alert.reply_markup?.inline_keyboard[0] ?? [];
    expect(seen).toMatchObject({ text: 'Seen' });
    expect(telegram.sent.slice(from).filter(({ text }) => text.startsWith('Breaker: loopLag'))).toHaveLength(1);
    expect((await until('desk.status', ({ alerts }) => alerts.length > 0)).alerts[0]?.title).toBe('Breaker: loopLag');
    telegram.presses(seen?.callback_data ?? '', {}, STRANGER);
    telegram.presses(seen?.callback_data ?? '');
    await answer('Alert: done', from);
    await until('desk.status', ({ alerts }) => alerts.length === 0);
    const { rows } = await client.query('journal.events', { kind: 'AlertAcknowledged', text: '', beforeSeq: null, limit: 5 });
    expect(rows.map(({ summary }) => summary)).toEqual([expect.stringContaining('operator (telegram, phone @olga …2003)')]);
    await client.command('settings.change', {
      commandId: commandId(),
      changes: [{ path: 'protection.maxLoopLagMs', value: 60_000 }],
      proof: desk.token,
    });
    await client.command('desk.setSpeed', { commandId: commandId(), speed: 60 });
    await release();
  });

  it('tells of an intruder who reads with the same token, and of a token that is revoked, and stays a way in after both', async () => {
    const told = () => until('desk.notifications', (list) => list.length > 0);
    await telegram.intrude();
    await until('desk.notifications', (list) => list.some(({ title }) => title === 'Another program reads your phone bot'));
    await until('phone.view', ({ line }) => line === 'connected');
    telegram.revokeToken();
    telegram.mishap('getUpdates', {
      kind: 'answer',
      status: 401,
      body: '{"ok":false,"error_code":401,"description":"Unauthorized"}',
    });
    await until('phone.view', ({ line }) => line === 'refused');
    telegram.restoreToken();
    const urgent = (await told()).filter(({ title }) => title.includes('token is not accepted'));
    expect(urgent).toMatchObject([{ urgent: true }]);
    expect(JSON.stringify(await told())).not.toContain(TOKEN);
    // Stored anew, it is taken at once; who is paired stays so.
    await client.command('phone.storeToken', { commandId: commandId(), token: TOKEN });
    await until('phone.view', ({ line, paired }) => line === 'connected' && paired !== null);
    await client.command('settings.change', { commandId: commandId(), changes: [{ path: 'telegram.enabled', value: false }] });
    await until('phone.view', ({ line }) => line === 'off');
    await client.command('settings.change', { commandId: commandId(), changes: [{ path: 'telegram.enabled', value: true }] });
    await until('phone.view', ({ line, paired }) => line === 'connected' && paired !== null);
    const from = telegram.sent.length;
    telegram.says('/pause');
    await answer('Kill switch: REDUCING', from);
    await release();
  });

  it('is unpaired at the desk, and then the phone is a stranger; the token was written nowhere', async () => {
    await client.command('phone.unpair', { commandId: commandId() });
    await answer('This phone is unpaired');
    const { refused } = await view();
    telegram.says('/kill');
    await until('phone.view', (now) => now.refused === refused + 1);
    expect((await killState()).state).toBe('ACTIVE');
    const { rows } = await client.query('journal.events', {
      kind: 'SettingChanged',
      text: 'telegram',
      beforeSeq: null,
      limit: 20,
    });
    expect(rows.filter(({ summary }) => summary.includes('telegram.paired'))).toHaveLength(2);
    expect(await client.command('phone.forgetToken', { commandId: commandId() })).toMatchObject({ kind: 'done' });
    expect(await until('phone.view', ({ line }) => line === 'off')).toMatchObject({ hasToken: false });
    outputs.push(desk.output(), JSON.stringify(await view()), JSON.stringify(telegram.sent));
    const files = readdirSync(home, { recursive: true, encoding: 'utf8' })
      .map((name) => join(home, name))
      .filter((file) => statSync(file).isFile());
    const texts = [...outputs, ...files.map((file) => readFileSync(file, 'latin1'))];
    expect(files.some((file) => file.endsWith('strikedesk.log'))).toBe(true);
    expect(texts.filter((text) => text.includes(TOKEN.split(':')[1] ?? TOKEN))).toEqual([]);
  });
});
