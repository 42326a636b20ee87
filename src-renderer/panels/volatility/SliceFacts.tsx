import { skewQuotes } from '#domain/volatility/deltaSmile';
import { impliedDividendYield } from '#domain/volatility/parityForward';
import type { LeftOut } from '#domain/volatility/smile';
import { decimal, percent, signedPercent } from '../../components/format/money.ts';
import { NO_VOLATILITY } from '../../components/format/words.ts';
import type { SurfaceSlice } from '../../stores/surfaceSlice.ts';

const REASONS: Readonly<Record<LeftOut['reason'], string>> = {
  ...NO_VOLATILITY,
  tooWide: 'too wide',
  tooFar: 'too far out',
};

/** The numbers of one fitted expiration. */
export function SliceFacts({ slice, rate }: { slice: SurfaceSlice; rate: number }) {
  const { fit, smile, spot } = slice;
  if (!fit) return <span className="warn">too few quotes to fit: {smile.strikes.length}</span>;
  const skew = skewQuotes(fit.raw, smile.years);
  const carry = spot === null ? null : impliedDividendYield({ forward: smile.forward, rate }, spot, smile.years);
  const facts: readonly (readonly [string, string, string])[] = [
    ['Forward', decimal(smile.forward), 'from put-call parity next to the money'],
    ['Implied yield', signedPercent(carry, 2), 'dividends less borrow fee, a year: what parity and the rate leave'],
    ['At the money', percent(skew.atTheMoney, 2), 'at the forward, from the fit'],
    ['25Δ risk reversal', signedPercent(skew.riskReversal, 2), 'call less put volatility'],
    ['25Δ butterfly', signedPercent(skew.butterfly, 2), 'wings less at the money'],
    ['Quotes', `${smile.strikes.length} of ${smile.strikes.length + smile.leftOut.length}`, leftOutWords(smile.leftOut)],
    ['Median miss', percent(fit.medianError, 2), `half a quote is ${percent(fit.medianHalfSpread, 2)}`],
  ];
  return (
    <dl className="slice-facts">
      {facts.map(([name, value, hint]) => (
        <div key={name} title={hint}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function leftOutWords(leftOut: readonly LeftOut[]): string {
  const counts = new Map<string, number>();
  for (const { reason } of leftOut) counts.set(REASONS[reason], (counts.get(REASONS[reason]) ?? 0) + 1);
  return counts.size === 0 ? 'all used' : `left out: ${[...counts].map(([reason, count]) => `${count} ${reason}`).join(', ')}`;
}
