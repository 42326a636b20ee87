import type { StrategyView } from '#contract/strategies';

type Values = Readonly<Record<string, unknown>>;

/** The parameters that would be in force under a profile: the strategy's own, then the profile's, then the owner's overrides. */
export function effectiveParameters(strategy: StrategyView, profile: StrategyView['profile'], overrides: Values): Values {
  return { ...strategy.parameters, ...strategy.profiles[profile], ...overrides };
}

/** Overrides with the owner's changes on top. Paths of nested values are written into nested objects. */
export function overridesAfter(
  overrides: Values,
  changes: readonly { readonly path: string; readonly value: unknown }[],
): Values {
  return changes.reduce<Values>((before, change) => withPath(before, change.path.split('.'), change.value), overrides);
}

function withPath(values: Values, [name = '', ...rest]: readonly string[], value: unknown): Values {
  if (rest.length === 0) return { ...values, [name]: value };
  const inner = values[name];
  const object = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? { ...inner } : {};
  return { ...values, [name]: withPath(object, rest, value) };
}

/**
 * Why nothing could ever be entered with these parameters, by the field where it is corrected: an entry at or inside its own time
 * stop would be closed again at once, and is refused. Empty when there is no such reason.
 */
export function neverEntered({ dteMax, timeStopDays }: Values): Readonly<Record<string, string>> {
  if (typeof dteMax !== 'number' || typeof timeStopDays !== 'number' || timeStopDays === 0 || dteMax > timeStopDays) return {};
  const problem = `Nothing could be entered: at most ${dteMax} days to expiration, and closed at ${timeStopDays}.`;
  return { timeStopDays: problem };
}
