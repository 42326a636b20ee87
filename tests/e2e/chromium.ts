import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] as const;
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The system's Chromium without anything that calls home. Throws, naming what to install, where there is none. */
export function launchChromium(): Promise<Browser> {
  const executablePath = process.env['STRIKEDESK_CHROMIUM'] ?? PLACES.find((path) => existsSync(path));
  if (!executablePath) throw new Error('no Chromium found: install it (Debian: apt-get install chromium)');
  return chromium.launch({ executablePath, args: ARGUMENTS });
}
