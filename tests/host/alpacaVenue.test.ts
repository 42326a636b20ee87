import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChainView, UnderlyingRow } from '#contract/chain';
import type { DeskStatus } from '#contract/desk';
import { isoDate } from '#domain/units';
import { createAlpacaServer } from '#exchange/alpaca/server';
import { createExchange } from '#exchange/embeddedExchange';
import { signIn, startDesk } from '#support/deskProcess';

const KEY = { keyId: 'PKSIMULATED', secret: 'canary-secret-51b7', controlToken: 'control' };

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'strikedesk-alpaca-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const environmentFor = (url: string, keyId = KEY.keyId) => ({
  STRIKEDESK_BROKER_VENUE: 'alpaca-paper',
  STRIKEDESK_BROKER_TRADING_URL: url,
  STRIKEDESK_BROKER_DATA_URL: url,
  STRIKEDESK_ALPACA_KEY_ID: keyId,
  STRIKEDESK_ALPACA_SECRET: KEY.secret,
});

describe('the desk on Alpaca’s protocol', () => {
  it('connects, takes the account’s snapshot, and never writes the secret anywhere', { timeout: 60_000 }, async () => {
    const exchange = createExchange({ seed: 7, start: isoDate('2026-01-05'), settings: { market: { historySessions: 40 } } });
    const server = await createAlpacaServer({ exchange, ...KEY, port: 0 });
    const desk = await startDesk(home, [], environmentFor(server.url));
    try {
      const client = await signIn(desk.url, desk.token);
      const status = await new Promise<DeskStatus>((resolve) => {
        client.feed('desk.status', {}, (item) => {
          if (
            item.account.cash !== null &&
            item.connections.some(({ channel, state }) => channel === 'updates' && state === 'connected')
          )
            resolve(item);
        });
      });
      expect(status).toMatchObject({
        mode: 'paper',
        venue: 'Alpaca paper',
        account: { number: 'PA3SIM000001', cash: 10_000_000 },
      });
      expect(status.clock.speed).toBe(1);
      expect(await client.command('desk.setSpeed', { commandId: 'story-0001', speed: 60 })).toMatchObject({ kind: 'refused' });
      const keys = await client.query('credentials.view', {});
      expect(keys).toMatchObject({ backend: 'environment', stored: [{ name: 'alpaca-paper', keyIdEnding: 'ATED' }] });
      expect(JSON.stringify(keys)).not.toContain(KEY.secret);
      client.close();
    } finally {
      await desk.kill('SIGTERM');
      await server.close();
    }
    const written = [
      desk.output(),
      readFileSync(join(home, 'strikedesk.log'), 'utf8'),
      readFileSync(join(home, 'journal.db'), 'latin1'),
    ];
    for (const text of written) expect(text).not.toContain(KEY.secret);
  });

  it('shows every listed expiration and the whole chain of it, without the engine having asked', {
    timeout: 60_000,
  }, async () => {
    const exchange = createExchange({ seed: 7, start: isoDate('2026-01-05'), settings: { market: { historySessions: 40 } } });
    const server = await createAlpacaServer({ exchange, ...KEY, port: 0 });
    const desk = await startDesk(home, [], environmentFor(server.url));
    try {
      const client = await signIn(desk.url, desk.token);
      const listed = exchange.market.contracts({ underlyings: ['KO'] });
      const dates = [...new Set(listed.map(({ expiration }) => expiration))].sort();
      const row = await new Promise<UnderlyingRow>((resolve) => {
        client.feed('chain.underlyings', {}, (rows) => {
          const ko = rows.find(({ underlying }) => underlying === 'KO');
          if (ko && ko.expirations.length > 0) resolve(ko);
        });
      });
      // The process lives on the system's clock, the market on its own: what has expired by the system's clock is not shown.
      const today = row.expirations[0]?.date ?? '';
      expect(row.expirations.map(({ date }) => date)).toEqual(
        dates.filter((date) => date >= today && (row.expirations.at(-1)?.date ?? '') >= date),
      );
      const expiration = row.expirations[0]?.date;
      if (!expiration) throw new Error('no expiration');
      const view = await new Promise<ChainView>((resolve) => {
        client.feed('chain.view', { underlying: 'KO', expiration }, (item) => resolve(item));
      });
      const strikes = [...new Set(listed.filter((one) => one.expiration === expiration).map(({ strike }) => strike))];
      expect(view.rows.length).toBeGreaterThan(5);
      expect(view.rows.every(({ strike }) => strikes.includes(strike))).toBe(true);
      expect(view.rows.some(({ call }) => call?.bid !== null && (call?.openInterest ?? 0) > 0)).toBe(true);
      client.close();
    } finally {
      await desk.kill('SIGTERM');
      await server.close();
    }
  });

  it('says in a sentence why it does not start: a live key on the paper venue, or no key', async () => {
    await expect(startDesk(home, [], environmentFor('http://127.0.0.1:9', 'AKLIVE123456'))).rejects.toThrow(
      /live key .* but the venue is paper/,
    );
    const none = { STRIKEDESK_BROKER_VENUE: 'alpaca-paper' };
    await expect(startDesk(home, [], none)).rejects.toThrow(/There is no alpaca-paper key/);
  });
});
