import { randomBytes } from 'node:crypto';
import type { Role } from '#wire/host';
import { digestOf, newToken, roleOf, type Tokens } from './tokens.ts';

/** Somebody who signed in. The window keeps the session's token instead of what it signed in with, so that a reload works. */
export interface Session {
  readonly role: Role;
  /** How the journal names it. */
  readonly name: string;
  readonly token: string;
  /** On the clock of `elapsedMs`. */
  readonly until: number;
}

/** `over`: it was right once, or names another start and opens nothing here whatever it is: no guess. */
export type Entry =
  | { readonly kind: 'session'; readonly session: Session; readonly isNew: boolean }
  | { readonly kind: 'over'; readonly why: string }
  | { readonly kind: 'wrong' };

export interface Sessions {
  /** A code for the printed link: opens the desk as the owner once, and not for long. */
  newLink(): string;
  /** The session of a token that signed in before; null for any other. */
  known(token: string): Session | null;
  /** What a token, a link's code or a session's token opens. */
  enter(token: string): Entry;
}

export const LINK_OVER = 'this link was used before or is too old';
export const SESSION_OVER = 'the session is over';
const OF_OTHER_START = 'the session is over: the desk was started anew';
/** Secrets of sessions and links: the start that made them, and chance. */
const SECRET = /^(?<start>[0-9a-f]{16})\.[A-Za-z0-9_-]{43}$/;
/** Sessions of one role that are remembered; the oldest is forgotten and signs in again. */
const MOST_SESSIONS = 64;

export function createSessions(parts: {
  readonly tokens: Tokens;
  readonly sessionMs: number;
  readonly linkMs: number;
  /** Monotonic, milliseconds: setting the clock prolongs nothing. */
  readonly elapsedMs: () => number;
}): Sessions {
  const { tokens, elapsedMs } = parts;
  // By the hash of the secret: what a look-up takes tells nothing of it.
  const links = new Map<string, { until: number }>();
  const sessions = new Map<string, Session>();
  // Each secret says which start made it: a window of an earlier one is no guesser, and must lock nobody out.
  const start = randomBytes(8).toString('hex');
  const newSecret = (): string => `${start}.${newToken()}`;
  const isOfOtherStart = (token: string): boolean => SECRET.exec(token)?.groups?.['start'] !== start && SECRET.test(token);
  const keyOf = (token: string): string => digestOf(token).toString('hex');

  function open(role: Role): Session {
    const name = `session ${randomBytes(4).toString('hex')}`;
    const session = { role, name, token: newSecret(), until: elapsedMs() + parts.sessionMs };
    const same = [...sessions].filter(([, other]) => other.role === role);
    if (same.length >= MOST_SESSIONS) sessions.delete(same[0]?.[0] ?? '');
    sessions.set(keyOf(session.token), session);
    return session;
  }

  function known(token: string): Session | null {
    const session = sessions.get(keyOf(token));
    return session && elapsedMs() < session.until ? session : null;
  }

  return {
    newLink() {
      const code = newSecret();
      links.set(keyOf(code), { until: elapsedMs() + parts.linkMs });
      return code;
    },
    known,
    enter(token) {
      const key = keyOf(token);
      const role = roleOf(token, tokens);
      if (role !== null) return { kind: 'session', session: open(role), isNew: true };
      const link = links.get(key);
      if (link) {
        if (elapsedMs() >= link.until) return { kind: 'over', why: LINK_OVER };
        link.until = 0;
        return { kind: 'session', session: open('owner'), isNew: true };
      }
      const session = known(token);
      if (session) return { kind: 'session', session, isNew: false };
      if (sessions.has(key)) return { kind: 'over', why: SESSION_OVER };
      return isOfOtherStart(token) ? { kind: 'over', why: OF_OTHER_START } : { kind: 'wrong' };
    },
  };
}
