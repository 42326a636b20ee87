import { setTimeout as sleep } from 'node:timers/promises';
import { ALPACA_PAPER, disagreement, embeddedVenue } from '#adapters/brokers/alpaca/venue';
import { openSecrets } from '#adapters/secrets/openSecrets';
import { openSettingsFile } from '#adapters/settings/settingsFile';
import { nextSession } from '#domain/market/calendar';
import { isoDate, plusMs } from '#domain/units';
import { createAlpacaServer } from '#exchange/alpaca/server';
import { createExchange } from '#exchange/embeddedExchange';
import { dataFolder, prepareDataFolder } from '../dataFolder.ts';
import { settingsSchema } from '../settingsSchema.ts';
import { createProbe, fieldOf, type Probe } from './probe.ts';

/** The account that is checked, and the way back. */
export interface CheckedAccount {
  readonly title: string;
  readonly account: string;
  /** The venue's date, YYYY-MM-DD. */
  readonly today: string;
  readonly probe: Probe;
  close(): Promise<void>;
}

const PAPER_PAUSE_MS = 1_500;
const STEP_MS = 2_000;
const AFTER_OPEN_MS = 15 * 60_000;
const SETTLE_MS = 50;
const DEMO_KEY = { keyId: 'PKCHECK', secret: 'check', controlToken: 'check' };

/** The configured account: the embedded exchange, or Alpaca paper. A live account is refused with a sentence. */
export async function openCheckedAccount(environment: Readonly<Record<string, string | undefined>>): Promise<CheckedAccount> {
  const folder = dataFolder();
  prepareDataFolder(folder);
  const store = openSettingsFile({ file: folder.settings, schema: settingsSchema, environment, settleMs: 0, watch: false });
  const { broker } = store.current();
  store.close();
  if (broker.venue === 'alpaca-live')
    throw new Error('The check sends orders: it never runs on a live account. Set broker.venue.');
  if (broker.venue === 'embedded') return embeddedAccount();
  const secrets = await openSecrets({ environment, folder });
  const key = await secrets.read('alpaca-paper');
  if (!key) throw new Error(`There is no alpaca-paper key (${secrets.detail}). Store it in Settings first.`);
  const base = ALPACA_PAPER;
  const venue = {
    ...base,
    tradingUrl: broker.tradingUrl || base.tradingUrl,
    dataUrl: broker.dataUrl || base.dataUrl,
    updatesUrl: broker.tradingUrl ? `${broker.tradingUrl.replace(/^http/, 'ws')}/stream` : base.updatesUrl,
  };
  refuse(disagreement(venue, key.keyId, null));
  const probe = createProbe(venue, key, () => sleep(PAPER_PAUSE_MS));
  const known = await probe.request('GET', '/v2/account');
  const account = String(fieldOf(known.body, 'account_number') ?? '');
  refuse(disagreement(venue, key.keyId, account));
  const clock = await probe.request('GET', '/v2/clock');
  const today = String(fieldOf(clock.body, 'timestamp') ?? new Date().toISOString()).slice(0, 10);
  return { title: venue.title, account, today, probe, close: () => Promise.resolve() };
}

function refuse(reason: string | null): void {
  if (reason !== null) throw new Error(reason);
}

/** The embedded exchange behind Alpaca's protocol, a quarter of an hour into its first session. */
async function embeddedAccount(): Promise<CheckedAccount> {
  const start = isoDate('2026-01-05');
  const exchange = createExchange({ seed: 7, start });
  const server = await createAlpacaServer({ exchange, ...DEMO_KEY, port: 0 });
  const open = nextSession(exchange.now()).open;
  while (exchange.now() < open + AFTER_OPEN_MS) exchange.advanceTo(plusMs(open, AFTER_OPEN_MS));
  const probe = createProbe(embeddedVenue(server.url), DEMO_KEY, async () => {
    const until = plusMs(exchange.now(), STEP_MS);
    while (exchange.now() < until) exchange.advanceTo(until);
    await sleep(SETTLE_MS);
  });
  return {
    title: 'embedded exchange',
    account: exchange.desk.account().accountNumber,
    today: start,
    probe,
    close: () => server.close(),
  };
}
