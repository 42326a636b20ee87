import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openJournal, openJournalReader } from '#adapters/journal/journal';
import { openSealedFile } from '#adapters/secrets/sealedFile';
import { BUILD } from '#app/build';
import { NEEDED } from '#app/desk/batteryVerdict';
import type { SettingsView } from '#contract/settings';
import { civilDate } from '#domain/market/calendar';
import { cents, instant, isoDate } from '#domain/units';
import { createAlpacaServer } from '#exchange/alpaca/server';
import { createExchange } from '#exchange/embeddedExchange';
import { codeAt } from '#host/live/totp';
import { signIn, startDesk } from '#support/deskProcess';
import { paperTrade } from '#support/paperTrade';
import type { Client } from '#wire/client';

const KEY = { keyId: 'AKLIVE00000001', secret: 'live-secret-77aa', controlToken: 'control' };
const ACCOUNT = '512345678';
const PASSPHRASE = 'a passphrase of a story';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'strikedesk-live-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function liveServer(accountNumber = ACCOUNT) {
  const settings = { market: { historySessions: 40 }, clearing: { accountNumber } };
  const exchange = createExchange({ seed: 7, start: isoDate('2026-01-05'), settings });
  const server = await createAlpacaServer({ exchange, ...KEY, port: 0 });
  setAddresses(server.url);
  return { server, exchange };
}

/** As the owner set them in the window before there was real money: a variable alone changes no address with it. */
function setAddresses(url: string): void {
  const journal = openJournal(join(home, 'journal.db'), { create: true });
  const rows = ['broker.tradingUrl', 'broker.dataUrl'].map((path) => ({
    at: instant(Date.UTC(2026, 0, 4)),
    fact: { kind: 'SettingChanged', path, oldValue: '""', newValue: JSON.stringify(url), by: 'owner' } as const,
  }));
  journal.writer.append(rows, { durable: false });
  journal.close();
}

const environmentFor = (url: string) => ({
  STRIKEDESK_BROKER_VENUE: 'alpaca-live',
  STRIKEDESK_BROKER_TRADING_URL: url,
  STRIKEDESK_BROKER_DATA_URL: url,
  STRIKEDESK_SECRETS: 'sealed-file',
  STRIKEDESK_PASSPHRASE: PASSPHRASE,
});

async function storeLiveKey(keyId = KEY.keyId): Promise<void> {
  mkdirSync(home, { recursive: true });
  const store = await openSealedFile(join(home, 'secrets.sealed'), PASSPHRASE);
  await store.store('alpaca-live', { keyId, secret: KEY.secret });
  writeFileSync(join(home, 'secrets.backend'), 'sealedFile\n');
}

/** A journal with 120 days on paper that went well. */
function writePaperRecord(): void {
  const journal = openJournal(join(home, 'journal.db'), { create: true });
  const trades = Array.from({ length: 120 }, (_, n) => paperTrade(n, n % 4 === 3 ? -10_000 : 6_000));
  const session = {
    kind: 'SessionStarted',
    mode: 'paper',
    account: 'PA7REAL00001',
    build: 'strikedesk before',
    configHash: '0',
    schemaVersion: 1,
    startCash: null,
    detail: 'alpaca',
  } as const;
  journal.writer.append([{ at: instant(Date.UTC(2026, 0, 5)), fact: session }], { durable: false });
  for (const [n, trade] of trades.entries()) {
    const equity = cents(10_000_000 + n * 2_000);
    const day = {
      kind: 'DayClosed',
      date: civilDate(trade.exitedAt),
      equity,
      cash: equity,
      realised: cents(0),
      orders: 4,
    } as const;
    const closed = { kind: 'PositionClosed', positionId: trade.positionId, trade } as const;
    journal.writer.append(
      [closed, day].map((fact) => ({ at: trade.exitedAt, fact })),
      { durable: false },
    );
  }
  journal.close();
}

function writeBatteryEvidence(build: string): void {
  const entries = Object.fromEntries(NEEDED.map((command) => [command, { at: 0, ok: true, result: {} }]));
  writeFileSync(join(home, 'battery-evidence.json'), JSON.stringify({ build, entries }));
}

/** Why nothing may be opened, as the window shows it. */
function blockedBy(client: Client): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const stop = client.feed('desk.status', {}, (item) => {
      setTimeout(() => stop());
      resolve(item.entries.blockedBy);
    });
  });
}

/** The settings as the window has them, once they are as asked. */
function settingsOnce(client: Client, isWanted: (view: SettingsView) => boolean): Promise<SettingsView> {
  return new Promise((resolve) => {
    const stop = client.feed('settings.view', {}, (view) => {
      if (!isWanted(view)) return;
      setTimeout(() => stop());
      resolve(view);
    });
  });
}

