import type { ItemOf } from '#contract/contract';
import type { Instant } from '#domain/units';
import { instant } from '#domain/units';
import type { EngineView } from '#engine/view';
import type { JournalFact } from '#ports/facts';
import type { CodeLock } from './codeLock.ts';
import { createFreshProof, type FreshProof } from './freshProof.ts';
import type { HostParts, Notice } from './hostParts.ts';
import { createOwnerCodes, type OneTimeCodes } from './live/codes.ts';
import { createSignInLock } from './web/signInLock.ts';

type Notifications = ItemOf<'desk.notifications'>;

/** Notices kept for a window that opens later. */
const MOST_NOTICES = 200;

/** What several subjects of the host share: the view of this moment, the notices, and where each connection stands. */
export interface Desk {
  readonly parts: HostParts;
  /** The engine's view; made once per change, however many feeds ask. */
  view(): EngineView;
  /** Changes whenever the market's clock moved or something was journalled. */
  version(): string;
  notices(): Notifications;
  connection(channel: string): { readonly detail: string; readonly since: Instant };
  /** Counts facts of some kinds, so that a feed of them knows when to look again. */
  count(kind: JournalFact['kind']): number;
  takeNotice(notice: Notice, at: Instant): void;
  takeFacts(facts: readonly JournalFact[], at: Instant): void;
  onNotice(listener: (notice: Notifications[number]) => void): () => void;
  /** After facts were journalled. Called while the engine works: a listener must not throw, nor take time. */
  onFacts(listener: (facts: readonly JournalFact[]) => void): () => void;
  /** The owner's one-time codes, with one lock for every use of them. */
  readonly codes: OneTimeCodes;
  readonly codeLock: CodeLock;
  /** One lock for wrong tokens, at whichever door of the browser. */
  readonly signInLock: CodeLock;
  readonly freshProof: FreshProof;
}

export function createDesk(parts: HostParts): Desk {
  let seen = '';
  let cached: EngineView | null = null;
  let notices: Notifications = [];
  let lastNotice = 0;
  const connections = new Map<string, { detail: string; since: Instant }>();
  const counts = new Map<string, number>();
  const listeners = new Set<(notice: Notifications[number]) => void>();
  const factListeners = new Set<(facts: readonly JournalFact[]) => void>();
  const { codes, lock: codeLock } = createOwnerCodes(parts);
  const signInLock = createSignInLock(parts);
  const freshProof = createFreshProof({ isOwnersToken: parts.isOwnersToken, lock: signInLock, codes });
  const version = (): string => `${parts.clock.now()} ${parts.journalHead()}`;

  return {
    parts,
    version,
    view() {
      const now = version();
      if (cached === null || now !== seen) {
        cached = parts.engine.view();
        seen = now;
      }
      return cached;
    },
    notices: () => notices,
    connection: (channel) => connections.get(channel) ?? { detail: '', since: instant(0) },
    count: (kind) => counts.get(kind) ?? 0,
    takeNotice(notice, at) {
      lastNotice += 1;
      const view = { id: lastNotice, at, ...notice };
      notices = [view, ...notices].slice(0, MOST_NOTICES);
      for (const listener of listeners) listener(view);
    },
    takeFacts(facts, at) {
      for (const fact of facts) {
        counts.set(fact.kind, (counts.get(fact.kind) ?? 0) + 1);
        if (fact.kind === 'ConnectionChanged') connections.set(fact.change.channel, { detail: fact.change.detail, since: at });
      }
      for (const listener of factListeners) listener(facts);
    },
    onNotice(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onFacts(listener) {
      factListeners.add(listener);
      return () => factListeners.delete(listener);
    },
    codes,
    codeLock,
    signInLock,
    freshProof,
  };
}
