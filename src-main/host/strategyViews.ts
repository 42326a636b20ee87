import { z } from 'zod';
import type { StrategyView } from '#contract/strategies';
import { cents } from '#domain/units';
import type { EngineView } from '#engine/view';
import { strategyBlock } from '#ports/settings/settings';
import type { CatalogEntry } from '#ports/strategy';
import type { Desk } from './desk.ts';
import { lossOf } from './riskViews.ts';

/** Refusal reasons listed for a strategy. */
const TOP_REFUSALS = 5;

export function strategiesOf(desk: Desk): readonly StrategyView[] {
  const view = desk.view();
  return desk.parts.catalog.map((entry) => strategyViewOf(entry, view));
}

function strategyViewOf(entry: CatalogEntry, view: EngineView): StrategyView {
  const block = view.settings.strategies[entry.id] ?? strategyBlock.parse({});
  const overrides = block.parameters;
  const tally = view.tallies.get(entry.id);
  const result = view.results.get(entry.id);
  const held = view.book.exposures.filter(({ strategyId }) => strategyId === entry.id);
  const trades = result?.trades ?? 0;
  const average = result && trades > 0 ? cents(Math.round(result.pnl / trades)) : null;
  return {
    strategyId: entry.id,
    title: entry.title,
    summary: entry.summary,
    mode: view.strategyModes.get(entry.id) ?? block.mode,
    profile: block.profile,
    profiles: entry.profiles,
    schema: z.toJSONSchema(entry.schema, { io: 'input', unrepresentable: 'any' }),
    parameters: parametersOf(entry, block.profile, overrides),
    overrides,
    maxPositions: block.maxPositions,
    maxRiskFraction: block.maxRiskFraction,
    trust: view.trust.get(entry.id) ?? { rung: 'observe', since: null, reason: '', by: '', next: null },
    performance: {
      trades,
      wins: result?.wins ?? 0,
      pnl: cents(result?.pnl ?? 0),
      averagePnl: average,
      profitFactor: result && result.losses !== 0 ? result.gains / Math.abs(result.losses) : null,
      expectancy: average,
      openPositions: new Set(held.map(({ positionId }) => positionId)).size,
      openRisk: lossOf(held),
    },
    today: {
      proposals: tally?.proposals ?? 0,
      approved: tally?.approved ?? 0,
      refused: tally?.refused ?? 0,
      topRefusals: [...(tally?.reasons ?? [])]
        .map(([reason, count]) => ({ reason, count }))
        .sort((a, b) => b.count - a.count)
        .slice(0, TOP_REFUSALS),
    },
  };
}

/** The parameters in force; the profile's own when the overrides do not parse (the settings panel then says why). */
function parametersOf(
  entry: CatalogEntry,
  profile: keyof CatalogEntry['profiles'],
  overrides: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  try {
    return entry.configure({ ...entry.profiles[profile], ...overrides }).parameters;
  } catch {
    return entry.configure({ ...entry.profiles[profile] }).parameters;
  }
}