describe('the desk with real money', () => {
  it('starts locked, is armed by evidence, code, account number and ceiling, and puts every step on record', {
    timeout: 90_000,
  }, async () => {
    const { server } = await liveServer();
    await storeLiveKey();
    writePaperRecord();
    writeBatteryEvidence(BUILD);
    const desk = await startDesk(home, [], environmentFor(server.url));
    try {
      const client = await signIn(desk.url, desk.token);
      const before = await client.query('live.view', {});
      expect(before).toMatchObject({ isLive: true, account: ACCOUNT, code: 'none', arming: null });
      expect(before.criteria.filter(({ passed }) => !passed)).toEqual([]);
      expect(await blockedBy(client)).toContain('live trading is not armed');

      const wish = { account: ACCOUNT, ceilingDollars: 2_000 };
      expect(await client.command('live.arm', { commandId: 'live-arm-0001', ...wish, code: '000000' })).toMatchObject({
        kind: 'refused',
        message: 'One-time codes are not confirmed.',
      });
      // A session alone makes no code that would then prove its owner.
      const alone = await client.command('live.setUpCode', { commandId: 'live-code-0000', code: null });
      expect(alone).toMatchObject({ kind: 'refused', ids: ['proof'], uri: '', qrSvg: '' });
      const PROOF = { proof: desk.token };
      const drawn = await client.command('live.setUpCode', { commandId: 'live-code-0001', code: null, ...PROOF });
      const secret = new URL(drawn.uri).searchParams.get('secret') ?? '';
      expect(drawn.qrSvg).toMatch(/^<svg /);
      const present = (): number => Math.floor(Date.now() / 30_000);
      const first = codeAt(secret, present());
      const confirming = { commandId: 'live-code-0002', code: first };
      expect(await client.command('live.confirmCode', confirming)).toMatchObject({ kind: 'refused', ids: ['proof'] });
      expect(await client.command('live.confirmCode', { ...confirming, ...PROOF })).toMatchObject({ kind: 'done' });
      const next = codeAt(secret, present() + 1);
      const other = { ...wish, account: '512345679' };
      expect(await client.command('live.arm', { commandId: 'live-arm-0002', ...other, code: next })).toMatchObject({
        kind: 'refused',
      });
      expect(await client.command('live.arm', { commandId: 'live-arm-0003', ...wish, code: first })).toMatchObject({
        kind: 'refused',
        message: 'The code is wrong, too old, or was used before.',
      });
      expect(await client.command('live.arm', { commandId: 'live-arm-0004', ...wish, code: next })).toMatchObject({
        kind: 'done',
      });
      expect((await client.query('live.view', {})).arming).toMatchObject({ ceilingDollars: 2_000 });
      expect(await blockedBy(client)).not.toContain('live trading is not armed');
      const stopped = await signIn(desk.url, desk.roles.operator);
      expect(await stopped.command('live.disarm', { commandId: 'live-off-0001', reason: 'story' })).toMatchObject({
        kind: 'done',
      });
      stopped.close();
      client.close();
      expect(desk.output()).not.toContain(secret);
    } finally {
      await desk.kill('SIGTERM');
      await server.close();
    }
    const journal = openJournalReader(join(home, 'journal.db'));
    const kinds = ['LiveStepTaken', 'LiveArmed', 'LiveDisarmed'];
    const steps = journal.reader.events({ kinds, text: null, beforeSeq: null, limit: 20 }).rows;
    journal.close();
    expect([...steps].reverse().map(({ fact }) => (fact.kind === 'LiveStepTaken' ? fact.step : fact.kind))).toEqual([
      'armingRefused',
      'codeSetUp',
      'codeConfirmed',
      'armingRefused',
      'armingRefused',
      'LiveArmed',
      'LiveDisarmed',
    ]);
  });

  it('is not armed with the evidence of another build, and shows which criterion is missing', { timeout: 60_000 }, async () => {
    const { server } = await liveServer();
    await storeLiveKey();
    writePaperRecord();
    writeBatteryEvidence('strikedesk of yesterday');
    const desk = await startDesk(home, [], environmentFor(server.url));
    try {
      const client = await signIn(desk.url, desk.token);
      const { criteria } = await client.query('live.view', {});
      expect(criteria.filter(({ passed }) => !passed)).toMatchObject([{ gate: 'battery' }]);
      const wish = { commandId: 'live-arm-0001', account: ACCOUNT, ceilingDollars: 2_000, code: '000000' };
      expect(await client.command('live.arm', wish)).toMatchObject({ kind: 'refused', reasons: [{ gate: 'battery' }] });
      client.close();
    } finally {
      await desk.kill('SIGTERM');
      await server.close();
    }
  });

  it('follows an edit of the settings file that tightens, and leaves one that loosens to the window', {
    timeout: 120_000,
  }, async () => {
    const { server } = await liveServer();
    await storeLiveKey();
    const write = (risk: object): void => writeFileSync(join(home, 'settings.jsonc'), JSON.stringify({ risk }));
    write({ maxPositions: 5 });
    let desk = await startDesk(home, [], environmentFor(server.url));
    try {
      await (await signIn(desk.url, desk.token)).query('live.view', {});
      await desk.kill('SIGTERM');
      write({ maxPositions: 30, maxPositionsPerSector: 3 });
      desk = await startDesk(home, [], environmentFor(server.url));
      const client = await signIn(desk.url, desk.token);
      const view = await settingsOnce(client, () => true);
      expect(view.values).toMatchObject({ risk: { maxPositions: 5, maxPositionsPerSector: 3 } });
      const sentence = expect.stringContaining('risk.maxPositions: 30 (settings.jsonc) could let more risk through than 5');
      expect(view.problems).toEqual([{ path: 'risk.maxPositions', message: sentence }]);
      expect(view.tighter).toMatchObject({ 'risk.maxPositions': 'less is tighter' });
      const rows = async (kind: string): Promise<string[]> =>
        (await client.query('journal.events', { kind, text: 'maxPositions', beforeSeq: null, limit: 9 })).rows.map(
          ({ summary }) => summary,
        );
      await vi.waitFor(
        async () =>
          expect(await rows('SettingChanged')).toEqual([
            'risk.maxPositionsPerSector changed from 5 to 3 by file edited by hand, variable taken away or a new default, while stopped',
            'risk.maxPositions changed from 20 to 5 by file edited by hand, variable taken away or a new default, first on record',
          ]),
        10_000,
      );
      expect(await rows('SettingHeldBack')).toEqual([
        'risk.maxPositions stays at 5: 30 from settings.jsonc could let more risk through, with real money',
      ]);

      // A row before the session's start would hide for how long no engine ran.
      const newest = async (kind: string): Promise<number> =>
        (await client.query('journal.events', { kind, text: null, beforeSeq: null, limit: 1 })).rows[0]?.seq ?? 0;
      expect(await newest('SettingChanged')).toBeGreaterThan(await newest('SessionStarted'));

      // While it runs: down at once, up not at all.
      write({ maxPositions: 2 });
      const tighter = await settingsOnce(client, ({ values }) => JSON.stringify(values).includes('"maxPositions":2,'));
      expect(tighter.values).toMatchObject({ risk: { maxPositions: 2, maxPositionsPerSector: 3 } });
      expect(tighter.problems.map(({ path }) => path)).toEqual(['risk.maxPositionsPerSector']);
      const told = await new Promise<readonly string[]>((resolve) => {
        const stop = client.feed('desk.notifications', {}, (notices) => {
          setTimeout(() => stop());
          resolve(notices.filter(({ title }) => title === 'A looser limit does not take force').map(({ body }) => body));
        });
      });
      expect(told.map((body) => body.split(' could')[0])).toEqual([
        'risk.maxPositionsPerSector: 5 (the default)',
        'risk.maxPositions: 30 (settings.jsonc)',
      ]);

      // In the window, with nothing held: the owner's word.
      const wish = { commandId: 'live-loosen-01', changes: [{ path: 'risk.maxPositions', value: 6 }] };
      expect(await client.command('settings.change', wish)).toMatchObject({ kind: 'refused', ids: ['proof'] });
      expect(await client.command('settings.change', { ...wish, proof: desk.token })).toMatchObject({ kind: 'done' });
      await desk.kill('SIGTERM');
      desk = await startDesk(home, [], environmentFor(server.url));
      const after = await settingsOnce(await signIn(desk.url, desk.token), () => true);
      expect(after.values).toMatchObject({ risk: { maxPositions: 6, maxPositionsPerSector: 3 } });
      expect(after.problems).toEqual([]);
    } finally {
      await desk.kill('SIGKILL');
      await server.close();
    }
  });

  it('does not start when key or account are not live', { timeout: 60_000 }, async () => {
    const { server } = await liveServer('PA3SIM000001');
    try {
      await storeLiveKey();
      await expect(startDesk(home, [], environmentFor(server.url))).rejects.toThrow(/is a paper account but the venue is live/);
      await storeLiveKey('PK00000000001');
      await expect(startDesk(home, [], environmentFor(server.url))).rejects.toThrow(/is a paper key/);
      await storeLiveKey('XX00000000001');
      await expect(startDesk(home, [], environmentFor(server.url))).rejects.toThrow(/does not begin with AK/);
      await expect(startDesk(home, [], environmentFor('https://paper-api.alpaca.markets'))).rejects.toThrow(
        /Not started.*broker\.(tradingUrl|dataUrl) .* is in force with real money/,
      );
      setAddresses('');
      await storeLiveKey();
      await expect(startDesk(home, [], environmentFor(server.url))).rejects.toThrow(/Not started.*broker\.(tradingUrl|dataUrl)/);
      setAddresses(server.url);
      const plain = { ...environmentFor(server.url), STRIKEDESK_SECRETS: 'environment' };
      await expect(startDesk(home, [], plain)).rejects.toThrow(/sealedFile|There is no alpaca-live key/);
    } finally {
      await server.close();
    }
  });
});
