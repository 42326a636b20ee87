import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, OWNER, startTelegram, type TelegramStandIn, TOKEN } from '#support/telegramStandIn';
import { launchChromium } from './chromium.ts';
import { type DeskServer, startDesk } from './deskServer.ts';

let browser: Browser;
let page: Page;
let home: string;
let telegram: TelegramStandIn;
let desk: DeskServer;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'strikedesk-phone-'));
  telegram = await startTelegram();
  browser = await launchChromium();
  desk = await startDesk(home, {
    environment: {
      STRIKEDESK_SECRETS: 'sealed-file',
      STRIKEDESK_PASSPHRASE: 'a passphrase of a story',
      STRIKEDESK_TELEGRAM_API_URL: telegram.url,
      STRIKEDESK_TELEGRAM_POLL_SECONDS: '1',
    },
  });
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(20_000);
  await page.goto(desk.address);
  await page.getByText(/^● Window current/).waitFor();
});

afterAll(async () => {
  await browser?.close();
  await desk?.stop();
  await telegram?.close();
  if (home) await rm(home, { recursive: true, force: true });
});

/** Kept only when the owner of this run asks for pictures. */
async function picture(name: string) {
  const folder = process.env['STRIKEDESK_PICTURES'];
  if (folder) await page.screenshot({ path: join(folder, `phone-${name}.png`) });
}

const button = (name: string | RegExp) => page.getByRole('button', { name });

describe('Settings, Phone', () => {
  it('takes a token, shows a code, and says who is paired, when it was heard, and how to end it', async () => {
    await page.getByRole('tab', { name: /^Settings/ }).click();
    await button(/^Phone$/).click();
    await page.getByText('nobody', { exact: true }).waitFor();
    await picture('empty');
    expect(await button('Pair a phone').isDisabled()).toBe(true);
    await page.getByLabel('Bot token').fill(TOKEN);
    await button('Store').click();
    await page.getByText('✓ connected').waitFor();
    await page.getByText('@my_desk_bot; last contact').waitFor();
    expect(await page.getByRole('textbox', { name: 'Bot token' }).inputValue()).toBe('');
    await button('Pair a phone').click();
    const code = (await page.locator('.pairing-code').innerText()).replace('/pair ', '');
    await page.getByAltText(/^QR code/).waitFor();
    await picture('code');
    telegram.says(`/start ${code}`);
    await page.getByText('✓ @olga …2003').waitFor();
    telegram.says('/status');
    await page.getByText(/last asked \/status/).waitFor();
    await picture('paired');
    await button('Send a test').click();
    await eventually('the test came', () => telegram.sent.some(({ text }) => text.startsWith('A test from your desk')));
    telegram.says('/kill');
    await button(/^Kill switch: Frozen/)
      .first()
      .waitFor();
    await picture('halted');
    expect(telegram.sent.every(({ chat_id }) => chat_id === OWNER.id)).toBe(true);
    expect(await page.content()).not.toContain(TOKEN);
    await button('Unpair').click();
    await page.getByText('nobody', { exact: true }).waitFor();
  });
});
