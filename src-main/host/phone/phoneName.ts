import type { PairedPhone } from '#ports/phone';

/** A paired phone as the journal and the desk name it. */
export function titleOf(phone: PairedPhone): string {
  return `phone ${phone.name} …${endingOf(phone)}`;
}

/** The last digits of its number: enough to tell two apart. */
export function endingOf({ userId }: PairedPhone): string {
  return String(userId).slice(-4);
}
