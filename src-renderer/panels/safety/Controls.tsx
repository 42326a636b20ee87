import { memo } from 'react';
import type { ControlView, SafetyView } from '#contract/safety';
import type { Instant } from '#domain/units';
import { dayAndTime } from '../../components/format/instants.ts';
import { showSetting } from '../../stores/workspace.ts';
import { neverOf, type TestsRun, testsRunOf } from './soFar.ts';

const GROUPS: readonly (readonly [ControlView['group'], string])[] = [
  ['gate', 'Before an order leaves'],
  ['orders', 'While an order lives'],
  ['reconciliation', 'Against the broker’s book'],
  ['killSwitch', 'Kill switch'],
  ['record', 'Record and identity'],
];

const NOT_RUN = 'Not run for this build on this machine';

/** Words, tone, and what they mean. */
const STATES: Readonly<Record<ControlView['state'], readonly [string, string, string]>> = {
  holding: ['✓ in force', 'gain', 'Looked at just now: it is in force'],
  acting: ['■ acting', 'warn', 'Looked at just now: it holds something back'],
  asked: ['· each order', 'faint', 'Asked of every order that it concerns; between two orders there is nothing to look at'],
  builtIn: [
    '· built in',
    'faint',
    'Part of the program: nothing switches it off, and nothing about it changes from moment to moment',
  ],
  off: ['○ off', 'faint', 'Not there on this venue, or switched off in the settings'],
  unknown: ['? unknown', 'warn', 'Its figure is not known now; an unknown figure counts as a breach'],
};

/** A test file as its folder and its name: two folders may tell of the same. */
const fileName = (path: string): string =>
  path
    .split('/')
    .slice(-2)
    .join('/')
    .replace(/\.test\.ts$/, '');

interface LineProps extends TestsRun {
  readonly control: ControlView;
  readonly lookedBackTo: Instant | null;
}

const Line = memo(function Line({ control, lookedBackTo, ...run }: LineProps) {
  const [words, tone, meaning] = STATES[control.state];
  return (
    <tr>
      <td className="number faint">{control.number}</td>
      <th scope="row">
        {control.setting === '' ? (
          control.title
        ) : (
          <button
            type="button"
            className="limit-title"
            title={`Opens ${control.setting}`}
            onClick={() => showSetting(control.setting)}
          >
            {control.title}
          </button>
        )}
        <div className="gate-note">{control.how}</div>
        {control.missing === '' ? null : <div className="gate-note warn">{control.missing}</div>}
      </th>
      <td className={tone} title={meaning}>
        {words}
      </td>
      <td className="control-acted">
        {control.lastAt === null ? (
          <span className="faint">{neverOf(lookedBackTo)}</span>
        ) : (
          <time>{dayAndTime(control.lastAt)}</time>
        )}
        <div className="gate-note control-last" title={control.lastWhat}>
          {control.lastWhat}
        </div>
      </td>
      <td>
        {control.proofs.map(({ command, ok, at }) => (
          <div key={command} className={ok === null ? 'faint' : ok ? 'gain' : 'loss'} title={ok === null ? NOT_RUN : at}>
            {ok === null ? '○' : ok ? '✓' : '✕'} {command}
          </div>
        ))}
        {control.tests.map((file) => (
          <div key={file} className={run.tone} title={`${file}: ${run.words}`}>
            {run.sign} {fileName(file)}
          </div>
        ))}
      </td>
    </tr>
  );
});

/** Every control: in force or acting, what it last did, and what proves it. */
export function Controls({ view }: { view: SafetyView }) {
  const run = testsRunOf(view.testsRun);
  return GROUPS.map(([group, title]) => (
    <section key={group} className="control-group">
      <h3>{title}</h3>
      <table className="gates controls">
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">Control</th>
            <th scope="col">State</th>
            <th scope="col">Last acted</th>
            <th scope="col">Proved by</th>
          </tr>
        </thead>
        <tbody>
          {view.controls
            .filter((control) => control.group === group)
            .map((control) => (
              <Line key={control.number} control={control} lookedBackTo={view.lookedBackTo} {...run} />
            ))}
        </tbody>
      </table>
    </section>
  ));
}
