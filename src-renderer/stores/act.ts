import type { CommandName, InputOf, OutputOf } from '#contract/contract';
import type { ActOutcome } from '#contract/desk';
import { desk, newCommandId, settled } from '../connection/current.ts';
import { askForProof } from './proof.ts';
import { showFailure, showNoAnswer, showOutcome } from './toasts.ts';

/** The id of a refusal that a fresh proof would turn. */
const NEEDS_PROOF = 'proof';

/** The line broke after the command went out. */
const LOST = 'disconnected';

type InputWithoutId<Name extends CommandName> = Omit<InputOf<Name>, 'commandId'>;

/**
 * Sends one command and shows what became of it. Without `commandId` each call is a press of its own; with it, repeated
 * presses are one act. Answers null when the call itself failed (and says so). Where the engine wants a fresh proof of the
 * owner, it is asked for and the same act is sent with it; a release brings its own.
 */
export async function act<Name extends CommandName>(
  name: Name,
  what: string,
  input: InputWithoutId<Name>,
  commandId: string = newCommandId(),
): Promise<(OutputOf<Name> & ActOutcome) | null> {
  let proof: string | null = null;
  for (;;) {
    const whole = { ...input, commandId, ...(proof === null ? {} : { proof }) };
    const result = await settled<unknown>(desk.command(name, inputFor(name, whole)));
    if (!result.ok) {
      if (result.failure.code === LOST) showNoAnswer(what, result.failure);
      else showFailure(what, result.failure);
      return null;
    }
    const outcome = result.answer;
    if (!isOutcome(name, outcome)) {
      showNoAnswer(what, { code: 'badAnswer', message: 'The engine’s answer could not be read.', retryable: false });
      return null;
    }
    if (outcome.kind === 'refused' && outcome.ids[0] === NEEDS_PROOF && name !== 'killSwitch.release')
      proof = await askForProof(what, outcome.message);
    else proof = null;
    if (proof !== null) continue;
    showOutcome(what, outcome);
    return outcome;
  }
}

function isOutcome<Name extends CommandName>(_name: Name, answer: unknown): answer is OutputOf<Name> & ActOutcome {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && 'message' in answer;
}

/** The spread above has every field of the command's input; TypeScript cannot see it through the generic `Omit`. */
function inputFor<Name extends CommandName>(_name: Name, input: unknown): InputOf<Name>;
function inputFor(_name: CommandName, input: unknown): unknown {
  return input;
}
