import { type Instant, instant } from '#domain/units';
import type { ChatUpdate, PhoneRecord } from '#ports/phone';

type Said = Exclude<ChatUpdate, { kind: 'other' }>;

/**
 * Why an update is not heard; null when it is the very person, alone with the bot, in own words. A chat's number is checked too:
 * in a group every member would have the owner's power.
 */
export function whyNotHeard(update: Said, userId: number): string | null {
  const { from, chatId, isPrivate, notOwnWords } = update;
  if (from === null) return 'it names no sender';
  if (from.isBot) return 'a bot sent it';
  if (from.id !== userId) return 'somebody else sent it';
  if (!isPrivate || chatId !== from.id) return 'it was not sent in the private chat';
  return notOwnWords === null ? null : `it was ${notOwnWords}`;
}

const KEPT = 256;
/** Telegram draws a new number by chance after a week without news; until then numbers only grow. */
const GROWS_MS = 6 * 86_400_000;

/**
 * True when this update can only be an old one: acted upon, or numbered below one that was while numbers grow. The week is
 * counted by the chat's own clock: a clock here that was set back must not make the desk deaf.
 */
export function isReplay(record: PhoneRecord, { updateId, sentAt }: Said, now: Instant): boolean {
  if (record.acted.includes(updateId)) return true;
  const isOfOneCount = (sentAt ?? now) - record.actedAt < GROWS_MS;
  // The last one heard is the highest of its count; higher ones before it are of a count that is over.
  return isOfOneCount && (record.acted.at(-1) ?? 0) > updateId;
}

export function withActed(record: PhoneRecord, { updateId, sentAt }: Said, now: Instant): PhoneRecord {
  const actedAt = instant(Math.max(record.actedAt, sentAt ?? now));
  return { ...record, acted: [...record.acted, updateId].slice(-KEPT), actedAt };
}

/** Seconds since it was sent, at most; Infinity when that is not known. */
export function ageSeconds({ sentAt }: Said, now: number): number {
  return sentAt === null ? Number.POSITIVE_INFINITY : Math.max(0, (now - sentAt) / 1000);
}
