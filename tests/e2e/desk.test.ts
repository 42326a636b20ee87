import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type DeskServer, startDesk } from './deskServer.ts';

let browser: Browser;
let home: string;
let desk: DeskServer;
let page: Page;
const complaints: string[] = [];

/** Fast enough that days pass while a test waits, slow enough that a window can follow. */
const SPEED = 6_000;

async function openDesk() {
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(desk.address);
  await page.getByRole('tab', { name: 'Chain' }).waitFor();
  await page.getByText(/^● Window current/).waitFor();
}

const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click();
const killButton = (word: string) => page.getByRole('button', { name: `Kill switch: ${word}` });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'strikedesk-e2e-'));
  browser = await launchChromium();
  desk = await startDesk(home, { speed: SPEED });
  await openDesk();
});

afterAll(async () => {
  await browser?.close();
  await desk?.stop();
  if (home) await rm(home, { recursive: true, force: true });
});

describe('a newcomer and the desk', () => {
  it('sees a paper account on the embedded exchange, the token gone from the address', async () => {
    expect(page.url()).not.toContain('token');
    await page.getByText('PAPER', { exact: true }).waitFor();
    await page.getByText('embedded exchange').first().waitFor();
    await killButton('Active').waitFor();
    for (const name of ['Chain', 'Positions', 'Orders', 'Decisions', 'Strategies', 'Journal', 'Risk', 'Settings'])
      expect(await page.getByRole('tab', { name, exact: true }).count()).toBe(1);
  });

  it('watches the engine scan and decide, with the numbers of every gate', async () => {
    await tab('Decisions');
    const decision = page.getByRole('button', { name: /^Details of decision/ }).first();
    await decision.waitFor({ timeout: 90_000 });
    await decision.click();
    const gates = page.getByRole('complementary').getByRole('table').first();
    await gates.getByRole('row').nth(3).waitFor();
    await page.getByRole('region', { name: 'Funnel of the last scans' }).waitFor();
  });

  it('shows every control with its state, and nothing green that was not proved for this build', async () => {
    await tab('Safety');
    const controls = page.getByRole('region', { name: 'Controls' });
    await controls.getByText('42 controls').waitFor();
    expect(await controls.getByRole('row').count()).toBe(42 + 5);
    await controls.getByText('battery not complete').waitFor();
    expect(await controls.getByText('✓ power').count()).toBe(0);
    await page.getByRole('heading', { name: 'Watchdog' }).waitFor();
    await page.getByRole('heading', { name: 'Reconciliation log' }).waitFor();
  });

  it('asks why-not of a contract and gets an answer for every strategy', async () => {
    await tab('Chain');
    await page
      .getByRole('button', { name: /^Why not / })
      .nth(20)
      .click();
    const answer = page.getByRole('complementary', { name: /^Why not/ });
    await answer.getByRole('heading', { level: 3 }).first().waitFor();
    expect(await answer.getByRole('heading', { level: 3 }).count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: /^Close Why not/ }).click();
  });

  it('watches a trade open and close', async () => {
    await tab('Journal');
    await page
      .getByRole('button', { name: /^Story of trade/ })
      .first()
      .waitFor({ timeout: 110_000 });
    await page
      .getByRole('button', { name: /^Story of trade/ })
      .first()
      .click();
    const drawer = page.getByRole('complementary');
    await drawer.getByRole('heading', { name: 'Story' }).waitFor();
    await drawer.getByRole('listitem').nth(2).waitFor();
    await page.getByRole('button', { name: 'Verify chain' }).click();
    await page.getByText(/events, chain intact/).waitFor();
  });
});
