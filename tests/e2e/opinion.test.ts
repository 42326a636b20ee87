import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn } from '#support/deskProcess';
import { type ObeyingModel, startObeyingModel } from '../battery/injection/obeyingModel.ts';
import type { DeskServer } from './deskServer.ts';
import { type DeskWindow, openDeskWindow } from './deskWindow.ts';

const STRATEGIES = ['bull_put_spread', 'bear_call_spread', 'iron_condor', 'cash_secured_put', 'covered_call'];

let model: ObeyingModel;
let opened: DeskWindow;
let desk: DeskServer;
let page: Page;

beforeAll(async () => {
  model = await startObeyingModel();
  opened = await openDeskWindow('opinion', {
    speed: 60,
    patienceMs: 60_000,
    environment: {
      STRIKEDESK_SECRETS: 'environment',
      STRIKEDESK_STRATEGIES: JSON.stringify(Object.fromEntries(STRATEGIES.map((id) => [id, { mode: 'approve' }]))),
      STRIKEDESK_EXECUTION_APPROVAL_SECONDS: '3600',
      STRIKEDESK_RISK_NO_ENTRIES_FIRST_MINUTES: '0',
      STRIKEDESK_OPINION_ENABLED: 'true',
      STRIKEDESK_OPINION_URL: model.url,
      STRIKEDESK_OPINION_MODEL: 'small',
    },
  });
  ({ desk, page } = opened);
});

afterAll(async () => {
  await opened?.close();
  await model?.close();
});

describe('a proposal that waits', () => {
  it('gets a second opinion by a press, and waits on', async () => {
    const client = await signIn(desk.url, desk.token);
    await page.getByRole('tab', { name: /^Decisions/ }).click();
    const waits = page.getByRole('row').filter({ hasText: 'awaits you' }).first();
    await waits.waitFor();
    // From here on the market all but stands still: at speed a question is over, and out of the list, within a minute.
    await client.command('desk.setSpeed', { commandId: 'opinion-story', speed: 1 });
    client.close();
    await waits.getByRole('button', { name: /^Details of decision/ }).click();
    const opinion = page.locator('section.section').filter({ has: page.getByRole('heading', { name: 'Second opinion' }) });
    await opinion.getByRole('button', { name: 'Second opinion' }).click();
    await opinion.getByText('✓ agrees').waitFor();
    expect(await opinion.locator('blockquote').innerText()).toBe('It looks sound');
    await opinion.getByText(/^Written by small, asked by owner/).waitFor();
    expect(model.heard).toHaveLength(1);
    expect(await page.getByRole('group', { name: 'Your answer' }).getByRole('button', { name: 'Approve' }).isEnabled()).toBe(
      true,
    );
    const folder = process.env['STRIKEDESK_PICTURES'];
    if (folder) await page.screenshot({ path: join(folder, 'second-opinion.png') });
  });
});
