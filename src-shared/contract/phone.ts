import { z } from 'zod';
import type { Instant } from '../domain/units.ts';
import type { ActOutcome } from './desk.ts';
import { commandId, noInput } from './fields.ts';
import { command, feed } from './verbs.ts';

/** The owner's phone over a Telegram bot. Instants are the machine's own clock. The token is never in it, nor a pairing code. */
export interface PhoneView {
  readonly hasToken: boolean;
  /** Why no token can be kept here; empty when one can. */
  readonly storeProblem: string;
  /** `off`: no token, or switched off in the settings. `conflict`: another program reads with the same token. */
  readonly line: 'off' | 'connecting' | 'connected' | 'conflict' | 'refused' | 'failing';
  readonly detail: string;
  /** The bot's name without the @; empty until it is known. */
  readonly bot: string;
  readonly lastContactAt: Instant | null;
  readonly paired: { readonly name: string; readonly idEnding: string; readonly at: Instant } | null;
  /** A pairing code waits to be sent from the phone. */
  readonly pairing: { readonly until: Instant; readonly wrong: number } | null;
  /** What the paired phone last asked for, and when. */
  readonly lastHeard: { readonly what: string; readonly at: Instant } | null;
  /** Messages since the start that were not acted upon: from somebody else, from groups, forwarded, edited, ... */
  readonly refused: number;
  readonly lastRefusal: string;
  readonly waiting: number;
  readonly givenUp: number;
}

const token = z.string().regex(/^\d{5,20}:[A-Za-z0-9_-]{30,80}$/, 'the token is not of the form 123456789:AA…');

export const phone = {
  'phone.view': feed<PhoneView>()(noInput),
  /** The token goes in and never comes out. */
  'phone.storeToken': command<ActOutcome>()(z.strictObject({ commandId, token })),
  'phone.forgetToken': command<ActOutcome>()(z.strictObject({ commandId })),
  /** Draws a code that pairs the phone which sends it first. `link` opens the bot with it; empty while the bot's name is not known. */
  'phone.pair': command<ActOutcome & { readonly code: string; readonly link: string; readonly qrSvg: string }>()(
    z.strictObject({ commandId }),
  ),
  'phone.unpair': command<ActOutcome>()(z.strictObject({ commandId })),
  'phone.test': command<ActOutcome>()(z.strictObject({ commandId })),
};
