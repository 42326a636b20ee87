import { entriesLeft } from '../execution/entriesLeft.ts';
import { askSnapshot } from '../reconcile/askSnapshot.ts';
import { type Turn, wakeIn } from '../turn.ts';
import { enforce } from './killSwitch.ts';

/**
 * The desk is about to end in order: nothing new is opened, and every entry is taken back, since it could fill with nobody to
 * manage what it opens. Exits keep resting. The broker's own list of open orders says when none is left.
 */
export function standDown(turn: Turn): void {
  if (turn.present.standingDown !== null) return;
  turn.present.standingDown = { confirmed: false };
  enforce(turn, 'REDUCING');
  askSnapshot(turn, 'gap');
}

/** A look at the account while the desk ends: is anything left that could open a position? */
export function noteLookAtEnd(turn: Turn): void {
  if (turn.present.standingDown === null) return;
  if (entriesLeft(turn) === 0) turn.present.standingDown = { confirmed: true };
  // What the broker no longer shows, or not yet, is looked for again.
  else if (turn.present.ordersAtBroker === 0) wakeIn(turn, turn.settings.failsafe.verifySeconds * 1000, 'verify');
}
