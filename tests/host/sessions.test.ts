import { describe, expect, it } from 'vitest';
import { createSessions, type Entry } from '#host/web/sessions';
import { makeTokens } from '#host/web/tokens';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Sessions of twelve hours, links of fifteen minutes. */
function door() {
  const clock = { now: 1_000 };
  const tokens = makeTokens();
  const sessions = createSessions({ tokens, sessionMs: 12 * HOUR, linkMs: 15 * MINUTE, elapsedMs: () => clock.now });
  return { clock, tokens, sessions };
}

function tokenOf(entry: Entry): string {
  if (entry.kind !== 'session') throw new Error(`no session: ${entry.kind}`);
  return entry.session.token;
}

describe('a printed link', () => {
  it('opens the desk as the owner once; the reload of its page goes on by the session’s own token', () => {
    const { sessions, tokens } = door();
    const code = sessions.newLink();
    const first = sessions.enter(code);
    expect(first).toMatchObject({ kind: 'session', isNew: true, session: { role: 'owner' } });
    expect([code, tokens.owner]).not.toContain(tokenOf(first));
    expect(sessions.enter(code)).toMatchObject({ kind: 'over', why: 'this link was used before or is too old' });
    expect(sessions.enter(tokenOf(first))).toMatchObject({ kind: 'session', isNew: false });
  });

  it('is worth nothing a quarter of an hour later; another one is', () => {
    const { clock, sessions } = door();
    const code = sessions.newLink();
    clock.now += 15 * MINUTE;
    expect(sessions.enter(code)).toMatchObject({ kind: 'over' });
    expect(sessions.enter(sessions.newLink())).toMatchObject({ kind: 'session' });
  });
});

describe('a session', () => {
  it('has the role of the token that began it and ends after its hours, reloads or not', () => {
    const { clock, sessions, tokens } = door();
    const viewer = tokenOf(sessions.enter(tokens.viewer));
    clock.now += 11 * HOUR;
    expect(sessions.known(viewer)).toMatchObject({ role: 'viewer' });
    expect(sessions.enter(viewer)).toMatchObject({ kind: 'session', isNew: false });
    clock.now += HOUR;
    expect(sessions.known(viewer)).toBeNull();
    expect(sessions.enter(viewer)).toEqual({ kind: 'over', why: 'the session is over' });
    expect(sessions.enter(tokens.viewer)).toMatchObject({ kind: 'session', isNew: true });
  });

  it('of the owner is not put out by a thousand of viewers', () => {
    const { sessions, tokens } = door();
    const owner = tokenOf(sessions.enter(tokens.owner));
    for (let n = 0; n < 1_000; n++) sessions.enter(tokens.viewer);
    expect(sessions.known(owner)).not.toBeNull();
  });

  it('of a former start, or a link of it, is over and no guess; whatever else names this start is one', () => {
    const before = door().sessions;
    const { sessions } = door();
    const old = tokenOf(before.enter(before.newLink()));
    expect(sessions.enter(old)).toEqual({ kind: 'over', why: 'the session is over: the desk was started anew' });
    expect(sessions.enter(before.newLink())).toMatchObject({ kind: 'over' });
    expect(sessions.known(old)).toBeNull();
    const [start] = sessions.newLink().split('.');
    const [, chance] = old.split('.');
    for (const guess of [`${start}.${chance}`, `${old}x`, `.${chance}`, chance ?? ''])
      expect(sessions.enter(guess)).toEqual({ kind: 'wrong' });
  });

  it('cannot be guessed from anything near it', () => {
    const { sessions, tokens } = door();
    const token = tokenOf(sessions.enter(tokens.owner));
    for (const guess of ['', 'x', token.slice(1), `${token} `, tokens.owner.slice(0, -1), '__proto__'])
      expect(sessions.enter(guess)).toEqual({ kind: 'wrong' });
  });
});
