import { z } from 'zod';
import { type Instant, instant } from '#domain/units';
import type { ChatSender, ChatUpdate } from '#ports/phone';

const id = z.number().int();
const user = z.looseObject({
  id,
  is_bot: z.boolean(),
  first_name: z.string().catch(''),
  username: z.string().optional().catch(undefined),
});
const chat = z.looseObject({ id, type: z.string() });
/** Fields of a message that say that it is not what its sender typed just now (core.telegram.org/bots/api#message). */
const FOREIGN: readonly (readonly [field: string, why: string])[] = [
  ['forward_origin', 'forwarded'],
  ['forward_from', 'forwarded'],
  ['forward_from_chat', 'forwarded'],
  ['forward_sender_name', 'forwarded'],
  ['forward_date', 'forwarded'],
  ['is_automatic_forward', 'forwarded'],
  ['edit_date', 'edited'],
  ['via_bot', 'sent through a bot'],
  ['sender_chat', 'sent in the name of a chat'],
  ['business_connection_id', 'sent over a business connection'],
  ['sender_business_bot', 'sent by a business bot'],
  ['is_from_offline', 'sent by itself'],
  ['guest_query_id', 'sent from another chat'],
];
const message = z.looseObject({
  date: z.number().int().positive().max(1e11),
  from: user.optional().catch(undefined),
  chat,
  text: z.string().optional().catch(undefined),
});
const callback = z.looseObject({
  id: z.string().min(1).max(64),
  from: user,
  message: z.looseObject({ chat }).optional().catch(undefined),
  inline_message_id: z.unknown().optional(),
  data: z.string().optional().catch(undefined),
});
const update = z.looseObject({
  update_id: id.nonnegative(),
  message: z.unknown().optional(),
  callback_query: z.unknown().optional(),
});

/**
 * One entry of an answer to getUpdates; null when it has no number. A button tells no time of its own: it cannot have been
 * pressed before `quietSince`, when the server last had nothing to tell.
 */
export function updateOf(raw: unknown, quietSince: Instant | null): ChatUpdate | null {
  const parsed = update.safeParse(raw);
  if (!parsed.success) return null;
  const { update_id: updateId } = parsed.data;
  const other = (what: string): ChatUpdate => ({ kind: 'other', updateId, what });
  if (parsed.data.message !== undefined) {
    const told = message.safeParse(parsed.data.message);
    if (!told.success) return other('a message without date or chat');
    const { date, from, chat, text } = told.data;
    if (text === undefined) return other('a message without text');
    return {
      kind: 'text',
      updateId,
      text,
      from: from ? senderOf(from) : null,
      chatId: chat.id,
      isPrivate: chat.type === 'private',
      notOwnWords: foreignIn(told.data),
      sentAt: instant(date * 1000),
    };
  }
  if (parsed.data.callback_query !== undefined) {
    const told = callback.safeParse(parsed.data.callback_query);
    if (!told.success) return other('a button that cannot be read');
    const { id: callbackId, from, message: under, data = '', inline_message_id: inline } = told.data;
    return {
      kind: 'button',
      updateId,
      callbackId,
      data,
      from: senderOf(from),
      chatId: under?.chat.id ?? null,
      isPrivate: under?.chat.type === 'private',
      notOwnWords: inline === undefined ? null : 'pressed under an inline message',
      sentAt: quietSince,
    };
  }
  const [what = 'nothing'] = Object.keys(parsed.data).filter((name) => name !== 'update_id');
  return other(what.slice(0, 40));
}

function senderOf({ id, is_bot: isBot, first_name: first, username }: z.output<typeof user>): ChatSender {
  return { id, isBot, name: (username ? `@${username}` : first).slice(0, 64) };
}

function foreignIn(told: Readonly<Record<string, unknown>>): string | null {
  for (const [field, why] of FOREIGN) if (told[field] !== undefined && told[field] !== false) return why;
  return null;
}
