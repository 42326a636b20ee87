import { currentRecord } from './execution/work.ts';
import { symbolOf } from './risk/combinationQuote.ts';
import { isOver } from './state/orderRecord.ts';
import type { Turn } from './turn.ts';

/** The stream follows what is held and worked. */
export function watchHeld(turn: Turn): void {
  const symbols = new Set<string>();
  for (const position of turn.state.positions.values()) {
    symbols.add(position.underlying);
    for (const leg of position.legs) symbols.add(leg.symbol);
  }
  for (const spec of turn.present.specs.values()) {
    const record = currentRecord(turn, spec.intentId);
    if (record && !isOver(record.status)) for (const leg of record.request.legs) symbols.add(leg.symbol);
    for (const leg of spec.rollTo?.legs ?? []) symbols.add(symbolOf(leg));
    for (const stage of spec.later) for (const leg of stage.legs) symbols.add(symbolOf(leg));
  }
  // What waits for the owner's answer is judged again by fresh quotes when he gives it.
  for (const { proposal } of turn.present.ranked.values()) {
    symbols.add(proposal.underlying);
    for (const leg of proposal.legs) symbols.add(symbolOf(leg));
  }
  const key = [...symbols].sort().join(' ');
  if (key === turn.present.watched) return;
  turn.present.watched = key;
  turn.act({ kind: 'watch', symbols: key === '' ? [] : key.split(' ') });
}
