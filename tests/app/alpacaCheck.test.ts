import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextSession } from '#domain/market/calendar';
import { isoDate, plusMs } from '#domain/units';
import { createAlpacaServer } from '#exchange/alpaca/server';
import { createExchange } from '#exchange/embeddedExchange';

const KEY = { keyId: 'PKCHECKED', secret: 'canary-secret-77c1', controlToken: 'control' };

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'strikedesk-check-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function check(environment: Readonly<Record<string, string>> = {}): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['src-main/app/alpacaCheck.ts', '--json'], {
    env: { ...process.env, STRIKEDESK_HOME: home, STRIKEDESK_SECRETS: 'environment', ...environment },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => {
    out += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    err += text.toString();
  });
  return new Promise((resolve) => child.on('exit', (code) => resolve({ code, out, err })));
}

async function paperServer(settings: Parameters<typeof createExchange>[0]['settings'] = {}) {
  const exchange = createExchange({ seed: 7, start: isoDate('2026-01-05'), settings: { ...settings } });
  const open = nextSession(exchange.now()).open;
  while (exchange.now() < open + 900_000) exchange.advanceTo(plusMs(open, 900_000));
  const server = await createAlpacaServer({ exchange, ...KEY, port: 0 });
  const timer = setInterval(() => exchange.advanceTo(plusMs(exchange.now(), 1_000)), 100);
  const environment = {
    STRIKEDESK_BROKER_VENUE: 'alpaca-paper',
    STRIKEDESK_BROKER_TRADING_URL: server.url,
    STRIKEDESK_BROKER_DATA_URL: server.url,
    STRIKEDESK_ALPACA_KEY_ID: KEY.keyId,
    STRIKEDESK_ALPACA_SECRET: KEY.secret,
  };
  return {
    exchange,
    environment,
    async close() {
      clearInterval(timer);
      await server.close();
    },
  };
}

const lastLine = (out: string) => JSON.parse(out.trim().split('\n').at(-1) ?? '');

describe('the check of an account', () => {
  it('finds the embedded exchange as expected, point by point', async () => {
    const { code, out } = await check();
    expect(code).toBe(0);
    const result = lastLine(out);
    expect(result).toMatchObject({ venue: 'embedded exchange', ok: true, different: 0 });
    expect(result.items).toHaveLength(12);
    expect(result.items.filter(({ verdict }: { verdict: string }) => verdict === 'same')).toHaveLength(11);
  });

  it('leaves no order behind on a paper account, and never tells its secret', async () => {
    const paper = await paperServer();
    try {
      const { code, out, err } = await check(paper.environment);
      expect(`${code} ${err}`).toBe('0 ');
      expect(lastLine(out)).toMatchObject({ venue: 'Alpaca paper', account: 'PA3SIM000001', ok: true });
      expect(out + err).not.toContain(KEY.secret);
      expect(paper.exchange.desk.orders({ status: 'open' })).toHaveLength(0);
      expect(paper.exchange.desk.positions()).toHaveLength(0);
    } finally {
      await paper.close();
    }
  }, 40_000);

  it('says what is different, and fails', async () => {
    const paper = await paperServer({ matching: { allowCombinationReplace: true } });
    try {
      const { code, out } = await check(paper.environment);
      expect(code).toBe(1);
      const different = lastLine(out).items.filter(({ verdict }: { verdict: string }) => verdict === 'different');
      expect(different).toContainEqual({
        item: 'replacing a combination',
        expected: 'refused',
        seen: 'accepted',
        verdict: 'different',
      });
    } finally {
      await paper.close();
    }
  }, 40_000);

  it('never runs on a live account', async () => {
    const { code, err } = await check({ STRIKEDESK_BROKER_VENUE: 'alpaca-live' });
    expect(code).toBe(2);
    expect(err).toMatch(/never runs on a live account/);
  });
});
