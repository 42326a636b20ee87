import { type DeskProcess, signIn } from '#support/deskProcess';
import { eventually, startTelegram, TOKEN } from '#support/telegramStandIn';
import type { Client } from '#wire/client';
import type { Random } from './payloads.ts';
import { brokenAnswer, hostileUpdate } from './telegramUpdates.ts';

const BATCH = 100;
/** So many batches, one answer that is none: the desk waits a second and more after it. */
const BROKEN_EACH = 200;
const FIRST_NUMBER = 700_000_000;
const ANSWER_MS = 60_000;

/** What makes the desk keep a token here, and find the stand-in. */
export const phoneEnvironment = (url: string): Readonly<Record<string, string>> => ({
  STRIKEDESK_SECRETS: 'sealed-file',
  STRIKEDESK_PASSPHRASE: 'a passphrase of the fuzz',
  STRIKEDESK_TELEGRAM_API_URL: url,
  STRIKEDESK_TELEGRAM_POLL_SECONDS: '1',
  STRIKEDESK_TELEGRAM_COMMANDS_PER_MINUTE: '120',
});

/** A paired phone whose line brings whatever an attacker, a broken server or a careless owner could put into it. */
export async function openPhoneLine(random: Random) {
  const telegram = await startTelegram();
  let client: Client | null = null;
  let number = FIRST_NUMBER;
  let batches = 0;
  const acted: number[] = [];

  const refused = (from: Client): Promise<number> =>
    new Promise((resolve, reject) => {
      const stop = from.feed(
        'phone.view',
        {},
        (view) => {
          setTimeout(() => stop());
          resolve(view.refused);
        },
        (failure) => reject(new Error(failure.message)),
      );
    });

  return {
    url: telegram.url,
    /** Pairs, lets the owner ask once, and answers with the journal's newest row: what comes after it is not the owner's. */
    async pair(desk: DeskProcess): Promise<number> {
      client = await signIn(desk.url, desk.token);
      await client.command('phone.storeToken', { commandId: 'fuzz-token', token: TOKEN });
      const { code } = await client.command('phone.pair', { commandId: 'fuzz-pairing' });
      acted.push(telegram.says(`/pair ${code}`));
      acted.push(telegram.says('/status'));
      await eventually('an answer', () => telegram.sent.some(({ text }) => text.startsWith('Strikedesk')), ANSWER_MS);
      const { rows } = await client.query('journal.events', { kind: null, text: '', beforeSeq: null, limit: 1 });
      return rows[0]?.seq ?? 0;
    },
    /** Sends one batch of hostile updates and waits until the desk has read it. */
    async attack(): Promise<number> {
      batches += 1;
      if (batches % BROKEN_EACH === 0) telegram.mishap('getUpdates', brokenAnswer(random));
      const result = Array.from({ length: BATCH }, () => {
        number += 1;
        return hostileUpdate(random, number, acted);
      });
      telegram.mishap('getUpdates', { kind: 'answer', status: 200, body: JSON.stringify({ ok: true, result }) });
      await eventually('the batch was fetched', () => telegram.mishapsLeft('getUpdates') === 0, ANSWER_MS);
      return BATCH;
    },
    /** Messages that the desk counted as not acted upon: shows that it was not simply deaf. */
    refused: (): Promise<number> => (client === null ? Promise.resolve(0) : refused(client)),
    /** Whether the owner is still heard, after all of it. */
    async stopsStill(): Promise<boolean> {
      const before = telegram.sent.length;
      telegram.numbersFrom(number + 1);
      telegram.says('/kill');
      return eventually(
        'the kill switch',
        () => telegram.sent.slice(before).some(({ text }) => text.startsWith('Kill switch: HALTED')),
        ANSWER_MS,
      ).catch(() => false);
    },
    async close(): Promise<void> {
      client?.close();
      await telegram.close();
    },
  };
}
