import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type DeskServer, startDesk } from './deskServer.ts';

let browser: Browser;
let home: string;
let desk: DeskServer;
let page: Page;

/** Two market minutes a second. */
const SPEED = 120;
const STRATEGIES = ['bull_put_spread', 'bear_call_spread', 'iron_condor', 'cash_secured_put', 'covered_call'];
/** The strategies only watch at first, so that what happens is the owner's doing. */
const SETTINGS = {
  risk: { noEntriesFirstMinutes: 0 },
  strategies: Object.fromEntries(STRATEGIES.map((id) => [id, { mode: 'observe' }])),
};

async function open() {
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(20_000);
  await page.goto(desk.address);
  await page.getByText(/^● Window current/).waitFor();
}

const tab = (name: string) => page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
const button = (name: string | RegExp) => page.getByRole('button', { name });
const killButton = (word: string) => button(new RegExp(`^Kill switch: ${word}`));
const clock = () => page.getByText(/· (Open|closes|opens)/).first();
const rows = () => button(/^Details of/);

async function namesOfPositions(): Promise<readonly string[]> {
  await tab('Positions');
  await rows().first().waitFor();
  const names = await rows().evaluateAll((found) => found.map((row) => row.getAttribute('aria-label') ?? ''));
  return names.sort();
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'strikedesk-hand-'));
  await writeFile(join(home, 'settings.jsonc'), JSON.stringify(SETTINGS));
  browser = await launchChromium();
  desk = await startDesk(home, { speed: SPEED });
  await open();
});

/** What the owner saw when a story failed. */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  const path = join(tmpdir(), `strikedesk-failed-${task.id}.png`);
  await page.screenshot({ path }).catch(() => {});
  console.error(`the window is in ${path}`);
});

afterAll(async () => {
  await browser?.close();
  await desk?.stop();
  if (home) await rm(home, { recursive: true, force: true });
});

describe('the owner’s hand', () => {
  it('draws a spread in the chain, sees what it can win and lose, sends it once and holds it', async () => {
    await tab('Chain');
    await clock().waitFor();
    await page.getByText('Open', { exact: true }).first().waitFor({ timeout: 60_000 });
    const sells = button(/^Sell .* put at \d/);
    await sells.nth(20).waitFor();
    const middle = Math.floor((await sells.count()) / 2);
    await sells.nth(middle - 2).click();
    await button(/^Buy .* put at \d/)
      .nth(middle - 5)
      .click();
    await page.getByText('Bull put spread').first().waitFor();
    for (const figure of ['Max loss', 'Max profit', 'Breakevens', 'POP', 'BP effect'])
      await page.getByText(figure, { exact: true }).first().waitFor();
    await button(/^Natural /).click();
    const send = button(/^Send 1 × bull put spread/);
    await send.waitFor();
    await send.dblclick({ delay: 10 }).catch(() => {});
    await tab('Positions');
    await button(/^Details of SPY/).waitFor({ timeout: 60_000 });
    expect(await namesOfPositions()).toHaveLength(1);
  });

  it('closes it again, and the journal tells the trade as the owner’s', async () => {
    await button(/^Details of SPY/).click();
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await button(/^Confirm/).click();
    await tab('Journal');
    const trade = button(/^Story of trade/).first();
    await trade.waitFor({ timeout: 60_000 });
    await trade.click();
    await page.getByRole('complementary').getByText('Owner', { exact: true }).first().waitFor();
    await page.getByRole('complementary').getByRole('textbox').first().fill('Closed by hand to see how it is done.');
    await button('Save notes').click();
    await button('Raw events').click();
    await page
      .getByText(/NoteEdited|Note edited/i)
      .first()
      .waitFor();
  });

  it('is told which setting is wrong, and a right one is in force at once', async () => {
    await tab('Settings');
    await button(/^Risk$/).click();
    const field = page.locator('[id="setting-risk.maxPositions"] input');
    await field.fill('0');
    await page
      .getByRole('alert')
      .getByText(/max positions/i)
      .first()
      .waitFor();
    await field.fill('7');
    await button(/^Save 1 change/).click();
    await tab('Risk');
    await page.getByText('of 7 positions').waitFor();
  });

  it('lets the strategies trade, throws the kill switch, and nothing opens any more', async () => {
    await tab('Strategies');
    await button('Auto')
      .nth(STRATEGIES.length - 1)
      .waitFor();
    // A freer mode is a loosening: in a browser each asks whether it is the owner.
    for (const auto of await button('Auto').all()) {
      await auto.click();
      const dialog = page.getByRole('dialog', { name: /is it you/ });
      await dialog.getByLabel('Owner’s token or one-time code').fill(desk.token);
      await dialog.getByRole('button', { name: 'Go on' }).click();
      await dialog.waitFor({ state: 'hidden' });
    }
    await tab('Positions');
    await rows().first().waitFor({ timeout: 90_000 });
    await killButton('Active').click();
    await button(/^Stop entries/).click();
    await button('Confirm: stop entries').click();
    await page.getByRole('button', { name: /^Kill switch: (?!Active)/ }).waitFor();
    await page.keyboard.press('Escape');
    await tab('Orders');
    await page.waitForTimeout(2_000);
    const opened = await button(/^Story of \w+ open order/).count();
    await page.waitForTimeout(8_000);
    expect(await button(/^Story of \w+ open order/).count()).toBe(opened);
  });

  it('finds the same desk after the process was killed: the switch, the positions, the setting', async () => {
    const before = await namesOfPositions();
    const word = await button(/^Kill switch:/).getAttribute('aria-label');
    await page.close();
    await desk.stop('SIGKILL');
    desk = await startDesk(home, { speed: SPEED });
    await open();
    // Until the first status is in, the button says that it does not know.
    await button(/^Kill switch: (?!state unknown)/).waitFor();
    expect(await button(/^Kill switch:/).getAttribute('aria-label')).toBe(word);
    const after = await namesOfPositions();
    // Exits go on while entries are stopped: nothing new may be held.
    expect(before).toEqual(expect.arrayContaining([...after]));
    await tab('Risk');
    await page.getByText('of 7 positions').waitFor();
  });

  it('releases the switch by a typed word, a reason and a press that is held', async () => {
    await button(/^Kill switch:/).click();
    const hold = button(/^Hold \d s to release/);
    expect(await hold.isDisabled()).toBe(true);
    await page.getByLabel('Release word').fill('RESUME');
    await page.getByLabel('Reason for release').fill('All positions were looked at.');
    expect(await hold.isDisabled()).toBe(true);
    await page.getByLabel('Owner’s token or one-time code').fill(desk.token);
    await hold.hover();
    await page.mouse.down();
    await page.waitForTimeout(500);
    await page.mouse.up();
    expect(await killButton('Active').count()).toBe(0);
    await page.mouse.down();
    await killButton('Active').waitFor();
    await page.mouse.up();
  });
});
