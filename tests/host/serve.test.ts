import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openJournalReader } from '#adapters/journal/journal';
import type { ItemOf } from '#contract/contract';
import { type DeskProcess, signIn, startDesk } from '#support/deskProcess';
import { firstItem } from '#support/firstItem';
import type { Client } from '#wire/client';

let home = '';
let desk: DeskProcess;
let client: Client;

/** One strategy with two positions: the rest of the limits is the owner's to use. */
const ROOM = {
  STRIKEDESK_STRATEGIES: JSON.stringify({
    bull_put_spread: { maxPositions: 2 },
    bear_call_spread: { mode: 'off' },
    iron_condor: { mode: 'off' },
    cash_secured_put: { mode: 'off' },
    covered_call: { mode: 'off' },
  }),
};

beforeAll(async () => {
  // The window itself is another test's business; a page that is not built yet must not stop this one.
  if (!existsSync('out/renderer/index.html')) {
    mkdirSync('out/renderer', { recursive: true });
    writeFileSync('out/renderer/index.html', '<!doctype html><title>Strikedesk</title>');
  }
  home = mkdtempSync(join(tmpdir(), 'strikedesk-serve-'));
  desk = await startDesk(home, ['--seed', '7', '--speed', '3000'], ROOM);
  client = await signIn(desk.url, desk.token);
});

afterAll(async () => {
  await desk.kill('SIGTERM');
  rmSync(home, { recursive: true, force: true });
});

function get(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: Record<string, unknown> }> {
  const { port } = new URL(desk.url);
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('the server', () => {
  it('serves the window under a strict policy, to its own name only', async () => {
    const page = await get('/');
    expect(page.status).toBe(200);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(page.headers['x-content-type-options']).toBe('nosniff');
    expect((await get('/', { host: 'evil.example' })).status).toBe(403);
    expect((await get('/', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await get('/', { 'sec-fetch-site': 'none' })).status).toBe(200);
    expect((await get('/', {}, 'POST')).status).toBe(405);
  });

  it.each(['/../package.json', '/%2e%2e/package.json', '/..%2f..%2fpackage.json', '/%00', '/assets/', '/nothing.js', '/%zz'])(
    'gives nothing for %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  it('lets no socket in with a wrong token, a foreign origin or a foreign name', async () => {
    await expect(signIn(desk.url, 'wrong')).rejects.toThrow('closed 4401');
    await expect(signIn(desk.url, desk.token, { origin: 'http://evil.example' })).rejects.toThrow(/403|closed/);
    await expect(signIn(desk.url, desk.token, { origin: 'null' })).rejects.toThrow(/403|closed/);
    await expect(signIn(desk.url, desk.token, { 'sec-fetch-site': 'cross-site' })).rejects.toThrow(/403|closed/);
    await expect(signIn(desk.url, desk.token, { host: 'evil.example' })).rejects.toThrow(/403|closed/);
    await expect(bareSocket(desk.url)).rejects.toThrow('403');
  });

  it('prints a link that opens the desk once, without the token in it, and another one when it is told to', async () => {
    expect(desk.url).not.toContain(desk.token);
    const linked = await signIn(desk.url, codeIn(desk.url));
    expect((await linked.query('desk.about', {})).dataFolder).toBe(home);
    linked.close();
    await expect(signIn(desk.url, codeIn(desk.url))).rejects.toThrow('closed 4401');
    desk.child.kill('SIGUSR2');
    const another = await vi.waitFor(() => {
      const line: { url: string } = JSON.parse(desk.output().trim().split('\n')[1] ?? '');
      return line.url;
    });
    expect(codeIn(another)).not.toBe(codeIn(desk.url));
    (await signIn(another, codeIn(another))).close();
    await expect(signIn(another, codeIn(another))).rejects.toThrow('closed 4401');
  });

  it('gives a window a token of its session, by which its reload comes back as the same session', async () => {
    const first = await welcomeOf(desk.token);
    expect(first).toMatchObject({ kind: 'authenticated', role: 'owner' });
    expect([desk.token, desk.roles.operator, desk.roles.viewer]).not.toContain(first.token);
    expect(await welcomeOf(first.token)).toEqual(first);
    expect((await welcomeOf(desk.roles.viewer)).role).toBe('viewer');
  });

  it.each(['/?token=x', '/index.html?Token=x', '/wire?token=x', '/?a=1&access_token=x', '/?%74oken=x', '/%3Ftoken=x'])(
    'answers 400 to a token in the address %s',
    async (path) => {
      expect((await get(path)).status).toBe(400);
    },
  );

  it('serves a plain question as it did, and says why a token is not taken there', async () => {
    expect((await get('/?theme=dark')).status).toBe(200);
    const refused = await fetch(new URL('/?token=x', desk.url));
    expect(await refused.text()).toMatch(/^A token does not belong in an address/);
    const socket = new WebSocket(`${new URL(desk.url).origin.replace('http', 'ws')}/wire?token=${desk.token}`, {
      origin: new URL(desk.url).origin,
    });
    await expect(once(socket, 'open')).rejects.toThrow('400');
  });

  it('gives a viewer eyes and no hands', async () => {
    const viewer = await signIn(desk.url, desk.roles.viewer);
    await firstItem(viewer, 'desk.status', {}, () => true);
    await expect(viewer.command('desk.scanNow', { commandId: 'viewer-0001' })).rejects.toMatchObject({ code: 'forbidden' });
    viewer.close();
  });
});

const codeIn = (url: string): string => new URLSearchParams(new URL(url).hash.slice(1)).get('token') ?? '';

/** What the server says to a token. */
function welcomeOf(token: string): Promise<{ kind: string; role: string; token: string }> {
  const socket = new WebSocket(`${new URL(desk.url).origin.replace('http', 'ws')}/wire`, { origin: new URL(desk.url).origin });
  return new Promise((resolve, reject) => {
    socket.on('open', () => socket.send(JSON.stringify({ kind: 'authenticate', token })));
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`closed ${code}`)));
    socket.once('message', (data) => {
      resolve(JSON.parse(String(data)));
      socket.close();
    });
  });
}

