import { normalCdf } from '../pricing/normal.ts';
import { invariant, type Price } from '../units.ts';

/**
 * What the underlying's price may be at one future moment. Whose belief it is (the market's, or the engine's own forecast) is
 * the maker's decision; the model's name travels with every number made from it.
 */
export interface PriceDistribution {
  /** P(S <= price), 0 at and below 0 unless the model allows ruin, 1 at Infinity. */
  cdf(price: Price): number;
  /** E[S ; S <= price] in dollars: the mean counted only where S <= price. At Infinity it is the mean itself. */
  partialExpectation(price: Price): number;
  /** The model in words with its parameters, for the journal and the window. */
  readonly model: string;
}

export interface LognormalParameters {
  /** E[S] at the horizon, dollars: the forward for a risk-neutral law, spot x e^(drift x years) for a forecast. */
  readonly forward: Price;
  /** Years to the horizon, > 0 (0 gives the certain price). */
  readonly years: number;
  /** Annual volatility as a fraction. */
  readonly volatility: number;
  /** Whose belief: 'forecast', 'risk-neutral', ... Part of the model's name. */
  readonly belief?: string;
}

/**
 * The lognormal law with mean `forward`: ln S ~ N(ln F - s²/2, s²), s = volatility x sqrt(years).
 * P(S <= x) = Φ(z), E[S; S <= x] = F Φ(z - s), z = (ln(x/F) + s²/2) / s (Black 1976).
 * With s = 0 the whole mass stands at F. Throws InvariantError for a forward that is not positive or a negative s.
 */
export function lognormalDistribution({
  forward,
  years,
  volatility,
  belief = 'lognormal',
}: LognormalParameters): PriceDistribution {
  const deviation = volatility * Math.sqrt(years);
  invariant(forward > 0 && Number.isFinite(forward), `not a forward price: ${forward}`);
  invariant(deviation >= 0 && Number.isFinite(deviation), `not a volatility and time: ${volatility}, ${years}`);
  const score = (price: Price): number => {
    if (price <= 0) return Number.NEGATIVE_INFINITY;
    if (deviation > 0) return (Math.log(price / forward) + 0.5 * deviation * deviation) / deviation;
    return price >= forward ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  };
  return {
    cdf: (price) => cumulative(score(price)),
    partialExpectation: (price) => forward * cumulative(score(price) - deviation),
    model: `lognormal (${belief}): forward ${forward.toFixed(2)}, volatility ${(volatility * 100).toFixed(1)} %, ${years.toFixed(4)} years`,
  };
}

/** The price `score` standard deviations up a lognormal law, dollars: F e^(score s - s²/2). Half of the mass lies below score 0. */
export function lognormalPriceAt({ forward, years, volatility }: Omit<LognormalParameters, 'belief'>, score: number): Price {
  const deviation = volatility * Math.sqrt(years);
  return forward * Math.exp(deviation * (score - 0.5 * deviation));
}

/** Φ with its limits at ±Infinity. */
function cumulative(score: number): number {
  if (score === Number.POSITIVE_INFINITY) return 1;
  return score === Number.NEGATIVE_INFINITY ? 0 : normalCdf(score);
}
