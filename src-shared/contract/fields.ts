import { z } from 'zod';

/** Field shapes that several subjects share. JSON values only: instants as epoch ms, cash as integer cents. */
export const noInput = z.strictObject({});
export const commandId = z
  .string()
  .regex(/^[A-Za-z0-9-]{8,64}$/)
  .meta({ description: 'Made once per press by the window; the same id acts once' });
export const symbolField = z.string().regex(/^[A-Z0-9.]{1,21}$/);
export const underlyingField = z.string().regex(/^[A-Z.]{1,6}$/);
export const dateField = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
export const idField = z.string().min(1).max(64);
export const contractsField = z.number().int().min(1).max(1000);
export const netPriceField = z.number().min(-10_000).max(10_000).meta({ description: 'Per share, + credit, - debit' });
export const legField = z.strictObject({
  symbol: symbolField,
  ratio: z
    .number()
    .int()
    .min(-400)
    .max(400)
    .refine((ratio) => ratio !== 0, 'ratio must not be 0'),
});
export const legsField = z.array(legField).min(1).max(4);
/** The owner's token or a one-time code, typed for this one act: needed where a browser loosens something. */
export const proofField = z.string().max(200).optional();
export const reasonField = z.string().min(1).max(500);
