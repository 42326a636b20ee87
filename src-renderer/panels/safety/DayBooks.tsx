import type { SafetyView } from '#contract/safety';
import { Badge } from '../../components/Badge.tsx';
import { Section } from '../../components/Drawer.tsx';
import { dayAndTime } from '../../components/format/instants.ts';
import { cash, signedCash } from '../../components/format/money.ts';
import { titleOf } from '../../components/format/words.ts';
import { CASH_LINES, type Day, isQuiet, stageOf } from './dayStage.ts';

/** Each session's books against the broker's record: what was compared, to the cent, and how each difference ended. */
export function DayBooks({ days, notAudited }: Pick<SafetyView, 'days' | 'notAudited'>) {
  return (
    <Section title="Books of the day">
      {notAudited.length === 0 ? null : (
        <p className="loss">
          Not audited, the desk was off when {notAudited.length === 1 ? 'it' : 'they'} closed: {notAudited.join(', ')}. Asked for
          as soon as the account agrees with the journal.
        </p>
      )}
      {days.length === 0 ? <p className="faint">No session has been closed yet.</p> : null}
      {days.map((day) => (
        <details key={`${day.date}/${day.stage}`} className="day-book">
          <summary>
            <strong>{day.date}</strong> <span className="faint">{stageOf(day)}</span> <Verdict day={day} />
          </summary>
          <p className="soft">
            Compared {dayAndTime(day.at)}: {day.compared.fills} fills of ours with {day.compared.brokerFills} of the broker’s,{' '}
            {day.compared.positions} holdings, {day.compared.activities} activities.
          </p>
          <dl className="day-cash">
            <dt>Opening</dt>
            <dd>{cash(day.cash.opening)}</dd>
            {CASH_LINES.filter(([line]) => day.cash[line] !== 0).map(([line, title]) => (
              <Line key={line} title={title} amount={day.cash[line]} />
            ))}
            <dt>By our book</dt>
            <dd>{cash(day.cash.ours)}</dd>
            <dt>At the broker</dt>
            <dd>{cash(day.cash.theirs)}</dd>
          </dl>
          <p className="faint">
            Fees {cash(day.feesBooked)} by the schedule,{' '}
            {isQuiet(day)
              ? 'nothing to be charged'
              : day.feesCharged === null
                ? 'not charged yet'
                : `${cash(day.feesCharged)} charged`}
          </p>
          {day.differences.map(({ subject, classification, ended, ours, theirs }) => (
            <p key={`${subject}/${classification}`} className={ended === 'escalated' || ended === 'waiting' ? 'loss' : 'soft'}>
              {subject}: {titleOf(classification)}, {ours} by our book, {theirs} at the broker: {ended}
            </p>
          ))}
        </details>
      ))}
    </Section>
  );
}

function Line({ title, amount }: { title: string; amount: number }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{signedCash(amount)}</dd>
    </>
  );
}

function Verdict({ day }: { day: Day }) {
  if (day.differences.some(({ ended }) => ended === 'escalated')) return <Badge tone="bad">for you</Badge>;
  const gap = day.cash.theirs - day.cash.ours;
  if (gap === 0) return <Badge tone="good">to the cent</Badge>;
  return <Badge tone="warn">{signedCash(gap)} until the fees are settled</Badge>;
}
