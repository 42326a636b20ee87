import { z } from 'zod';
import { FAULT_KINDS } from './faults.ts';

/**
 * The exchange's memory is not its state but what was done to it: since everything follows from the seed and the calls, the
 * same calls at the same steps bring it back exactly. A day costs a few hundredths of a second to relive.
 */
const leg = z.object({
  symbol: z.string(),
  side: z.enum(['buy', 'sell']),
  ratio: z.number(),
  intent: z.enum(['buyToOpen', 'sellToOpen', 'buyToClose', 'sellToClose']).nullable(),
});

const ticket = z.object({
  clientOrderId: z.string().nullable(),
  orderClass: z.enum(['simple', 'mleg']),
  type: z.enum(['limit', 'market']),
  timeInForce: z.enum(['day', 'gtc']),
  contracts: z.number(),
  netLimit: z.number().nullable(),
  legs: z.array(leg),
});

const faultRule = z.object({
  kind: z.enum(FAULT_KINDS),
  probability: z.number(),
  from: z.number().optional(),
  until: z.number().optional(),
  times: z.number().optional(),
  subject: z.string().optional(),
  delayMs: z.number(),
});

const act = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('submit'), ticket }),
  z.object({ kind: z.literal('cancel'), orderId: z.string() }),
  z.object({
    kind: z.literal('replace'),
    orderId: z.string(),
    quantity: z.number().nullable(),
    netLimit: z.number().nullable(),
    clientOrderId: z.string().nullable(),
  }),
  z.object({ kind: z.literal('exercise'), symbol: z.string() }),
  z.object({ kind: z.literal('doNotExercise'), symbol: z.string() }),
  z.object({
    kind: z.literal('configure'),
    maxOptionsTradingLevel: z.number().nullable(),
    suspendTrade: z.boolean(),
    noShorting: z.boolean(),
  }),
  z.object({ kind: z.literal('useFaults'), script: z.array(faultRule) }),
]);

/** One call, with the step of the clockwork (ticks and appointments so far) and the time at which it came. */
const rememberedAct = z.object({ step: z.number().int().min(0), at: z.number().int(), act });

export const exchangeMemory = z.object({
  version: z.literal(1),
  acts: z.array(rememberedAct),
  step: z.number().int().min(0),
  at: z.number().int(),
});

export type ExchangeAct = z.output<typeof act>;
export type RememberedAct = z.output<typeof rememberedAct>;
/** JSON as it is written to disk; parse with {@link exchangeMemory} when read back. */
export type ExchangeMemory = z.output<typeof exchangeMemory>;
