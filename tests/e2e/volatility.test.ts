import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeskWindow, openDeskWindow } from './deskWindow.ts';

let opened: DeskWindow;
let page: Page;

const tab = (name: string) => page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
const button = (name: string | RegExp) => page.getByRole('button', { name });
const numberIn = (text: string | null) => Number((text ?? '').replace(/[^0-9.−]/g, '').replace('−', '-'));
/** The figure that stands beside a word. */
const figure = async (section: string, name: string) => {
  const term = page.getByRole('region', { name: section }).locator('dl > div').filter({ hasText: name }).first();
  await term.waitFor();
  return term.locator('dd').textContent();
};

beforeAll(async () => {
  opened = await openDeskWindow('volatility', { speed: 60, patienceMs: 30_000 });
  page = opened.page;
});

afterAll(async () => {
  await opened?.close();
});

describe('the volatility surface', () => {
  it('shows a fitted smile with its forward, and quotes that the fit goes through', async () => {
    await tab('Volatility');
    await page.getByRole('img', { name: /^Smile of/ }).waitFor();
    await page.getByRole('img', { name: 'Fit less mid' }).waitFor();
    const forward = numberIn(await figure('Smile', 'Forward'));
    expect(forward).toBeGreaterThan(100);
    const atTheMoney = numberIn(await figure('Smile', 'At the money'));
    expect(atTheMoney).toBeGreaterThan(5);
    expect(atTheMoney).toBeLessThan(80);
    expect(numberIn(await figure('Smile', '25Δ risk reversal'))).toBeLessThan(0);
    expect(numberIn(await figure('Smile', 'Median miss'))).toBeLessThan(0.3);
  });

  it('opens another expiration from its row in the heat map, by delta and by strike', async () => {
    const chosen = page.getByLabel('Expiration');
    const options = page.getByLabel('Expiration').locator('option');
    await expect.poll(() => options.count(), { timeout: 60_000 }).toBeGreaterThan(8);
    const before = await chosen.inputValue();
    const map = page.getByRole('img', { name: 'Surface of volatility by delta and tenor' });
    for (const title of ['5P', 'ATM', '25C']) await map.getByText(title, { exact: true }).waitFor();
    const last = await options.last().getAttribute('value');
    await map.locator(`[data-testid^="cell.${last}"]`).first().click();
    await expect.poll(() => chosen.inputValue()).toBe(last);
    expect(last).not.toBe(before);
    await button('Strike').click();
    await page.getByRole('img', { name: 'Surface of volatility by strike and tenor' }).waitFor();
  });

  it('sets it against its past: cone, rank and five estimators of what was realised', async () => {
    await page.getByRole('img', { name: 'Term structure at the money' }).waitFor();
    await page.getByRole('img', { name: 'Volatility cone' }).waitFor();
    for (const name of ['Close to close', 'Parkinson', 'Garman-Klass', 'Rogers-Satchell', 'Yang-Zhang'])
      await page.getByRole('cell', { name }).waitFor();
    await page.getByRole('meter', { name: /^IV rank of 30 days over 252 days/ }).waitFor();
  });
});

describe('the analysis of a structure', () => {
  const rows = (name: string) => page.getByRole('region', { name: 'Greeks' }).locator('section').filter({ hasText: name });

  it('takes the ticket: what it wins and loses, its odds under two laws, its legs', async () => {
    await tab('Chain');
    const sells = button(/^Sell .* put at \d/);
    await sells.nth(20).waitFor();
    const middle = Math.floor((await sells.count()) / 2);
    await sells.nth(middle - 3).click();
    await button(/^Buy .* put at \d/)
      .nth(middle - 6)
      .click();
    await tab('Analyze');
    await page.getByLabel('What to analyse').selectOption('ticket');
    const profit = numberIn(await figure('Payoff', 'Max profit'));
    const loss = numberIn(await figure('Payoff', 'Max loss'));
    expect(profit).toBeGreaterThan(0);
    expect(loss).toBeGreaterThan(0);
    await figure('Payoff', 'POP · EV, lognormal');
    await figure('Payoff', "the smile's own law");
    await figure('Payoff', 'Touches');
    await page.getByRole('img', { name: 'Payoff by price of the underlying' }).waitFor();
    await page.getByRole('img', { name: 'Probability cone of the price' }).waitFor();
    expect(await rows('By strike').getByRole('row').count()).toBe(3);
  });

  it('bends the world: lower prices lose, and "as it is" brings it back', async () => {
    const profitNow = async () => numberIn(await rows('By price').getByRole('row').nth(5).getByRole('cell').nth(1).textContent());
    const before = await profitNow();
    await page.getByLabel('Spot').fill('-0.08');
    await expect.poll(profitNow).toBeLessThan(before - 20);
    await page.getByLabel('Days').fill('5');
    await page.getByText(/in 5 d of/).waitFor();
    await button('As it is').click();
    await expect.poll(profitNow).toBeGreaterThan(before - 20);
  });

  it('takes the whole portfolio, every price moving by the same share', async () => {
    const subject = page.getByLabel('What to analyse');
    await expect.poll(() => subject.locator('option[value="portfolio"]').count(), { timeout: 90_000 }).toBe(1);
    await subject.selectOption('portfolio');
    await rows('By move of every price').getByText('Delta / 1 %').waitFor();
    await figure('Payoff', 'Worst in view');
    expect(opened.complaints).toEqual([]);
  });
});
