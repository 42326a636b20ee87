import { z } from 'zod';
import type { ContractFailure } from '#contract/verbs';

/** Window to host. `id` is the window's own counter and names the call in everything that comes back. */
export const clientFrame = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id: z.number().int().min(1), name: z.string().max(80), input: z.unknown() }),
  z.strictObject({ kind: z.literal('subscribe'), id: z.number().int().min(1), name: z.string().max(80), input: z.unknown() }),
  z.strictObject({ kind: z.literal('unsubscribe'), id: z.number().int().min(1) }),
]);
export type ClientFrame = z.output<typeof clientFrame>;

const failure = z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }) satisfies z.ZodType<ContractFailure>;

/** Host to window. `seq` counts the items of one subscription from 1 without a gap. */
export const hostFrame = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), id: z.number(), output: z.unknown() }),
  z.object({ kind: z.literal('failure'), id: z.number(), failure }),
  z.object({ kind: z.literal('item'), id: z.number(), seq: z.number(), item: z.unknown() }),
]);
export type HostFrame = z.output<typeof hostFrame>;

/** A failed call as it is thrown on either side of the wire. */
export class WireFailure extends Error implements ContractFailure {
  override readonly name = 'WireFailure';
  readonly code: string;
  readonly retryable: boolean;

  constructor({ code, message, retryable }: ContractFailure) {
    super(message);
    this.code = code;
    this.retryable = retryable;
  }
}
