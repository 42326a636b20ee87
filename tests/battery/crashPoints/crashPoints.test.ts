import { describe, expect, it } from 'vitest';
import { cutFlow } from './cutFlow.ts';
import { flows } from './flows.ts';

describe('dying at any point of a flow', () => {
  it('covers at least a dozen flows', () => {
    expect(flows().length).toBeGreaterThanOrEqual(12);
  });

  it.each(flows().map((flow) => [flow.name, flow] as const))(
    '%s: a sample of the cuts, and of deaths in the recovery',
    async (_name, flow) => {
      const result = await cutFlow(flow, { stride: 60, double: 25 });
      expect(result.findings).toEqual([]);
      expect(result.reached).toBe(true);
      expect(result.points).toBeGreaterThan(60);
    },
    120_000,
  );
});
