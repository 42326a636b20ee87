import { expect, it } from 'vitest';
import { checkGate } from './properties.ts';

it('the gate’s properties hold 150 times each, and meet leave, resizing and refusals by thirty codes', {
  timeout: 60_000,
}, () => {
  const { results, reached } = checkGate(150, 11);
  expect(results.filter(({ failure }) => failure !== null)).toEqual([]);
  expect(results.length).toBeGreaterThanOrEqual(20);
  expect(reached.approved).toBeGreaterThan(0);
  expect(reached.resized).toBeGreaterThan(0);
  expect(Object.keys(reached.codes).length).toBeGreaterThan(30);
});
