import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { type DeskServer, startDesk } from './deskServer.ts';

/** A desk of its own, open in one Chromium window that is current. */
export interface DeskWindow {
  readonly desk: DeskServer;
  readonly page: Page;
  /** Errors of the page and of its console, as they come. */
  readonly complaints: readonly string[];
  /** Ends both and removes the desk's folder. */
  close(): Promise<void>;
}

/** Starts a desk in a folder named after `story` and opens it; waits in the page end after `patienceMs`. */
export async function openDeskWindow(
  story: string,
  options: { speed?: number; environment?: Readonly<Record<string, string>>; patienceMs: number },
): Promise<DeskWindow> {
  const home = await mkdtemp(join(tmpdir(), `strikedesk-${story}-`));
  const browser = await launchChromium();
  const desk = await startDesk(home, options);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.setDefaultTimeout(options.patienceMs);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(desk.address);
  await page.getByText(/^● Window current/).waitFor();
  return {
    desk,
    page,
    complaints,
    async close() {
      await browser.close();
      await desk.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
