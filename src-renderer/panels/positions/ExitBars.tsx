import type { ExitRuleView } from '#contract/positions';
import { pairInUnit } from '../../components/format/words.ts';
import { Meter } from '../../components/Meter.tsx';

/** Names that fit above a short bar. */
const BRIEF: Readonly<Record<string, string>> = {
  takeProfit: 'Profit',
  stopLoss: 'Stop',
  trailingStop: 'Trail',
  timeStop: 'Time',
  scaleOut: 'Scale',
  expiryGuard: 'Expiry',
  earlyAssignmentRisk: 'Assign',
};

const briefTitle = (rule: ExitRuleView): string => BRIEF[rule.rule] ?? rule.title;

/** How far each exit rule is from firing: a bar, where it stands and where it fires. `brief` leaves out the figures. */
export function ExitBars({ rules, brief = false }: { rules: readonly ExitRuleView[]; brief?: boolean }) {
  if (rules.length === 0) return <span className="faint">no rule set</span>;
  return (
    <ul className={brief ? 'exit-bars exit-bars-brief' : 'exit-bars'}>
      {rules.map((rule) => {
        const [value, trigger] = pairInUnit(rule.value, rule.trigger, rule.unit);
        const words = `${rule.title}: ${value} of ${trigger}${rule.suspended ? `, suspended: ${rule.suspended}` : ''}`;
        return (
          <li key={rule.rule} title={words}>
            <span className={rule.suspended ? 'exit-title warn' : 'exit-title'}>{brief ? briefTitle(rule) : rule.title}</span>
            <Meter fraction={rule.progress} label={words} />
            {brief ? null : (
              <span className="exit-figures">
                {value} <span className="faint">of</span> {trigger}
              </span>
            )}
            {!brief && rule.suspended ? <span className="warn exit-suspended">Suspended: {rule.suspended}</span> : null}
          </li>
        );
      })}
    </ul>
  );
}
