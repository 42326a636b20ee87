import type { z } from 'zod';

/** A read: answers with `Output`. */
export interface QueryDefinition<Input extends z.ZodType, Output> {
  readonly verb: 'query';
  readonly input: Input;
  /** Carries the type only; never present at run time. */
  readonly output?: Output;
}

/** A change: journalled, answers with what became of it. Every command's input has a `commandId`, so that a double press is one act. */
export interface CommandDefinition<Input extends z.ZodType, Output> {
  readonly verb: 'command';
  /** Who may send it: stops are open to operators, everything else to the owner. */
  readonly role: 'owner' | 'operator';
  readonly input: Input;
  readonly output?: Output;
}

/** A subscription: the whole snapshot first, then newer snapshots (or items) with sequence numbers; a gap means resubscribe. */
export interface FeedDefinition<Input extends z.ZodType, Item> {
  readonly verb: 'feed';
  readonly input: Input;
  readonly item?: Item;
}

export function query<Output>() {
  return <Input extends z.ZodType>(input: Input): QueryDefinition<Input, Output> => ({ verb: 'query', input });
}

export function command<Output>(role: 'owner' | 'operator' = 'owner') {
  return <Input extends z.ZodType>(input: Input): CommandDefinition<Input, Output> => ({ verb: 'command', role, input });
}

export function feed<Item>() {
  return <Input extends z.ZodType>(input: Input): FeedDefinition<Input, Item> => ({ verb: 'feed', input });
}

/** How a failure crosses the wire. */
export interface ContractFailure {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}
