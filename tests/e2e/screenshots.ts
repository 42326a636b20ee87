import '#adapters/runtime/runtimeCheck';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { startDesk } from './deskServer.ts';

/** Takes the README's tour: each panel at 1440x900, from a desk that has traded for a while. */
const FOLDER = resolve(import.meta.dirname, '../../resources/tour');
const PANELS = [
  'Chain',
  'Volatility',
  'Analyze',
  'Positions',
  'Orders',
  'Decisions',
  'Strategies',
  'Journal',
  'Risk',
  'Safety',
  'Settings',
] as const;
/** Wall time that the desk is given to trade first, in milliseconds (one argument in seconds overrides it). */
const HEAD_START_MS = Number(process.argv[2] ?? 60) * 1_000;

/** Market seconds per second while days go by, and while pictures are taken. */
const FAST = 6_000;
const SLOW = 60;
/** Wall time for the first scans after the restart. */
const SETTLE_MS = 8_000;

/** The spread on the ticket: a short strike this far below the middle of the listing, and a long one five dollars lower. */
const SHORT_OF_MIDDLE = 0.975;
const WIDTH = 5;

async function press(page: Page, name: RegExp) {
  const button = page.getByRole('button', { name }).first();
  if ((await button.count()) > 0) await button.click();
}

/** News that would stand in the picture. */
async function clearToasts(page: Page) {
  for (const button of await page.getByRole('button', { name: /^Dismiss: / }).all())
    await button.click({ timeout: 1_000 }).catch(() => {});
}

/** What makes a panel worth a picture: a spread on the ticket, a drawer open. */
async function prepare(page: Page, panel: (typeof PANELS)[number]) {
  if (panel === 'Chain') {
    const names = await page
      .getByRole('button', { name: /^Sell .* put at \d/ })
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label') ?? ''));
    const strikes = names.map((name) => Number(/ ([\d.]+) put at /.exec(name)?.[1] ?? Number.NaN)).filter(Number.isFinite);
    const middle = strikes[Math.floor(strikes.length / 2)] ?? 0;
    const nearest = (wanted: number) =>
      strikes.reduce((best, strike) => (Math.abs(strike - wanted) < Math.abs(best - wanted) ? strike : best), strikes[0] ?? 0);
    const short = nearest(middle * SHORT_OF_MIDDLE);
    await press(page, new RegExp(`^Sell .* ${short} put at`));
    await press(page, new RegExp(`^Buy .* ${nearest(short - WIDTH)} put at`));
    await page.waitForTimeout(1_500);
  }
  if (panel === 'Volatility') await page.waitForTimeout(4_000);
  if (panel === 'Analyze') await page.waitForTimeout(2_000);
  if (panel === 'Positions') await press(page, /^Details of/);
  if (panel === 'Orders') await press(page, /^Story of/);
  if (panel === 'Decisions') await press(page, /^Details of decision/);
  if (panel === 'Settings') await press(page, /^Risk$/);
  if (panel === 'Journal') await press(page, /^Story of trade/);
}

const home = await mkdtemp(join(tmpdir(), 'strikedesk-tour-'));
let desk = await startDesk(home, { speed: FAST });
const browser = await launchChromium();
try {
  await mkdir(FOLDER, { recursive: true });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(desk.address);
  await page.getByRole('tab', { name: 'Chain' }).waitFor();
  await page.waitForTimeout(HEAD_START_MS);
  // Days have gone by; from here on at a speed that a picture can hold.
  await desk.stop();
  desk = await startDesk(home, { speed: SLOW });
  await page.goto('about:blank');
  await page.goto(desk.address);
  await page.getByRole('tab', { name: 'Chain' }).waitFor();
  await page.waitForTimeout(SETTLE_MS);
  for (const panel of PANELS) {
    await page.getByRole('tab', { name: panel }).click();
    await page.waitForTimeout(1_000);
    await prepare(page, panel);
    await page.waitForTimeout(800);
    await clearToasts(page);
    await page.screenshot({ path: join(FOLDER, `${panel.toLowerCase()}.png`) });
  }
  console.log(JSON.stringify({ folder: 'resources/tour', pictures: PANELS.length }));
} finally {
  await browser.close();
  await desk.stop();
  await rm(home, { recursive: true, force: true });
}
