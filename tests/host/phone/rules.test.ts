import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '#domain/units';
import { withoutAmounts } from '#host/phone/answers';
import { createPairing } from '#host/phone/pairing';
import { ageSeconds, isReplay, whyNotHeard, withActed } from '#host/phone/whoMaySpeak';
import { commandIn, pairingCodeIn } from '#host/phone/words';
import type { PhoneRecord } from '#ports/phone';

const OWNER = 7_001_002_003;
const NOW = instant(1_790_000_000_000);
const DAY = 86_400_000;
const said = {
  kind: 'text',
  updateId: 10,
  text: '/kill',
  from: { id: OWNER, isBot: false, name: '@olga' },
  chatId: OWNER,
  isPrivate: true,
  notOwnWords: null,
  sentAt: NOW,
} as const;
const record: PhoneRecord = { botId: '1', paired: null, acted: [], actedAt: instant(0) };

describe('who is heard', () => {
  it('is one person, alone with the bot, in own words', () => {
    expect(whyNotHeard(said, OWNER)).toBeNull();
    expect(whyNotHeard({ ...said, from: null }, OWNER)).toContain('no sender');
    expect(whyNotHeard({ ...said, from: { ...said.from, isBot: true } }, OWNER)).toContain('a bot');
    expect(whyNotHeard(said, OWNER + 1)).toContain('somebody else');
    expect(whyNotHeard({ ...said, chatId: -100 }, OWNER)).toContain('private chat');
    expect(whyNotHeard({ ...said, isPrivate: false }, OWNER)).toContain('private chat');
    expect(whyNotHeard({ ...said, notOwnWords: 'forwarded' }, OWNER)).toContain('forwarded');
  });

  it('is nobody in anything that differs from that in a single point', () => {
    fc.assert(
      fc.property(
        fc.record({
          from: fc.option(fc.record({ id: fc.constantFrom(OWNER, OWNER + 1, -OWNER), isBot: fc.boolean(), name: fc.string() })),
          chatId: fc.option(fc.constantFrom(OWNER, -OWNER, 5)),
          isPrivate: fc.boolean(),
          notOwnWords: fc.option(fc.constantFrom('forwarded', 'edited')),
        }),
        (given) => {
          const { from, chatId, isPrivate, notOwnWords } = given;
          const isOwner = from?.id === OWNER && !from.isBot && chatId === OWNER && isPrivate && notOwnWords === null;
          return (whyNotHeard({ ...said, ...given }, OWNER) === null) === isOwner;
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('an update', () => {
  it('is old when it was acted upon, or numbered below one that was, until a week of silence numbers anew', () => {
    const sent = (updateId: number, days: number) => ({ ...said, updateId, sentAt: instant(NOW + days * DAY) });
    const acted = withActed(withActed(record, sent(100, 0), NOW), sent(105, 0), NOW);
    expect([100, 103, 105].map((id) => isReplay(acted, sent(id, 1), NOW))).toEqual([true, true, true]);
    expect(isReplay(acted, sent(106, 1), NOW)).toBe(false);
    // After the week a lower number is news, whatever the clock here says; the very same one is still not.
    for (const here of [NOW, instant(NOW - 30 * DAY), instant(NOW + 30 * DAY)]) {
      expect(isReplay(acted, sent(7, 7), here)).toBe(false);
      expect(isReplay(acted, sent(100, 7), here)).toBe(true);
    }
  });

  it('is heard after the numbering began anew, and after that, however high the numbers of before were', () => {
    const sent = (updateId: number, days: number) => ({ ...said, updateId, sentAt: instant(NOW + days * DAY) });
    const anew = withActed(withActed(record, sent(900_000_001, 0), NOW), sent(350_000_010, 9), NOW);
    for (const days of [9, 10, 14]) expect(isReplay(anew, sent(350_000_011, days), NOW)).toBe(false);
    expect(isReplay(anew, sent(350_000_009, 9), NOW)).toBe(true);
    expect(isReplay(anew, sent(900_000_001, 9), NOW)).toBe(true);
  });

  it('is remembered among the last 256 that were acted upon', () => {
    const many = Array.from({ length: 300 }, (_, n) => n + 1).reduce(
      (kept, updateId) => withActed(kept, { ...said, updateId }, NOW),
      record,
    );
    expect(many.acted).toHaveLength(256);
    // What fell off the list is still below what is on it.
    expect([1, 44, 45, 300].map((updateId) => isReplay(many, { ...said, updateId }, NOW))).toEqual([true, true, true, true]);
  });

  it('has an age, and one without a time is older than anything', () => {
    expect(ageSeconds(said, NOW + 121_000)).toBe(121);
    expect(ageSeconds({ ...said, sentAt: null }, NOW)).toBe(Number.POSITIVE_INFINITY);
    expect(ageSeconds(said, NOW - 5_000)).toBe(0);
  });
});

describe('a typed line', () => {
  it.each([
    ['/kill', 'freeze'],
    ['/KILL', 'freeze'],
    ['/freeze@my_desk_bot please', 'freeze'],
    ['  /pause\n', 'stopEntries'],
  ])('%j stops by %s', (line, verb) => expect(commandIn(line)).toMatchObject({ kind: 'stop', verb }));

  it.each([
    'kill',
    '/killall',
    '//kill',
    '/kill_',
    '/ kill',
    'please /kill',
    '/release',
    '/flatten',
    '/set risk.maxPositions 9',
    '',
  ])('%j is not understood', (line) => expect(commandIn(line)).toEqual({ kind: 'unknown' }));

  it('gives its reason to the journal without line breaks, controls or a novel', () => {
    const command = commandIn(`/pause a\n\u202eb\u0000 ${'x'.repeat(900)}`);
    expect(command.kind === 'stop' && command.reason.startsWith('From the phone: a b xxx')).toBe(true);
    expect(command.kind === 'stop' && command.reason.length).toBeLessThan(230);
  });

  it('is a code only when it is six digits, and an answer only with one name', () => {
    expect(commandIn('123456')).toEqual({ kind: 'code', code: '123456' });
    expect(commandIn('1234567')).toEqual({ kind: 'unknown' });
    expect(commandIn('/approve d12')).toEqual({ kind: 'answer', decisionId: 'd12', approve: true });
    expect(commandIn('/decline d12 d13')).toEqual({ kind: 'unknown' });
    expect(commandIn('/seen a1')).toEqual({ kind: 'seen', alertId: 'a1' });
    expect(pairingCodeIn('/start abcdefgh23')).toBe('ABCDEFGH23');
    expect(pairingCodeIn('/pair')).toBeNull();
  });
});

describe('a pairing code', () => {
  it('counts once, within its time, and not after five wrong ones', () => {
    const clock = { now: 0 };
    const pairing = createPairing(() => clock.now);
    expect(pairing.take('ANYTHING')).toBe(false);
    const first = pairing.draw(10).code;
    expect([pairing.take(first), pairing.take(first)]).toEqual([true, false]);
    const late = pairing.draw(10).code;
    clock.now += 600_000;
    expect(pairing.take(late)).toBe(false);
    const guessed = pairing.draw(10).code;
    for (let guess = 0; guess < 4; guess += 1) pairing.take(`WRONG${guess}`);
    expect(pairing.standing()).toMatchObject({ wrong: 4 });
    pairing.take('WRONG5');
    expect(pairing.standing()).toBeNull();
    expect(pairing.take(guessed)).toBe(false);
  });

  it('is drawn evenly from letters that are not taken for another', () => {
    const pairing = createPairing(() => 0);
    const letters = Array.from({ length: 300 }, () => pairing.draw(10).code).join('');
    expect(letters).toMatch(/^[2-9A-HJKMNP-TV-Z]{3000}$/);
    expect(new Set(letters).size).toBe(30);
  });
});

describe('a discreet message', () => {
  it.each([
    ['Filled 2 SPY at $1.20, credit $240.00', 'Filled 2 SPY at •••, credit •••'],
    ['2 × 0.85, probability of profit 72 %', '2 × •••, probability of profit 72 %'],
    ['equity −$12,345.67 below the peak', 'equity ••• below the peak'],
    ['loss of the day 5.3 % is over 5 %', 'loss of the day 5.3 % is over 5 %'],
    ['the books differ by 250 cents', 'the books differ by ••• cents'],
    ['account 512345678', 'account •••'],
    ['Entries are still open at the broker: 3 of them', 'Entries are still open at the broker: 3 of them'],
  ])('%j', (text, shown) => expect(withoutAmounts(text)).toBe(shown));

  it('never shows a number behind a dollar sign, nor one with cents', () => {
    const amount = fc.double({ min: 0, max: 9_999_999, noNaN: true }).map((value) => value.toFixed(2));
    fc.assert(
      fc.property(amount, fc.constantFrom('', '-', '−', '+'), fc.constantFrom('$', '$ ', ''), (value, sign, unit) => {
        const shown = withoutAmounts(`profit ${sign}${unit}${value}, more`);
        return shown === 'profit •••, more';
      }),
    );
  });
});
