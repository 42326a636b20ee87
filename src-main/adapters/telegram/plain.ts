import type { ChatMessage } from '#ports/phone';

/** Telegram takes 4096 characters after entities; less leaves room for the line about what was left out. */
const MOST_CHARACTERS = 3_500;

/**
 * A message for sendMessage. It goes as plain text with the title as an entity: there is no markup that a text could break out
 * of, or that could make an alert fail to be parsed. Control characters and marks that turn the direction of writing are taken out.
 */
export function plain({ chatId, title, body, buttons, keptClose }: ChatMessage, leftOut: number): object {
  const head = visible(title).replaceAll('\n', ' ');
  const left =
    leftOut === 0 ? '' : `\n\n${leftOut} earlier ${leftOut === 1 ? 'notice was' : 'notices were'} left out; the desk has them.`;
  const text = `${head}${body === '' ? '' : `\n${visible(body)}`}`;
  const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')} …` : text;
  return {
    chat_id: chatId,
    text: `${cut}${left}`,
    entities: [{ type: 'bold', offset: 0, length: Math.min(head.length, MOST_CHARACTERS) }],
    link_preview_options: { is_disabled: true },
    protect_content: keptClose,
    ...(buttons.length === 0
      ? {}
      : { reply_markup: { inline_keyboard: [buttons.map(({ label, data }) => ({ text: label, callback_data: data }))] } }),
  };
}

function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, (letter) => (letter === '\n' ? letter : ''));
}
