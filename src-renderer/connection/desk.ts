import type { CommandName, FeedName, InputOf, ItemOf, OutputOf, QueryName } from '#contract/contract';

/** How a call ended when it did not end well. `retryable` means that the same call may be made again. */
export interface CallFailure {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** What panels and stores see of the engine: reads, commands and feeds, whatever carries them. */
export interface Desk {
  query<Name extends QueryName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>;
  command<Name extends CommandName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>;
  /** Calls `onItem` with every newer snapshot until the returned function is called; survives reconnection. */
  feed<Name extends FeedName>(
    name: Name,
    input: InputOf<Name>,
    onItem: (item: ItemOf<Name>) => void,
    onFailure?: (failure: CallFailure) => void,
  ): () => void;
}

/** The failure inside whatever was thrown, in words fit for the owner. */
export function failureOf(thrown: unknown): CallFailure {
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) {
    const message = String(thrown.message);
    const code = 'code' in thrown ? String(thrown.code) : 'failed';
    const retryable = 'retryable' in thrown ? thrown.retryable === true : false;
    return { code, message, retryable };
  }
  return { code: 'failed', message: String(thrown), retryable: false };
}
