import { throwLatch } from '#adapters/latch/latchFile';
import { openPhoneFile } from '#adapters/telegram/phoneFile';
import { openTelegramLink } from '#adapters/telegram/telegramLink';
import type { Instant } from '#domain/units';
import type { HostParts } from '#host/hostParts';
import type { Latch } from '#ports/latch';
import type { DeskSettings } from '../settingsSchema.ts';

/** The phone's memory, its line, and the kill switch's file itself. */
export function phoneParts(parts: {
  readonly file: string;
  readonly latch: Latch;
  telegram(): DeskSettings['telegram'];
  now(): Instant;
}): HostParts['phone'] {
  const { file, latch, telegram, now } = parts;
  return {
    memory: openPhoneFile(file),
    openLink: (link) =>
      openTelegramLink({
        ...link,
        baseUrl: telegram().apiUrl,
        pollSeconds: () => telegram().pollSeconds,
        messagesPerMinute: () => telegram().messagesPerMinute,
        wallNow: Date.now,
        chance: Math.random,
      }),
    latch: {
      state: () => latch.read().state,
      throw(verb, reason, by) {
        throwLatch(latch, { verb: verb === 'freeze' ? 'freeze' : 'stop-entries', reason, by, at: now() });
      },
    },
  };
}
