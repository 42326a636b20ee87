import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, OWNER, startTelegram, type TelegramStandIn, TOKEN } from '#support/telegramStandIn';
import { type DeskWindow, openDeskWindow } from './deskWindow.ts';

let telegram: TelegramStandIn;
let opened: DeskWindow;
let page: Page;

beforeAll(async () => {
  telegram = await startTelegram();
  opened = await openDeskWindow('phone', {
    patienceMs: 20_000,
    environment: {
      STRIKEDESK_SECRETS: 'sealed-file',
      STRIKEDESK_PASSPHRASE: 'a passphrase of a story',
      STRIKEDESK_TELEGRAM_API_URL: telegram.url,
      STRIKEDESK_TELEGRAM_POLL_SECONDS: '1',
    },
  });
  page = opened.page;
});

afterAll(async () => {
  await opened?.close();
  await telegram?.close();
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
