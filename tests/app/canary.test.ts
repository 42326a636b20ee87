import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextSession } from '#domain/market/calendar';
import { instant, isoDate, plusMs } from '#domain/units';
import { createAlpacaServer } from '#exchange/alpaca/server';
import { createExchange } from '#exchange/embeddedExchange';
import type { IdentifiedOrder } from '#ports/broker';
import { composeClientOrderId } from '#ports/clientOrderId';
import { signIn, startDesk } from '#support/deskProcess';
import { runCommand } from '#support/runCommand';
import { openLine } from '../battery/payloads/line.ts';

/** Known secrets that go into a real desk; nothing that it writes may hold one of them. */
const CANARY = {
  paper: 'canary-paper-1f0c77aa',
  live: 'canary-live-9be2d014',
  passphrase: 'canary-passphrase-55d1',
  telegram: '123456789:AAcanary_telegram-77c3d1e09b52f4a8',
  opinion: 'sk-canary-opinion-2b6e90c4',
};

const JOURNAL = 'canary01';
/** Everything that the line may be asked. */
const ASKED =
  'posted byClient byId deleted open closed account positions activities contracts chain optionQuotes spots bars actions'.split(
    ' ',
  );
const WINDOW = { minDaysToExpiration: 0, maxDaysToExpiration: 60, strikesWithin: 0.2 };
const ORDER: Omit<IdentifiedOrder, 'clientOrderId'> = {
  intentId: 'i1',
  attempt: 1,
  assetClass: 'option',
  underlying: 'SPY',
  legs: [{ symbol: 'SPY260130P00480000', ratio: 1, side: 'buy', intent: 'buyToOpen' }],
  contracts: 1,
  netLimit: -1,
  timeInForce: 'day',
  purpose: 'open',
};

let home = '';
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'strikedesk-canary-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Every file below a folder, with its bytes as text of one byte a letter. */
function written(folder: string): { readonly file: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => ({ file, text: readFileSync(file, 'latin1') }));
}

