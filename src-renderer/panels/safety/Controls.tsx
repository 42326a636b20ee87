import { memo } from 'react';
import type { ControlView } from '#contract/safety';
import { dayAndTime } from '../../components/format/instants.ts';
import { showSetting } from '../../stores/workspace.ts';

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
  holding: ['✓ in force', 'gain', 'Looked at just now: it is in force and holds nothing back'],
  acting: ['■ acting', 'warn', 'It holds something back now'],
  builtIn: [
    '· built in',
    'faint',
    'Part of the program: nothing switches it off, and nothing about it changes from moment to moment',
  ],
  off: ['○ off', 'faint', 'Not there on this venue, or switched off in the settings'],
  unknown: ['? unknown', 'warn', 'Its figure is not known now; an unknown figure counts as a breach'],
};

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.test\.ts$/, ' (test)');

const Line = memo(function Line({ control }: { control: ControlView }) {
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
        {control.lastAt === null ? <span className="faint">never</span> : <time>{dayAndTime(control.lastAt)}</time>}
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
          <div key={file} className="faint" title={`${file}: runs with npm test`}>
            {fileName(file)}
          </div>
        ))}
      </td>
    </tr>
  );
});

/** Every control: in force or acting, what it last did, and what proves it. */
export function Controls({ controls }: { controls: readonly ControlView[] }) {
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
          {controls
            .filter((control) => control.group === group)
            .map((control) => (
              <Line key={control.number} control={control} />
            ))}
        </tbody>
      </table>
    </section>
  ));
}