/** A socket as a program opens it that is no browser: without an Origin. */
function bareSocket(url: string): Promise<void> {
  const socket = new WebSocket(`${new URL(url).origin.replace('http', 'ws')}/wire`);
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve());
    socket.on('error', reject);
  });
}

/** The first put spread below the market that the gate would let through at its natural price. */
async function sendableSpread(rows: ItemOf<'chain.underlyings'>) {
  for (const { underlying, expirations, last } of rows) {
    const expiration = expirations.find(({ daysToExpiration }) => daysToExpiration >= 25)?.date ?? '';
    const chain = await firstItem(client, 'chain.view', { underlying, expiration }, ({ rows: strikes }) => strikes.length > 10);
    const puts = chain.rows.flatMap(({ strike, put }) => (put && strike < (last ?? 0) * 0.97 ? [{ ...put, strike }] : []));
    const [long, short] = puts.slice(-2);
    if (!short || !long) continue;
    const legs = [
      { symbol: short.symbol, ratio: -1 },
      { symbol: long.symbol, ratio: 1 },
    ];
    const natural = (await client.query('order.preview', { legs, contracts: 1, netLimit: null })).naturalCredit ?? 0;
    const limit = Math.floor(natural * 100 + 1e-6) / 100;
    const preview = await client.query('order.preview', { legs, contracts: 1, netLimit: limit });
    if (!preview.wouldPass) continue;
    const why = await client.query('chain.whyNot', { symbol: short.symbol });
    return { legs, limit, preview, why, width: short.strike - long.strike };
  }
  throw new Error('the gate lets no put spread through');
}

