import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { DeskServer } from './deskServer.ts';
import { type DeskWindow, openDeskWindow } from './deskWindow.ts';

let opened: DeskWindow;
let desk: DeskServer;
let page: Page;

const button = (name: string | RegExp) => page.getByRole('button', { name });
const proof = () => page.getByLabel('Owner’s token or one-time code');
const isCurrent = (where: Page) => where.getByText(/^● Window current/).waitFor();

beforeAll(async () => {
  opened = await openDeskWindow('browser', { patienceMs: 20_000 });
  ({ desk, page } = opened);
});

afterAll(() => opened?.close());

describe('the desk in a browser', () => {
  it('opens by its link once; the page survives a reload, a second window needs the token', async () => {
    await page.reload();
    await isCurrent(page);
    const second = await page.context().newPage();
    await second.goto(desk.address);
    await second.getByText(/^This link was used before or is too old/).waitFor();
    await second.getByLabel('Access token').fill(desk.token);
    await second.getByRole('button', { name: 'Open the desk' }).click();
    await isCurrent(second);
    await second.reload();
    await isCurrent(second);
    await second.close();
  });

  it('makes a limit tighter at once, and looser only for whoever types the token once more', async () => {
    await page.getByRole('tab', { name: 'Settings', exact: true }).click();
    await button(/^Risk$/).click();
    const field = page.locator('[id="setting-risk.maxPositions"] input');
    await field.fill('7');
    await button(/^Save 1 change/).click();
    await page.getByText('The setting is changed.').waitFor();
    await field.fill('9');
    await button(/^Save 1 change/).click();
    await page.getByRole('dialog', { name: /is it you/ }).waitFor();
    await proof().fill('not the token');
    await button('Go on').click();
    await page.getByText(/^This is not the owner’s token/).waitFor();
    await proof().fill(desk.token);
    await button('Go on').click();
    await page
      .getByText(/looser than before: risk.maxPositions/)
      .first()
      .waitFor();
  });

  it('throws the kill switch by a press, and releases it by word, reason, hold and the token once more', async () => {
    await button(/^Kill switch: Active/).click();
    await button(/^Stop entries/).click();
    await button('Confirm: stop entries').click();
    await page.getByRole('button', { name: /^Kill switch: (?!Active)/ }).waitFor();
    await page.getByLabel('Release word').fill('RESUME');
    await page.getByLabel('Reason for release').fill('Looked at it.');
    await page.getByText(/^Show that it is you/).waitFor();
    const press = async () => {
      await button(/^Hold \d s to release/).hover();
      await page.mouse.down();
    };
    await proof().fill('not the token');
    await press();
    await page.getByText(/^This is not the owner’s token/).waitFor();
    await page.mouse.up();
    await proof().fill(desk.token);
    await press();
    await button(/^Kill switch: Active/).waitFor();
    await page.mouse.up();
  });
});
