/** One tenor of a term structure: at-the-money-forward (or any other point's) implied volatility as an annual fraction. */
export interface TenorVolatility {
  readonly years: number;
  readonly volatility: number;
}

/** A total variance that falls with time: calendar arbitrage if the forwards are right. */
export interface CalendarDefect {
  readonly earlierYears: number;
  readonly laterYears: number;
  /** Earlier total variance minus the later one, > 0. */
  readonly excess: number;
}

/**
 * Implied volatility at a constant maturity (30, 60, 90 days), annual fraction: total variance sigma² t is interpolated
 * linearly in time between the two neighbouring tenors, as the VIX does it. Outside the listed tenors the nearest one's
 * volatility is kept. null when there is no usable tenor.
 */
export function constantMaturityVolatility(tenors: readonly TenorVolatility[], years: number): number | null {
  const usable = ordered(tenors);
  const [first] = usable;
  const last = usable.at(-1);
  if (!first || !last || !(years > 0)) return null;
  if (years <= first.years) return first.volatility;
  if (years >= last.years) return last.volatility;
  const later = usable.findIndex((tenor) => tenor.years >= years);
  const near = usable[later - 1]!;
  const far = usable[later]!;
  const weight = (years - near.years) / (far.years - near.years);
  const variance = (1 - weight) * totalVariance(near) + weight * totalVariance(far);
  return Math.sqrt(variance / years);
}

/**
 * Constant-maturity volatility where tenors are listed on both sides of it (or exactly there), annual fraction; null where the
 * chain does not reach: what is recorded must not be another tenor's volatility under a false name.
 */
export function spannedVolatility(tenors: readonly TenorVolatility[], years: number): number | null {
  const usable = ordered(tenors);
  const [first] = usable;
  const last = usable.at(-1);
  if (!first || !last || first.years > years || last.years < years) return null;
  return constantMaturityVolatility(usable, years);
}

/** Volatility between two tenors, annual fraction; null when total variance falls between them. */
export function forwardVolatility(near: TenorVolatility, far: TenorVolatility): number | null {
  const variance = totalVariance(far) - totalVariance(near);
  return far.years > near.years && variance >= 0 ? Math.sqrt(variance / (far.years - near.years)) : null;
}

/** Neighbouring tenors between which total variance falls. */
export function calendarDefects(tenors: readonly TenorVolatility[]): CalendarDefect[] {
  const usable = ordered(tenors);
  return usable.slice(1).flatMap((later, i) => {
    const earlier = usable[i]!;
    const excess = totalVariance(earlier) - totalVariance(later);
    return excess > 0 ? [{ earlierYears: earlier.years, laterYears: later.years, excess }] : [];
  });
}

/** Slope of the term structure: far less near volatility, fractions. Positive = contango (calm), negative = backwardation. */
export function termSlope(tenors: readonly TenorVolatility[], nearYears: number, farYears: number): number | null {
  const near = constantMaturityVolatility(tenors, nearYears);
  const far = constantMaturityVolatility(tenors, farYears);
  return near === null || far === null ? null : far - near;
}

function totalVariance({ years, volatility }: TenorVolatility): number {
  return volatility * volatility * years;
}

function ordered(tenors: readonly TenorVolatility[]): TenorVolatility[] {
  return tenors
    .filter(({ years, volatility }) => years > 0 && volatility > 0 && Number.isFinite(years * volatility))
    .sort((a, b) => a.years - b.years);
}
