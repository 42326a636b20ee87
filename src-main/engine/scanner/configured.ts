import type { EngineSettings } from '#ports/settings/settings';
import { strategyBlock } from '#ports/settings/settings';
import type { CatalogEntry } from '#ports/strategy';
import type { ScannedStrategy } from './scanInput.ts';

/**
 * The strategies as the owner has set them: profile first, then his own parameters over it, parsed by the strategy's schema
 * (a ZodError names the field). Those that are off are left out.
 */
export function configuredStrategies(catalog: readonly CatalogEntry[], settings: EngineSettings): ScannedStrategy[] {
  return catalog.flatMap((entry) => {
    const block = settings.strategies[entry.id] ?? strategyBlock.parse({});
    if (block.mode === 'off') return [];
    const strategy = entry.configure({ ...entry.profiles[block.profile], ...block.parameters });
    return [{ strategy, maxPositions: block.maxPositions }];
  });
}
