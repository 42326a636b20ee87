import type { Instant } from '#domain/units';

/** Who sent something, as the chat's own server says it: nobody can write another's number into it. */
export interface ChatSender {
  readonly id: number;
  readonly isBot: boolean;
  readonly name: string;
}

interface FromChat {
  readonly updateId: number;
  readonly from: ChatSender | null;
  /** null = not said. In a private chat this is the other person's own number. */
  readonly chatId: number | null;
  readonly isPrivate: boolean;
  /** Why this is not what the sender typed just now ('forwarded', 'edited', ...); null when it is. */
  readonly notOwnWords: string | null;
  /** When it was sent, or the earliest that it can have been; null = not known. The machine's clock. */
  readonly sentAt: Instant | null;
}

/** What came from the chat, not yet judged: whether it counts is decided in `host/phone`. */
export type ChatUpdate =
  | ({ readonly kind: 'text'; readonly text: string } & FromChat)
  | ({ readonly kind: 'button'; readonly callbackId: string; readonly data: string } & FromChat)
  | { readonly kind: 'other'; readonly updateId: number; readonly what: string };

/** A button under a message; `data` comes back when it is pressed. At most 64 bytes. */
export interface ChatButton {
  readonly label: string;
  readonly data: string;
}

export interface ChatMessage {
  readonly chatId: number;
  readonly title: string;
  readonly body: string;
  readonly buttons: readonly ChatButton[];
  /** Goes before everything that waits, and is never given up for it. */
  readonly first: boolean;
  /** Without it the phone may forward and keep the text. */
  readonly keptClose: boolean;
}

/** How the line to the chat stands. */
export interface ChatStanding {
  /** `conflict`: another program reads with the same token. `refused`: the token is not accepted. `failing`: no answer. */
  readonly state: 'connecting' | 'connected' | 'conflict' | 'refused' | 'failing';
  readonly detail: string;
  /** The bot's name, once it is known. */
  readonly bot: string | null;
  /** When its server last answered a poll. */
  readonly lastContactAt: Instant | null;
  /** Messages that wait to be sent, and those that were given up. */
  readonly waiting: number;
  readonly givenUp: number;
}

/** An open line to the chat. It has timers of its own; nothing that it does is ever waited for by the engine. */
export interface ChatLink {
  standing(): ChatStanding;
  /** Puts a message into the line and returns at once. */
  say(message: ChatMessage): void;
  /** Ends the waiting of a pressed button, with a word to the presser. */
  answerButton(callbackId: string, text: string): void;
  stop(): void;
}

export interface ChatLinkParts {
  readonly token: string;
  /** Judges and acts; called for one update after the other. What it throws is told to `onError` and ends nothing. */
  onUpdate(update: ChatUpdate): void;
  onStanding(now: ChatStanding['state'], detail: string): void;
  onError(where: string, error: unknown): void;
}
export type OpenChatLink = (parts: ChatLinkParts) => ChatLink;

/** The one person who may speak to this desk from a phone. */
export interface PairedPhone {
  readonly userId: number;
  readonly name: string;
  readonly at: Instant;
}

/** What must outlive the program: for which bot, who is paired, and which of that person's updates were acted upon. */
export interface PhoneRecord {
  readonly botId: string;
  readonly paired: PairedPhone | null;
  /** Newest last. */
  readonly acted: readonly number[];
  /** When the newest of them was sent, by the chat's own clock. */
  readonly actedAt: Instant;
}

/** Keeps the record. */
export interface PhoneMemory {
  /** null = there is none, or it cannot be read: then nobody is paired. */
  read(): PhoneRecord | null;
  /** On the disk when it returns; throws when it cannot be. */
  write(record: PhoneRecord): void;
}
