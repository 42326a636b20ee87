import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

  it('says in a sentence why it does not start: a live key on the paper venue, or no key', async () => {
    await expect(startDesk(home, [], environmentFor('http://127.0.0.1:9', 'AKLIVE123456'))).rejects.toThrow(
      /live key .* but the venue is paper/,
    );
    const none = { STRIKEDESK_BROKER_VENUE: 'alpaca-paper' };
    await expect(startDesk(home, [], none)).rejects.toThrow(/There is no alpaca-paper key/);
  });
});
