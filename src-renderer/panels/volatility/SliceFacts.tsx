import { skewQuotes } from '#domain/volatility/deltaSmile';
import { decimal, percent, signedPercent } from '../../components/format/money.ts';
import type { SurfaceSlice } from '../../stores/surfaceSlice.ts';

/** The numbers of one fitted expiration. */
export function SliceFacts({ slice }: { slice: SurfaceSlice }) {
  const { fit, smile } = slice;
  if (!fit) return <span className="warn">too few quotes to fit: {smile.strikes.length}</span>;
  const skew = skewQuotes(fit.raw, smile.years);
  const facts: readonly (readonly [string, string])[] = [
    ['Forward', decimal(smile.forward)],
    ['At the money', percent(skew.atTheMoney, 2)],
    ['25Δ risk reversal', signedPercent(skew.riskReversal, 2)],
    ['25Δ butterfly', signedPercent(skew.butterfly, 2)],
    ['Quotes', String(smile.strikes.length)],
    ['Median miss', percent(fit.medianError, 2)],
    ['Half a quote', percent(fit.medianHalfSpread, 2)],
  ];
  return (
    <dl className="slice-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
