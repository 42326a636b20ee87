import { OWNER, STRANGER } from '#support/telegramStandIn';
import { one, type Random } from './payloads.ts';

/** What a forger would most like to be heard. */
const STOPS = ['/kill', '/freeze', '/pause', '/KILL now', '/kill@my_desk_bot', '/pause\u0000'];
/** What the owner may say without that anything changes: nothing of it is within a phone's reach, or it is not allowed here. */
const HARMLESS = [
  '/resume',
  '/release RESUME',
  '/approve d1',
  '/decline d1',
  '123456',
  '/settings risk.maxPositions 99',
  '/live.arm',
  '/flatten',
  '/start',
  '/unpair',
  '/pair AAAAAAAAAA',
  'kill',
  ' / kill',
  '//kill',
  '/kil',
  '/killx',
];
const FOREIGN: readonly Readonly<Record<string, unknown>>[] = [
  { forward_origin: { type: 'user', sender_user: OWNER } },
  { forward_from: OWNER },
  { forward_sender_name: 'Olga' },
  { forward_date: 1_700_000_000 },
  { edit_date: 1_700_000_000 },
  { via_bot: { id: 1, is_bot: true, first_name: 'b' } },
  { sender_chat: { id: OWNER.id, type: 'private' } },
  { is_automatic_forward: true },
  { business_connection_id: 'x' },
  { is_from_offline: true },
];
const OTHER_KINDS = [
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'inline_query',
  'chosen_inline_result',
  'business_message',
  'my_chat_member',
  'poll_answer',
  'message_reaction',
  '__proto__',
];
const NOT_A_NUMBER: readonly unknown[] = [
  null,
  '',
  String(OWNER.id),
  -OWNER.id,
  OWNER.id + 0.5,
  Number.MAX_VALUE,
  [OWNER.id],
  { id: OWNER.id },
];
const TYPES = ['group', 'supergroup', 'channel', 'PRIVATE', 'private ', '', null];

/** One update that must change nothing, as an entry of an answer to getUpdates. `acted` are numbers that were acted upon. */
export function hostileUpdate(random: Random, id: number, acted: readonly number[]): unknown {
  const now = Math.floor(Date.now() / 1000);
  const text = one(random, STOPS);
  const message = (more: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => ({
    message_id: 1,
    date: now,
    from: OWNER,
    chat: { id: OWNER.id, type: 'private' },
    text,
    ...more,
  });
  const callback = (more: Readonly<Record<string, unknown>>): unknown => ({
    update_id: id,
    callback_query: { id: String(id), from: OWNER, chat_instance: '1', message: { ...message({}) }, data: 'pause', ...more },
  });
  switch (Math.floor(random() * 14)) {
    case 0:
      return { update_id: id, message: message({ from: STRANGER, chat: { id: STRANGER.id, type: 'private' } }) };
    case 1:
      return { update_id: id, message: message({ from: STRANGER }) };
    case 2:
      return { update_id: id, message: message({ chat: { id: one(random, [-100_123, STRANGER.id, 0]), type: 'private' } }) };
    case 3:
      return { update_id: id, message: message({ chat: { id: OWNER.id, type: one(random, TYPES) } }) };
    case 4:
      return { update_id: id, message: message(one(random, FOREIGN)) };
    case 5:
      return { update_id: id, message: message({ from: { ...OWNER, is_bot: one(random, [true, 'false', null, 0]) } }) };
    case 6:
      return { update_id: id, message: message({ from: { ...OWNER, id: one(random, NOT_A_NUMBER) } }) };
    case 7:
      return { update_id: id, [one(random, OTHER_KINDS)]: message({}) };
    case 8:
      return { update_id: one(random, acted), message: message({}) };
    case 9:
      return { update_id: id, message: message({ text: one(random, HARMLESS) }) };
    case 10:
      return { update_id: id, message: message({ text: hugeText(random) }) };
    case 11:
      return callback(
        one(random, [
          { from: STRANGER },
          { from: { ...OWNER, is_bot: true } },
          { message: { ...message({}), chat: { id: -100_123, type: 'group' } } },
          { message: undefined, inline_message_id: 'x' },
          { message: undefined },
          { inline_message_id: 'x' },
          { id: 5 },
          { data: one(random, ['seen:a1\n', 'seen:', 'flatten', 'release', '', 'pause ', 'x'.repeat(5_000)]) },
        ]),
      );
    case 12:
      return { update_id: id, message: nested(random, message({})) };
    default:
      return one(random, [
        { update_id: one(random, NOT_A_NUMBER), message: message({}) },
        { update_id: id },
        { update_id: id, message: null },
        { update_id: id, message: message({ date: one(random, [null, 'now', -1, 1e300, 0]) }) },
        { update_id: id, message: message({ text: one(random, [null, 5, ['/kill'], { toString: '/kill' }]) }) },
        { update_id: id, message: message({ date: now - 3_600, text: '/seen a1' }) },
        { update_id: id, message: message({ text: undefined, caption: text }) },
        null,
        'x',
        [],
      ]);
  }
}

/** A whole answer that is none; few, since the desk waits longer after each. */
export function brokenAnswer(random: Random): { readonly kind: 'answer'; readonly status: number; readonly body: string } {
  const body = one(random, [
    '',
    'null',
    '<html>',
    '{"ok":true}',
    '{"ok":"yes","result":[]}',
    '{"ok":true,"result":{"0":{}}}',
    `{"ok":true,"result":${'['.repeat(50_000)}`,
    `{"ok":false,"error_code":"${'9'.repeat(5_000)}"}`,
    '{"ok":false,"error_code":420,"description":{"a":1},"parameters":{"retry_after":"x"}}',
    `${'\u0000'.repeat(100)}`,
  ]);
  return { kind: 'answer', status: one(random, [200, 200, 400, 403, 418, 500, 502]), body };
}

function hugeText(random: Random): string {
  return one(random, [
    'x'.repeat(100_000),
    `/pair ${'A'.repeat(50_000)}`,
    '\u202e'.repeat(4_096),
    '/'.repeat(9_000),
    '\ud800',
    '{"a":'.repeat(3_000),
  ]);
}

/** The message with something deep or wide in a field that nobody reads, or in one that is read. */
function nested(random: Random, message: Readonly<Record<string, unknown>>): unknown {
  let deep: unknown = '/kill';
  for (let level = 0; level < 500; level += 1) deep = random() < 0.5 ? [deep] : { message: deep };
  const field = one(random, ['text', 'from', 'chat', 'forward_origin', 'via_bot']);
  return { ...message, [field]: deep };
}