describe('a day at the desk', () => {
  it('trades, explains, obeys, survives SIGKILL and shows the same state', { timeout: 50_000 }, async () => {
    await firstItem(client, 'positions.list', {}, ({ positions }) => positions.length >= 1);
    await client.command('desk.setSpeed', { commandId: 'story-slow-1', speed: 60 });

    const rows = await firstItem(client, 'chain.underlyings', {}, (list) => list.length > 0);
    const spread = await sendableSpread(rows.filter(({ positions, last }) => positions === 0 && (last ?? 0) > 100));
    expect(spread.why.strategies.length).toBeGreaterThanOrEqual(1);
    expect(spread.why.strategies.some(({ gates }) => gates.some(({ value, limit }) => value !== null && limit !== null))).toBe(
      true,
    );
    const { preview } = spread;
    expect(preview.structure).toBe('bullPutSpread');
    expect((preview.maxProfit ?? 0) + (preview.maxLoss ?? 0)).toBe(spread.width * 100 * 100);
    expect(preview.breakevens).toHaveLength(1);
    const press = { commandId: 'story-open-1', legs: spread.legs, contracts: 1, netLimit: spread.limit, note: 'by hand' };
    const [first, second] = await Promise.all([client.command('order.open', press), client.command('order.open', press)]);
    expect(first, first.message).toMatchObject({ kind: 'done' });
    expect(second).toEqual({
      ...first,
      message: `This press was answered before: nothing new was sent. ${first.message}`,
      repeated: true,
    });
    const sent = await firstItem(client, 'orders.list', {}, (orders) => orders.some(({ strategyId }) => strategyId === 'manual'));
    expect(sent.filter(({ strategyId }) => strategyId === 'manual')).toHaveLength(1);

    const thrown = await client.command('killSwitch.throw', { commandId: 'story-kill-1', verb: 'stopEntries', reason: 'story' });
    expect(thrown.kind).toBe('done');
    const again = await client.command('order.open', { ...press, commandId: 'story-open-2' });
    expect(again.kind).toBe('refused');
    const note = await client.command('settings.change', {
      commandId: 'story-setting-1',
      changes: [{ path: 'risk.maxPositions', value: 18 }],
    });
    expect(note).toMatchObject({ kind: 'done', message: 'The setting is changed.' });
    const dog = await client.command('settings.change', {
      commandId: 'story-setting-3',
      changes: [{ path: 'watchdog.persistMinutes', value: 31 }],
    });
    expect(dog).toMatchObject({ kind: 'done', message: 'The setting is changed; it takes effect at the next start.' });
    const wrong = await client.command('settings.change', {
      commandId: 'story-setting-2',
      changes: [{ path: 'scanner.intervalSeconds', value: 1 }],
    });
    expect(wrong).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('scanner.intervalSeconds'),
    });

    // Everything at rest: no order works, and the account was looked at since.
    await firstItem(client, 'desk.status', {}, ({ counts }) => counts.workingOrders === 0);
    const looks = await firstItem(client, 'journal.summary', {}, () => true);
    await firstItem(client, 'journal.summary', {}, ({ equity }) => equity.length > looks.equity.length + 1);
    await client.command('desk.setSpeed', { commandId: 'story-slow-2', speed: 0.1 });
    const before = await firstItem(client, 'positions.list', {}, () => true);
    const equityBefore = (await firstItem(client, 'desk.status', {}, () => true)).account.cash;
    await desk.kill('SIGKILL');
    desk = await startDesk(home, ['--speed', '1'], ROOM);
    client = await signIn(desk.url, desk.token);
    const status = await firstItem(client, 'desk.status', {}, ({ account }) => account.cash !== null);
    expect(status.kill.state).toBe('REDUCING');
    expect(status.account.cash).toBe(equityBefore);
    const after = await firstItem(client, 'positions.list', {}, () => true);
    const held = ({ positions }: typeof after): string[] =>
      positions.map(({ position }) => `${position.positionId} ${position.units}`);
    expect(held(after)).toEqual(held(before));
    expect(after.loose).toEqual([]);
    expect(await client.query('journal.verify', {})).toMatchObject({ ok: true });
    const changed = await client.query('journal.events', {
      kind: 'SettingChanged',
      text: 'maxPositions',
      beforeSeq: null,
      limit: 5,
    });
    expect(changed.rows[0]?.summary).toContain('risk.maxPositions changed from 20 to 18');

    const said = execFileSync(process.execPath, ['src-main/app/kill.ts', 'freeze', '--reason', 'from outside', '--json'], {
      env: { ...process.env, STRIKEDESK_HOME: home },
      encoding: 'utf8',
    });
    expect(JSON.parse(said)).toMatchObject({ state: 'HALTED', engineRunning: true });
    await firstItem(client, 'desk.status', {}, ({ kill }) => kill.state === 'HALTED');
    const history = await client.query('killSwitch.history', {});
    expect(history[0]).toMatchObject({ to: 'HALTED', reason: 'from outside', by: 'command line' });
  });
});

