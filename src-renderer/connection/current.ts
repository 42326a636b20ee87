import { create } from 'zustand';
import { type CallFailure, type Desk, failureOf } from './desk.ts';
import { createSession, type LinkState, type OpenLink, type Session } from './session.ts';

/** How the line to the engine is, and when the last frame came in (`performance.now()` of this window). */
interface LinkView {
  readonly link: LinkState;
}

export const useLink = create<LinkView>(() => ({ link: { kind: 'connecting', attempt: 0 } }));

let session: Session | null = null;

/** Opens the window's one session; called once when the window starts, again only after a sign-in. */
export function startSession(open: OpenLink): void {
  session?.stop();
  session = createSession(open, (link) => useLink.setState({ link }));
  session.start();
}

export function retryNow(): void {
  session?.retryNow();
}

function current(): Session {
  if (!session) throw new Error('the window has not started its session');
  return session;
}

/** The window's one client, in the shape of {@link Desk}. */
export const desk: Desk = {
  query: (name, input) => current().query(name, input),
  command: (name, input) => current().command(name, input),
  feed: (name, input, onItem, onFailure) => current().feed(name, input, onItem, onFailure),
};

/** A new id for one press: whatever is sent twice with it acts once. */
export function newCommandId(): string {
  const random = new Uint32Array(4);
  crypto.getRandomValues(random);
  return `ui-${Array.from(random, (part) => part.toString(36)).join('')}`.slice(0, 40).padEnd(12, '0');
}

/** A promise as a value: the answer, or why there is none. */
export async function settled<Answer>(
  promise: Promise<Answer>,
): Promise<{ readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly failure: CallFailure }> {
  try {
    return { ok: true, answer: await promise };
  } catch (thrown) {
    return { ok: false, failure: failureOf(thrown) };
  }
}
