import { z } from 'zod';
import type { CatalogEntry } from '#ports/strategy';

/** A strategy that looks and never proposes, so that a desk scans. */
export const QUIET_STRATEGY: CatalogEntry = {
  id: 'quiet',
  title: 'Quiet',
  summary: 'Never proposes.',
  schema: z.unknown(),
  profiles: { conservative: {}, moderate: {}, aggressive: {} },
  configure: () => ({
    id: 'quiet',
    parameters: {},
    window: { minDaysToExpiration: 20, maxDaysToExpiration: 90, strikesWithin: 0.3 },
    propose: () => [],
    around: () => null,
    manage: (position) => position.exitPlan,
  }),
};
