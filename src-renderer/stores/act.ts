import type { CommandName, InputOf } from '#contract/contract';
import type { ActOutcome } from '#contract/desk';
import { desk, newCommandId, settled } from '../connection/current.ts';
import { showFailure, showOutcome } from './toasts.ts';

type InputWithoutId<Name extends CommandName> = Omit<InputOf<Name>, 'commandId'>;

/**
 * Sends one command and shows what became of it. Without `commandId` each call is a press of its own; with it, repeated
 * presses are one act. Answers null when the call itself failed (and says so).
 */
export async function act<Name extends CommandName>(
  name: Name,
  what: string,
  input: InputWithoutId<Name>,
  commandId: string = newCommandId(),
): Promise<ActOutcome | null> {
  const withId = { ...input, commandId };
  const result = await settled<unknown>(desk.command(name, inputFor(name, withId)));
  if (!result.ok) {
    showFailure(what, result.failure);
    return null;
  }
  if (!isOutcome(result.answer)) {
    showFailure(what, { code: 'badAnswer', message: 'The engine’s answer could not be read.', retryable: false });
    return null;
  }
  showOutcome(what, result.answer);
  return result.answer;
}

function isOutcome(answer: unknown): answer is ActOutcome {
  return typeof answer === 'object' && answer !== null && 'kind' in answer && 'message' in answer;
}

/** The spread above has every field of the command's input; TypeScript cannot see it through the generic `Omit`. */
function inputFor<Name extends CommandName>(_name: Name, input: unknown): InputOf<Name>;
function inputFor(_name: CommandName, input: unknown): unknown {
  return input;
}
