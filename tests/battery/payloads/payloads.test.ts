import { expect, it } from 'vitest';
import { DEEDS } from './mutate.ts';
import { throwPayloads } from './throwAll.ts';

it('three thousand spoilt payloads: none gets out of the port, none is believed, every deed and every answer was reached', {
  timeout: 120_000,
}, async () => {
  const result = await throwPayloads(3_000, 7);
  expect(result.failures).toEqual([]);
  expect(result).toMatchObject({ ok: true, payloads: 3_000 });
  expect(result.takenIn).toBeGreaterThan(300);
  for (const deed of DEEDS) expect(result.deeds[deed], deed).toBeGreaterThan(50);
  for (const outcome of [
    'submissionFailed, inDoubt',
    'orderAccepted',
    'orderFilled',
    'orderRejected',
    'orderCancelled',
    'cancelRefused',
    'lookUpFailed',
    'orderLookedUp',
    'snapshot',
    'snapshotFailed',
    'unknownMessage',
    'chain missing',
    'history missing',
    'quote',
    'halt',
  ])
    expect(result.outcomes[outcome], outcome).toBeGreaterThan(0);
});
