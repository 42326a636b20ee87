import { Amount } from '../../components/Amount.tsx';
import { strikeText } from '../../components/format/contracts.ts';
import { cash, percent } from '../../components/format/money.ts';
import type { Figures } from './figures.ts';

const LAWS = { lognormal: 'lognormal', surface: "the smile's own law" } as const;

/** What a structure can win and lose, how likely, and what may happen to its shorts. */
export function Facts({ figures }: { figures: Figures }) {
  const { bounds, odds, touches, warnings, extremes } = figures;
  return (
    <dl className="analyze-facts">
      {bounds ? (
        <>
          <Fact name="Max profit">{bounds.maxProfit === null ? 'unbounded' : cash(bounds.maxProfit, 0)}</Fact>
          <Fact name="Max loss">{bounds.maxLoss === null ? 'unbounded' : cash(bounds.maxLoss, 0)}</Fact>
          <Fact name="Breakevens">{bounds.breakevens.length === 0 ? 'none' : bounds.breakevens.map(rounded).join(' · ')}</Fact>
        </>
      ) : (
        <>
          <Fact name="Best in view">{cash(extremes.best, 0)}</Fact>
          <Fact name="Worst in view">{cash(extremes.worst, 0)}</Fact>
        </>
      )}
      {odds.map(({ law, probabilityOfProfit, expectedValue }) => (
        <Fact key={law} name={`POP · EV, ${LAWS[law]}`}>
          {percent(probabilityOfProfit, 0)} · <Amount cents={Math.round(expectedValue * 100)} digits={0} arrow={false} />
        </Fact>
      ))}
      {touches.map(({ level, probability }) => (
        <Fact key={level} name={`Touches ${rounded(level)}`}>
          {percent(probability, 0)}
        </Fact>
      ))}
      {warnings.map((warning) => (
        <div key={warning} className="warn">
          {warning}
        </div>
      ))}
    </dl>
  );
}

const rounded = (price: number) => strikeText(Math.round(price * 100) / 100);

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
