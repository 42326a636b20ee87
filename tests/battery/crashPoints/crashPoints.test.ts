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
      // Every case died as often as it claims to have.
      expect(result.singles).toBe(result.doubles + result.withoutSecond);
      expect(result.doubles).toBeGreaterThan(result.withoutSecond);
    },
    120_000,
  );

  it('can be played again one case at a time, and tells a death that never came', async () => {
    const [open] = flows();
    if (!open) throw new Error('there is no flow');
    const twice = await cutFlow(open, { stride: 1, double: 25, only: [17, 3] });
    expect(twice).toMatchObject({ singles: 0, doubles: 1, withoutSecond: 0, findings: [] });
    const never = await cutFlow(open, { stride: 1, double: 25, only: [1_000_000] });
    expect(never).toMatchObject({ singles: 0, doubles: 0 });
    expect(never.findings).toEqual([{ deaths: [1_000_000], finding: 'open: nobody died at 1000000' }]);
  }, 60_000);
});
