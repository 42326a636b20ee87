import { newlyHeld, problemOfHeld } from '#adapters/settings/realMoney';
import type { Notice } from '#host/hostParts';
import type { JournalFact } from '#ports/facts';
import type { HeldBack } from '#ports/settings/appSettings';

/** A limit that somebody tried to loosen around the window: on record, and told, once each. Answers with the look to repeat. */
export function tellHeldSettings(parts: {
  heldBack(): readonly HeldBack[];
  recordFact(fact: Extract<JournalFact, { kind: 'SettingHeldBack' }>): void;
  tell(notice: Notice): void;
}): () => void {
  let told: readonly HeldBack[] = [];
  return () => {
    const held = parts.heldBack();
    for (const one of newlyHeld(told, held)) {
      parts.recordFact({ kind: 'SettingHeldBack', ...one });
      const { message: body } = problemOfHeld(one);
      parts.tell({ kind: 'breach', title: 'A looser limit does not take force', body, urgent: true });
    }
    told = held;
  };
}
