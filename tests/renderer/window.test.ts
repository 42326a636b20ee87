import { rm } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../e2e/chromium.ts';
import { buildScriptedWindow, serveFolder } from './support/buildWindow.ts';

let browser: Browser;
let folder: string;
let server: Awaited<ReturnType<typeof serveFolder>>;
let page: Page;
let complaints: string[] = [];

beforeAll(async () => {
  folder = await buildScriptedWindow();
  server = await serveFolder(folder);
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

afterEach(async () => {
  await page.close();
  expect(complaints).toEqual([]);
});

/** Opens the scripted desk; everything that the page complains about (errors, policy violations) fails the test. */
async function openDesk(search = '', size = { width: 1440, height: 900 }) {
  complaints = [];
  page = await browser.newPage({ viewport: size });
  page.setDefaultTimeout(9_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404')) complaints.push(message.text());
  });
  await page.goto(`${server.url}/?${search}`);
  await page.getByRole('tab', { name: 'Chain' }).waitFor();
}

const commands = (name: string) =>
  page.evaluate((wanted) => (window.scriptedCommands ?? []).filter((command) => command.name === wanted).length, name);

const drawer = () => page.getByRole('complementary', { name: /^SPY/ });

const sentInputs = (name: string) =>
  page.evaluate(
    (wanted) => (window.scriptedCommands ?? []).filter((command) => command.name === wanted).map((command) => command.input),
    name,
  );

async function openCloseForm() {
  await page.keyboard.press('Control+2');
  await page.getByRole('button', { name: /^Details of SPY Bull/i }).click();
  await page.getByRole('button', { name: 'Engine’s ladder' }).click();
}

const TABS = ['Chain', 'Positions', 'Orders', 'Decisions', 'Strategies', 'Journal', 'Risk', 'Settings'] as const;

describe('the desk in a browser, under the strict content security policy', () => {
  it('opens every panel by its key without scrolling the frame, the kill switch in sight all the while', async () => {
    await openDesk('still');
    for (const [index, name] of TABS.entries()) {
      await page.keyboard.press(`Control+${index + 1}`);
      expect(await page.getByRole('tab', { name, exact: true }).getAttribute('aria-selected')).toBe('true');
      expect(await page.getByRole('button', { name: /^Kill switch/ }).isVisible()).toBe(true);
      const overflow = await page.evaluate(() => ({
        x: document.documentElement.scrollWidth - innerWidth,
        y: document.documentElement.scrollHeight - innerHeight,
      }));
      expect(overflow, name).toEqual({ x: 0, y: 0 });
    }
  });

  it('makes a sold put spread from two presses and sends it once for a double press', async () => {
    await openDesk('still');
    await page.getByRole('button', { name: /^Sell SPY 18 Dec 525 put/ }).click();
    await page.getByRole('button', { name: /^Buy SPY 18 Dec 520 put/ }).click();
    await page.getByText('passes every gate').waitFor();
    expect(await page.getByRole('list', { name: 'Legs' }).innerText()).toMatch(/Sell[\s\S]*525 put[\s\S]*Buy[\s\S]*520 put/);
    await page.getByRole('button', { name: 'Net limit up' }).click();
    await page.getByRole('button', { name: /^Send 1 × vertical spread at 0\.61 credit/ }).dblclick();
    await page
      .getByText(/sent as I-211/)
      .first()
      .waitFor();
    expect(await commands('order.open')).toBe(1);
    await page.getByRole('button', { name: 'Sent', exact: true }).waitFor();
  });

  it('answers why not for any contract with the numbers compared', async () => {
    await openDesk('still');
    await page.getByRole('button', { name: 'Why not SPY 18 Dec 530 put?' }).click();
    const answer = page.getByRole('complementary', { name: 'Why not SPY 18 Dec 530 put?' });
    await answer
      .getByRole('row', { name: /fail Credit to risk 24\.0 % 33\.0 %/ })
      .first()
      .waitFor();
    expect(await answer.getByText('As the short leg it fell at credit to risk').count()).toBe(1);
  });

  it('throws the kill switch with one press and a confirmation, and releases it only by word, reason and hold', async () => {
    await openDesk();
    await page.getByRole('button', { name: 'Kill switch: Active' }).click();
    await page.getByRole('button', { name: /^Flatten/ }).click();
    expect(await commands('killSwitch.throw')).toBe(0);
    await page.getByRole('button', { name: 'Confirm: flatten' }).click();
    await page.getByRole('button', { name: 'Kill switch: Flattening' }).waitFor();
    await page.getByText('1 of 4 flat, 2 working, 1 without a bid').waitFor();
    await page.getByText(/Entries closed: the kill switch is thrown/).waitFor();

    const hold = page.getByRole('button', { name: /^Hold .* to release/ });
    expect(await hold.isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Release word' }).fill('RESUME');
    expect(await hold.isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Reason for release' }).fill('Checked the positions');
    expect(await hold.isDisabled()).toBe(true);
    await page.getByLabel('Owner’s token or one-time code').fill('the token of this start');
    await hold.click();
    expect(await commands('killSwitch.release')).toBe(0);
    await hold.hover();
    await page.mouse.down();
    await page.getByRole('button', { name: 'Kill switch: Active' }).waitFor();
    await page.mouse.up();
    expect(await commands('killSwitch.release')).toBe(1);
  });

  it('keeps the kill switch within reach while the command palette is open', async () => {
    await openDesk('still');
    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: 'Command' }).fill('open risk');
    await page.getByRole('button', { name: /^Kill switch/ }).click({ trial: true });
    await page.keyboard.press('Enter');
    expect(await page.getByRole('tab', { name: 'Risk' }).getAttribute('aria-selected')).toBe('true');
  });

  it('says across the window that its figures are old when the line breaks, and comes back by itself', async () => {
    await openDesk();
    await page.evaluate(() => window.breakScriptedLink?.());
    await page.getByRole('alert').getByText('No connection to the engine.').waitFor();
    await page.getByText(/^◐ Window stale/).waitFor();
    await page.getByText(/^● Window current/).waitFor({ timeout: 5_000 });
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('shows live money as a band, a word and a pattern, and asks once more before it sends', async () => {
    await openDesk('still&mode=live');
    await page.getByText('LIVE · REAL MONEY').waitFor();
    await page.getByRole('button', { name: /^Buy SPY 18 Dec 560 call/ }).click();
    await page.getByRole('button', { name: /^Review:/ }).click();
    expect(await commands('order.open')).toBe(0);
    await page.getByRole('button', { name: /^Send LIVE:/ }).click();
    await page
      .getByText(/sent as I-211/)
      .first()
      .waitFor();
    expect(await commands('order.open')).toBe(1);
  });

  it('closes at the number in the field, typed with a decimal comma, and asks anew after every change', async () => {
    await openDesk('still');
    await openCloseForm();
    await drawer().getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('button', { name: /^Confirm: Close all 2, at/ }).waitFor();
    const limit = page.getByRole('textbox', { name: 'Closing net limit' });
    await limit.fill('−0,95');
    expect(await page.getByRole('button', { name: /^Confirm/ }).count()).toBe(0);
    await drawer().getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('button', { name: 'Confirm: Close all 2, at 0.95 debit' }).click();
    await page.getByText('P-101: closing all.').waitFor();
    expect(await sentInputs('position.close')).toMatchObject([{ netLimit: -0.95, contracts: null }]);
  });

  it('keeps a number that cannot be read in sight, says so, and sends nothing on it', async () => {
    await openDesk('still');
    await openCloseForm();
    const units = page.getByRole('textbox', { name: 'Units to close' });
    const close = drawer().getByRole('button', { name: /^(Close|Reduce by \d)$/ });
    for (const [typed, words] of [
      ['1.5', 'must be a whole number'],
      ['7', 'must be 1 to 2'],
      ['two', 'must be a whole number'],
    ] as const) {
      await units.fill(typed);
      await units.blur();
      expect(await units.inputValue()).toBe(typed);
      expect(await units.getAttribute('aria-invalid')).toBe('true');
      await drawer().getByText(words).waitFor();
      expect(await close.isDisabled(), typed).toBe(true);
    }
    await units.fill('1,');
    await page.getByRole('button', { name: 'Reduce by 1' }).click();
    await page.getByRole('button', { name: /^Confirm: Reduce by 1,/ }).click();
    await page.getByText('P-101: closing 1.').waitFor();
    expect(await commands('position.close')).toBe(1);
  });

  it('asks for a close whose answer was lost under the same id, from a drawer opened anew as well', async () => {
    await openDesk('still');
    await openCloseForm();
    const press = async () => {
      await drawer().getByRole('button', { name: 'Close', exact: true }).click();
      await page.getByRole('button', { name: /^Confirm: Close all 2, worked by/ }).click();
    };
    await page.getByRole('button', { name: 'Use the ladder' }).click();
    await page.evaluate(() => (window.loseNextAnswer = true));
    await press();
    await page.getByText('Close: no answer').waitFor();
    await page.keyboard.press('Control+3');
    await page.keyboard.press('Control+2');
    await page.getByText(/no answer, it may have acted.*acts at most once/).waitFor();
    await page.getByText(/^● Window current/).waitFor({ timeout: 5_000 });
    await press();
    await page.getByText('Close: nothing new was sent').waitFor();
    await page.getByText('nothing new was sent. P-101: closing all.').waitFor();
    const ids = (await sentInputs('position.close')).map((input) => JSON.stringify(input));
    expect(ids).toHaveLength(2);
    expect(ids[1]).toBe(ids[0]);
    expect(await page.getByText(/no answer, it may have acted/).count()).toBe(0);
  });

  it('reviews a changed limit anew, and writes no other number over the one being typed', async () => {
    await openDesk('mode=live');
    await page.getByRole('button', { name: /^Buy SPY 18 Dec 560 call/ }).click();
    await page.getByRole('button', { name: /^Review: 1 ×/ }).click();
    await page.getByRole('button', { name: /^Send LIVE:/ }).waitFor();
    const limit = page.getByRole('textbox', { name: 'Net limit' });
    await limit.fill('−1,4');
    expect(await page.getByRole('button', { name: /^Send LIVE/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Mid' }).click();
    await limit.fill('');
    await page.waitForTimeout(2_500);
    expect(await limit.inputValue()).toBe('');
    expect(await page.getByRole('button', { name: 'Net limit to correct' }).isDisabled()).toBe(true);
    await limit.fill('−1,45');
    await page.getByRole('button', { name: 'Review: 1 × single option at 1.45 debit' }).click();
    await page.getByRole('button', { name: 'Send LIVE: 1 × single option at 1.45 debit' }).click();
    await page
      .getByText(/sent as I-211/)
      .first()
      .waitFor();
    expect(await sentInputs('order.open')).toMatchObject([{ netLimit: -1.45 }]);
  });

  it('holds a limit typed equal to the mid while the mid moves on, and steps from the number in the field', async () => {
    await openDesk('still');
    await page.getByRole('button', { name: /^Sell SPY 18 Dec 525 put/ }).click();
    await page.getByRole('button', { name: /^Buy SPY 18 Dec 520 put/ }).click();
    await page.getByText('passes every gate').waitFor();
    const limit = page.getByRole('textbox', { name: 'Net limit' });
    const shown = await limit.inputValue();
    await limit.fill(shown.replace('.', ','));
    expect(await page.getByRole('button', { name: /^Mid/ }).getAttribute('aria-pressed')).toBe('false');
    await limit.press('ArrowUp');
    expect(Number(await limit.inputValue())).toBeCloseTo(Number(shown) + 0.01, 6);
  });

  it('keeps following the mid when its field was looked at and left, and says how much of an order would go', async () => {
    await openDesk('still');
    await page.getByRole('button', { name: /^Sell SPY 18 Dec 525 put/ }).click();
    await page.getByRole('button', { name: /^Buy SPY 18 Dec 520 put/ }).click();
    await page.getByText('passes every gate').waitFor();
    await page.getByRole('textbox', { name: 'Net limit' }).focus();
    await page.getByRole('textbox', { name: 'Net limit' }).blur();
    expect(await page.getByRole('button', { name: /^Mid/ }).getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('textbox', { name: 'Contracts', exact: true }).fill('25');
    await page.getByText(/^◐ 4 of 25 would go/).waitFor();
    await page.getByRole('button', { name: /^Send 25 × vertical spread .* · 4 of 25 would go/ }).waitFor();
    await page.getByRole('button', { name: 'Flip' }).click();
    await page.getByRole('button', { name: /^Send 25 × vertical spread at 0\.\d+ debit/ }).waitFor();
  });

  it('tells beside Approve what all units can lose', async () => {
    await openDesk('still');
    await page.keyboard.press('Control+4');
    await page
      .getByRole('row', { name: /awaits you/ })
      .first()
      .click();
    await page.getByText('At most $756.00 lost on 2 units.').waitFor();
    await page.getByText('$756.00 (a unit $378.00)').waitFor();
  });

  it('says in a strategy’s drawer which way is tighter, where real money is at stake', async () => {
    const words = () => page.getByText(/a more careful profile, fewer positions and a smaller share are tighter/);
    for (const [search, told] of [
      ['still&mode=live', 1],
      ['still', 0],
    ] as const) {
      await openDesk(search);
      await page.getByRole('tab', { name: 'Strategies' }).click();
      await page
        .getByRole('button', { name: /· parameters$/ })
        .first()
        .click();
      await page.getByRole('heading', { name: 'Profile and limits' }).waitFor();
      expect(await words().count(), search).toBe(told);
      if (told > 0) await page.close();
    }
  });

  it('names the setting that is wrong and sends only what reads well', async () => {
    await openDesk('still');
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('textbox', { name: 'Find a setting' }).fill('positions at once');
    const field = page.getByRole('textbox', { name: /^Max positions/ });
    await field.fill('501');
    await page.getByText('max positions must be 1 to 500, not 501').first().waitFor();
    expect(await page.getByRole('button', { name: /^Save/ }).isDisabled()).toBe(true);
    await field.fill('12');
    await page.getByRole('button', { name: 'Save 1 change' }).click();
    await page.getByText('1 changed.').waitFor();
    expect(await field.inputValue()).toBe('12');
  });

  it('opens a limit’s setting from the risk panel', async () => {
    await openDesk('still');
    await page.getByRole('tab', { name: 'Risk' }).click();
    await page.getByRole('button', { name: /^Open positions/ }).click();
    await page.getByRole('heading', { name: 'Risk' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Max positions', exact: true }).inputValue()).toBe('20');
  });

  it('serves the kill switch and the positions on a phone', async () => {
    await openDesk('still', { width: 400, height: 820 });
    await page.getByRole('tab', { name: 'Positions' }).click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(400);
    await page.getByRole('button', { name: /^Details of SPY Bull/i }).click();
    await page.getByRole('complementary', { name: /^SPY/ }).getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('button', { name: /^Confirm: Close all 2/ }).click();
    await page.getByText('P-101: closing all.').waitFor();
    await page.getByRole('button', { name: /^Kill switch/ }).click();
    await page.getByRole('button', { name: /^Freeze/ }).click();
    await page.getByRole('button', { name: 'Confirm: freeze' }).click();
    await page.getByRole('button', { name: 'Kill switch: Frozen' }).waitFor();
  });

  it('fits the volatility surface and bends a position', async () => {
    await openDesk('still');
    await page.getByRole('tab', { name: 'Volatility' }).click();
    await page.getByText('8 of 8 expirations fitted').waitFor();
    expect(await page.getByRole('img', { name: /^Smile of/ }).isVisible()).toBe(true);
    await page.getByText('252 recorded days', { exact: true }).waitFor();
    expect(await page.getByText('100 recorded days', { exact: true }).count()).toBe(2);
    await page.getByRole('tab', { name: 'Analyze' }).click();
    await page.getByText('Worst in view').waitFor();
    await page.getByLabel('What to analyse').selectOption('P-101');
    await page.getByRole('slider', { name: 'Days' }).fill('31');
    await page.getByText('in 31 d of 31').waitFor();
    expect(await page.getByRole('img', { name: 'Probability cone of the price' }).isVisible()).toBe(true);
  });

  it('shows a second opinion as words beside the desk’s own figures, and asks for another by a press', async () => {
    await openDesk('still');
    await page.getByRole('tab', { name: 'Decisions' }).click();
    await page.getByRole('button', { name: 'Details of decision D-3999' }).click();
    const opinion = page.locator('section.section').filter({ has: page.getByRole('heading', { name: 'Second opinion' }) });
    await opinion.getByText('✗ disagrees').waitFor();
    const words = opinion.locator('blockquote');
    // Even a text that no host would hand on is text here.
    expect(await words.innerText()).toContain('<b>wide</b>');
    expect(await words.locator('*').count()).toBe(0);
    expect(await opinion.locator('a, img').count()).toBe(0);
    await opinion.getByText(/The desk’s own: chance of profit/).waitFor();
    await opinion.getByRole('button', { name: 'Ask again' }).click();
    await page.getByText('Asked.').first().waitFor();
    expect(await commands('opinion.ask')).toBe(1);
    expect(await commands('proposal.answer')).toBe(0);
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Second opinion', exact: true }).click();
    await page.getByText('✓ can be asked').waitFor();
  });

  it('has words for every panel that holds nothing yet', async () => {
    await openDesk('still&empty');
    const empty = [
      ['Positions', 'Nothing is held'],
      ['Orders', 'No orders yet'],
      ['Decisions', 'No decision yet'],
      ['Journal', 'No closed trades yet'],
    ] as const;
    for (const [tab, words] of empty) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByText(words).waitFor();
    }
  });
});