describe('a switch thrown while nothing ran', () => {
  it('is what the next start begins with, journalled as what it was', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strikedesk-killed-'));
    const first = await startDesk(folder, ['--speed', '600']);
    await first.kill('SIGKILL');
    execFileSync(process.execPath, ['src-main/app/kill.ts', 'stop-entries', '--reason', 'before breakfast'], {
      env: { ...process.env, STRIKEDESK_HOME: folder },
    });
    const second = await startDesk(folder, ['--speed', '600']);
    const owner = await signIn(second.url, second.token);
    const status = await firstItem(owner, 'desk.status', {}, () => true);
    expect(status.kill).toMatchObject({ state: 'REDUCING', reason: 'before breakfast', by: 'command line' });
    expect(status.entries.open).toBe(false);
    expect((await owner.query('killSwitch.history', {}))[0]).toMatchObject({
      from: 'ACTIVE',
      to: 'REDUCING',
      by: 'command line',
    });
    const press = async (): Promise<string> =>
      (await owner.command('killSwitch.beginRelease', { commandId: `press-${Math.floor(performance.now())}` })).ids[0] ?? '';
    const release = (commandId: string, nonce: string) =>
      owner.command('killSwitch.release', { commandId, word: 'RESUME', nonce, reason: 'awake now', proof: second.token });
    const early = await press();
    expect(await release('story-early', early)).toMatchObject({ kind: 'refused', message: expect.stringMatching(/^Hold the/) });
    await pause(3_000);
    // The nonce of a press that was let go is worth nothing.
    expect(await release('story-again', early)).toMatchObject({ kind: 'refused' });
    // A session alone releases nothing, nor does another role's token.
    for (const proof of [undefined, '', second.roles.operator])
      expect(
        await owner.command('killSwitch.release', {
          commandId: `story-proof-${proof?.length ?? 'none'}`,
          word: 'RESUME',
          nonce: await press(),
          reason: 'awake now',
          ...(proof === undefined ? {} : { proof }),
        }),
      ).toMatchObject({ kind: 'refused', ids: ['proof'] });
    const nonce = await press();
    await pause(3_000);
    expect(await release('story-release', nonce)).toMatchObject({ kind: 'done' });
    await firstItem(owner, 'desk.status', {}, ({ kill }) => kill.state === 'ACTIVE');
    owner.close();
    await second.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('what may stop the engine by itself', () => {
  it('stands in one table with its figures, its limits and their settings', async () => {
    const view = await new Promise<ItemOf<'protection.view'>>((resolve) => {
      client.feed('protection.view', {}, (item) => {
        if (item.triggers.some(({ trigger, value }) => trigger === 'diskSpace' && value !== null)) resolve(item);
      });
    });
    const { triggers } = view;
    expect(triggers.map(({ trigger }) => trigger)).toEqual(
      expect.arrayContaining(['dailyLoss', 'drift', 'clockSkew', 'journalWrite']),
    );
    expect(triggers.find(({ trigger }) => trigger === 'diskSpace')).toMatchObject({
      severity: 'high',
      isTripped: false,
      limit: 500,
    });
    const settings = await new Promise<ItemOf<'settings.view'>>((resolve) => client.feed('settings.view', {}, resolve));
    for (const { setting } of triggers.filter(({ isChosen }) => isChosen)) {
      const value = setting.split('.').reduce<unknown>((at, name) => Object(at)[name], settings.values);
      // What has no limit but 'any' can only be told how bad it is.
      expect(value, setting).toBeTypeOf(setting.startsWith('protection.severities.') ? 'string' : 'number');
    }
    const watchdog = await new Promise<ItemOf<'watchdog.view'>>((resolve) => client.feed('watchdog.view', {}, resolve));
    expect(watchdog).toMatchObject({ phase: 'off', why: expect.stringContaining('embedded exchange') });
    const safety = await new Promise<ItemOf<'safety.view'>>((resolve) => client.feed('safety.view', {}, resolve));
    const stateOf = (number: number) => safety.controls.find((control) => control.number === number)?.state;
    expect(safety.controls).toHaveLength(42);
    // Asked of each order; part of the program; seen in force; none here.
    expect([2, 17, 33, 34].map(stateOf)).toEqual(['asked', 'builtIn', 'holding', 'off']);
    expect(safety).toMatchObject({ lookedBackTo: null, notAudited: [], testsRun: { ok: null } });
    expect(safety.battery.green).toBe(false);
    expect(safety.controls.flatMap(({ proofs }) => proofs).filter(({ ok }) => ok !== null)).toEqual([]);
  });
});

describe('a limit in a browser', () => {
  it('is made tighter by the session, and looser only by the owner’s token once more', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strikedesk-proof-'));
    const served = await startDesk(folder, ['--seed', '7']);
    try {
      const owner = await signIn(served.url, served.token);
      let acts = 0;
      const positions = (value: number, proof?: string) => {
        acts += 1;
        const changes = [{ path: 'risk.maxPositions', value }];
        return owner.command('settings.change', { commandId: `proof-story-${acts}`, changes, ...(proof ? { proof } : {}) });
      };
      const condor = (maxPositions: number, proof?: string) => {
        acts += 1;
        return owner.command('strategy.configure', {
          commandId: `proof-story-${acts}`,
          strategyId: 'iron_condor',
          profile: 'moderate',
          maxPositions,
          maxRiskFraction: 0.05,
          overrides: {},
          ...(proof ? { proof } : {}),
        });
      };
      expect(await positions(7)).toMatchObject({ kind: 'done' });
      expect(await positions(8)).toMatchObject({
        kind: 'refused',
        ids: ['proof'],
        message: expect.stringMatching(/^From a browser/),
      });
      expect(await condor(99)).toMatchObject({ kind: 'refused', ids: ['proof'] });
      expect(await condor(99, served.token)).toMatchObject({ kind: 'done' });
      const reset = { commandId: 'proof-story-reset', breaker: 'dailyLoss', reason: 'story' };
      expect(await owner.command('breaker.reset', reset)).toMatchObject({ kind: 'refused', ids: ['proof'] });
      const mode = { commandId: 'proof-story-mode1', strategyId: 'iron_condor' };
      expect(await owner.command('strategy.setMode', { ...mode, mode: 'off' })).toMatchObject({ kind: 'done' });
      const freer = { ...mode, commandId: 'proof-story-mode2', mode: 'approve' } as const;
      expect(await owner.command('strategy.setMode', freer)).toMatchObject({ kind: 'refused', ids: ['proof'] });
      expect(await owner.command('strategy.setMode', { ...freer, proof: served.token })).toMatchObject({ kind: 'done' });
      const trust = { commandId: 'proof-story-trust', strategyId: 'iron_condor', reason: 'story' };
      expect(await owner.command('strategy.setTrust', { ...trust, rung: 'observe' })).toMatchObject({ kind: 'done' });
      expect(
        await owner.command('strategy.setTrust', { ...trust, commandId: 'proof-story-trust2', rung: 'propose' }),
      ).toMatchObject({ kind: 'refused', ids: ['proof'] });
      const symbol = { commandId: 'proof-story-pause1', underlying: 'KO' };
      expect(await owner.command('symbol.pause', { ...symbol, paused: true })).toMatchObject({ kind: 'done' });
      expect(await owner.command('symbol.pause', { ...symbol, commandId: 'proof-story-pause2', paused: false })).toMatchObject({
        kind: 'refused',
        ids: ['proof'],
      });
      for (let turn = 0; turn < 4; turn++)
        expect(await positions(8, 'wrong')).toMatchObject({ kind: 'refused', message: expect.stringMatching(/not the owner’s/) });
      expect(await positions(8, served.token)).toMatchObject({ kind: 'done' });
      for (let turn = 0; turn < 5; turn++) await positions(9, 'wrong');
      // The fifth shut the door: for the right one too, and for whoever wants to sign in.
      expect(await positions(9, served.token)).toMatchObject({
        kind: 'refused',
        message: expect.stringMatching(/^There were too/),
      });
      await expect(signIn(served.url, served.token)).rejects.toThrow('closed 4401');
      const { rows } = await owner.query('journal.events', {
        kind: 'SettingChanged',
        text: 'maxPositions',
        beforeSeq: null,
        limit: 9,
      });
      expect(rows.filter(({ summary }) => summary.includes('risk.maxPositions')).map(({ summary }) => summary)).toEqual([
        expect.stringContaining('from 7 to 8'),
        expect.stringContaining('from 20 to 7'),
      ]);
      expect(await positions(3)).toMatchObject({ kind: 'done' });
      owner.close();
    } finally {
      await served.kill('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('wrong tokens', () => {
  it('five lock sign-in for everybody, the owner too, and leave alone who is signed in', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strikedesk-lock-'));
    const locked = await startDesk(folder, ['--seed', '7']);
    try {
      const inside = await signIn(locked.url, locked.token);
      for (let turn = 0; turn < 5; turn++) await expect(signIn(locked.url, 'wrong')).rejects.toThrow('closed 4401');
      await expect(signIn(locked.url, locked.token)).rejects.toThrow('closed 4401');
      expect((await inside.query('desk.about', {})).dataFolder).toBe(folder);
      const outcome = await inside.command('strategy.setMode', {
        commandId: 'lock-story-0001',
        strategyId: 'iron_condor',
        mode: 'off',
      });
      expect(outcome.kind).toBe('done');
      const { rows } = await inside.query('journal.events', {
        kind: 'StrategyModeChanged',
        text: null,
        beforeSeq: null,
        limit: 1,
      });
      expect(JSON.stringify(rows)).toMatch(/owner \(browser, session [0-9a-f]{8}\)/);
      inside.close();
    } finally {
      await locked.kill('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('a restart opens nothing: the new token is refused until the lock is over', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strikedesk-lock-'));
    try {
      const first = await startDesk(folder, ['--seed', '7']);
      for (let turn = 0; turn < 5; turn++) await expect(signIn(first.url, 'wrong')).rejects.toThrow('closed 4401');
      await first.kill('SIGKILL');
      const second = await startDesk(folder, []);
      await expect(signIn(second.url, second.token)).rejects.toThrow('closed 4401');
      await second.kill('SIGTERM');
      const journal = openJournalReader(join(folder, 'journal.db'));
      const { rows } = journal.reader.events({ kinds: ['WrongCodeCounted'], text: null, beforeSeq: null, limit: 20 });
      journal.close();
      expect(rows).toHaveLength(5);
      expect(rows[0]?.fact).toMatchObject({ door: 'webSignIn', wrong: 5, lockedUntil: expect.any(Number) });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('an operator stops, and may not loosen', { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strikedesk-operator-'));
    const served = await startDesk(folder, ['--seed', '7']);
    try {
      const operator = await signIn(served.url, served.roles.operator);
      const mode = (mode: 'auto' | 'off', n: number) =>
        operator.command('strategy.setMode', { commandId: `operator-00${n}`, strategyId: 'iron_condor', mode });
      const pause = (paused: boolean, n: number) =>
        operator.command('symbol.pause', { commandId: `operator-01${n}`, underlying: 'KO', paused });
      expect((await mode('off', 1)).kind).toBe('done');
      expect(await mode('auto', 2)).toMatchObject({
        kind: 'refused',
        message: 'Only the owner may give a strategy more freedom.',
      });
      expect((await pause(true, 1)).kind).toBe('done');
      expect((await pause(false, 2)).kind).toBe('refused');
      operator.close();
    } finally {
      await served.kill('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