describe('a secret', () => {
  it('goes through store, desk, wire, backup, export, crash and restart, and is found in nothing that was written', {
    timeout: 90_000,
  }, async () => {
    const exchange = createExchange({ seed: 7, start: isoDate('2026-01-05'), settings: { market: { historySessions: 40 } } });
    const server = await createAlpacaServer({
      exchange,
      keyId: 'PKCANARY0001',
      secret: CANARY.paper,
      controlToken: 'c',
      port: 0,
    });
    const place = {
      STRIKEDESK_SECRETS: 'sealed-file',
      STRIKEDESK_PASSPHRASE: CANARY.passphrase,
      // Nobody answers there, and the token is a part of the address that fails.
      STRIKEDESK_TELEGRAM_API_URL: 'http://127.0.0.1:59876',
    };
    const outputs: string[] = [];
    const answers: unknown[] = [];
    const tokens: string[] = [];
    try {
      // On the embedded exchange the keys go in over the contract, as the owner types them.
      const first = await startDesk(home, ['--seed', '7'], place);
      const typing = await signIn(first.url, first.token);
      for (const [name, keyId, secret] of [
        ['alpaca-paper', 'PKCANARY0001', CANARY.paper],
        ['alpaca-live', 'AKCANARY0001', CANARY.live],
      ] as const)
        answers.push(await typing.command('credentials.store', { commandId: `canary-${name}`, name, keyId, secret }));
      answers.push(await typing.command('phone.storeToken', { commandId: 'canary-telegram', token: CANARY.telegram }));
      answers.push(await typing.command('opinion.storeKey', { commandId: 'canary-opinion', key: CANARY.opinion }));
      typing.close();
      await first.kill('SIGTERM');
      tokens.push(first.token, first.roles.operator, first.roles.viewer);
      // On the paper venue the desk works with them; then it dies without a word and starts again.
      const venue = {
        ...place,
        STRIKEDESK_BROKER_VENUE: 'alpaca-paper',
        STRIKEDESK_BROKER_TRADING_URL: server.url,
        STRIKEDESK_BROKER_DATA_URL: server.url,
        STRIKEDESK_LOG_LEVEL: 'trace',
      };
      for (const end of ['SIGKILL', 'SIGTERM'] as const) {
        const desk = await startDesk(home, [], venue);
        const client = await signIn(desk.url, desk.token);
        answers.push(await client.query('credentials.view', {}), await client.query('desk.about', {}));
        answers.push(await client.query('journal.export', { format: 'json' }));
        answers.push(await client.command('journal.backup', { commandId: `canary-backup-${end}` }));
        client.close();
        await desk.kill(end);
        outputs.push(desk.output().split('\n').slice(1).join('\n'));
        tokens.push(desk.token, desk.roles.operator, desk.roles.viewer);
      }
      // A wrong passphrase and a server that refuses the key: their errors are outputs too.
      await startDesk(home, [], { ...venue, STRIKEDESK_PASSPHRASE: 'another passphrase' }).catch((error: unknown) =>
        outputs.push(String(error)),
      );
      const shown = await runCommand('journalCommand', ['show', '--limit', '100000'], { ...place, STRIKEDESK_HOME: home });
      outputs.push(shown.out, shown.err);
    } finally {
      await server.close();
    }
    expect(answers.map((answer) => JSON.stringify(answer)).filter((text) => text.includes('"kind":"done"'))).toHaveLength(6);
    const texts = [
      ...written(home),
      ...outputs.map((text, n) => ({ file: `output ${n}`, text })),
      ...answers.map((answer, n) => ({ file: `answer ${n}`, text: JSON.stringify(answer) })),
    ];
    expect(texts.length).toBeGreaterThan(15);
    expect(texts.some(({ file }) => file.endsWith('strikedesk.log'))).toBe(true);
    const hits = texts.flatMap(({ file, text }) =>
      [...Object.values(CANARY), ...tokens].filter((secret) => text.includes(secret)).map(() => file),
    );
    expect(hits).toEqual([]);
  });

  it('stands in nothing that the broker’s line hands on, whatever its answers, updates and frames write it into', async () => {
    const secret = CANARY.paper;
    const session = nextSession(instant(Date.UTC(2026, 0, 5, 12)));
    const line = openLine(JOURNAL, plusMs(session.open, 3_600_000), { keyId: 'PKCANARY0001', secret });
    const told: unknown[] = [];
    const { broker, feed } = line;
    for (const listen of [
      broker.onReport,
      broker.onSnapshot,
      broker.onConnection,
      feed.onChains,
      feed.onHistory,
      feed.onConnection,
    ])
      listen((message: unknown) => told.push(message));
    line.start();
    line.connect();
    const clientOrderId = composeClientOrderId(JOURNAL, 'i1', 1, '0123456789abcdef');
    const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
    const fields = Object.fromEntries(
      ['id', 'status', 'symbol', 'side', 'qty', 'equity', 'cash', 'price', 'next_page_token'].map((name) => [name, secret]),
    );
    const bodies = [
      JSON.stringify({ ...fields, client_order_id: clientOrderId }),
      JSON.stringify({ ...fields, client_order_id: secret, snapshots: secret, quotes: secret }),
      JSON.stringify([{ ...fields, client_order_id: secret }]),
      // Cut at 80 characters, in the middle of it.
      `<html><body>The proxy could not pass on APCA-API-SECRET-KEY: ${secret}</body></html>`,
    ];
    for (const body of bodies) {
      for (const name of ASKED) line.answers.set(name, body);
      broker.send({ ...ORDER, clientOrderId });
      broker.lookUp(clientOrderId);
      broker.cancel(clientOrderId, null);
      broker.cancel(clientOrderId, 'b1');
      broker.requestSnapshot({ requestId: 's', activitiesSince: null, closedSince: instant(0) });
      feed.requestChains({ requestId: 'c', underlyings: ['SPY'], window: WINDOW });
      feed.requestHistory({ requestId: 'h', underlyings: ['SPY'], days: 30 });
      feed.requestQuotes(['SPY', 'SPY260130P00480000']);
      await settle();
    }
    const order = {
      id: 'b1',
      client_order_id: clientOrderId,
      qty: '1',
      filled_qty: '0',
      symbol: 'SPY260130P00480000',
      side: 'buy',
    };
    for (const data of [
      { event: 'rejected', order, code: secret, reason: `no: ${secret}` },
      { event: 'order_cancel_rejected', order, reason: secret },
      { event: secret, order },
      { event: 'fill', order, qty: secret, price: '1', execution_id: secret },
      { event: 'fill', order: { ...order, id: secret }, qty: '1' },
      { event: 'new', order: secret },
    ]) {
      line.connect();
      line.said({ stream: 'trade_updates', data });
      await settle();
    }
    line.connect();
    line.said({ stream: 'authorization', data: { status: 'unauthorized', action: 'authenticate', message: secret } });
    await settle();
    await line.stop();
    const texts = told.map((message) => JSON.stringify(message));
    for (const kind of ['orderRejected', 'cancelRefused', 'unknownMessage', 'lookUpFailed', 'submissionFailed', 'snapshotFailed'])
      expect(
        texts.some((text) => text.includes(`"${kind}"`) && text.includes('[secret]')),
        kind,
      ).toBe(true);
    // A line's state, and a chain that is missing.
    expect(texts.filter((text) => text.includes('"channel"') && text.includes('[secret]')).length).toBeGreaterThan(1);
    expect(texts.some((text) => text.includes('"missing"') && text.includes('[secret]'))).toBe(true);
    expect(texts.filter((text) => text.includes(secret.slice(0, 12)) || text.includes(secret.slice(-12)))).toEqual([]);
  });
});
