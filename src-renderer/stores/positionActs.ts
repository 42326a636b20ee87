import { create } from 'zustand';
import type { ActOutcome } from '#contract/desk';
import { newCommandId, useLink } from '../connection/current.ts';
import { act } from './act.ts';

/**
 * What the owner asks of a position; `contracts` null closes all, `netLimit` null leaves it to the exit ladder. `held` are the
 * units that the window showed at the press: of another number of units the same words ask for something else.
 */
export type PositionAct =
  | {
      readonly kind: 'close';
      readonly positionId: string;
      readonly held: number;
      readonly contracts: number | null;
      readonly netLimit: number | null;
    }
  | { readonly kind: 'roll'; readonly positionId: string; readonly held: number };

interface Lost {
  readonly positionId: string;
  readonly held: number;
  readonly commandId: string;
  readonly words: string;
}

/** Presses that were not answered, by what they asked for. They outlive the drawer: the same act again carries the same id. */
export const useLostActs = create<Readonly<Record<string, Lost>>>(() => ({}));

const keyOf = (asked: PositionAct) =>
  asked.kind === 'roll'
    ? `${asked.positionId} of ${asked.held} roll`
    : `${asked.positionId} of ${asked.held} close ${asked.contracts ?? 'all'} at ${asked.netLimit ?? 'the ladder'}`;

/** What was asked of a position and never answered, in the words of the button, and of how many units it was asked. */
export function lostOf(lost: Readonly<Record<string, Lost>>, positionId: string): readonly Pick<Lost, 'words' | 'held'>[] {
  return Object.values(lost).filter((one) => one.positionId === positionId);
}

/** Sends one act on a position. Until it is answered, the same act is the same command: whatever presses there are, it acts once. */
export async function sendPositionAct(asked: PositionAct, words: string): Promise<ActOutcome | null> {
  const key = keyOf(asked);
  const commandId = useLostActs.getState()[key]?.commandId ?? newCommandId();
  const { positionId, held } = asked;
  // Noted before it goes: a drawer that is left while it is under way forgets nothing. Without a line nothing goes.
  if (useLink.getState().link.kind === 'connected') useLostActs.setState({ [key]: { positionId, held, commandId, words } });
  const outcome =
    asked.kind === 'roll'
      ? await act('position.roll', 'Roll', { positionId }, commandId)
      : await act(
          'position.close',
          asked.contracts === null ? 'Close' : 'Reduce',
          { positionId, contracts: asked.contracts, netLimit: asked.netLimit },
          commandId,
        );
  if (outcome) {
    // With an answer at hand, what was asked of other units is past: no press will carry its id again.
    const isPast = (one: Lost) => one.positionId === positionId && one.held !== held;
    const others = Object.entries(useLostActs.getState()).filter(([other, one]) => other !== key && !isPast(one));
    useLostActs.setState(Object.fromEntries(others), true);
  }
  return outcome;
}
