import type { SafetyView } from '#contract/safety';
import { Badge } from '../../components/Badge.tsx';

/** The battery for exactly this build; nothing is green that was not proved for it. */
export function Evidence({ view }: { view: SafetyView }) {
  const acting = view.controls.filter(({ state }) => state === 'acting').length;
  const unknown = view.controls.filter(({ state }) => state === 'unknown' || state === 'off').length;
  return (
    <header className="safety-head">
      <p>
        <strong>{view.controls.length} controls</strong>
        <span className="faint">
          {acting === 0
            ? ', none is seen to hold anything back'
            : `, ${acting} ${acting === 1 ? 'holds' : 'hold'} something back`}
          {unknown === 0 ? '' : `, ${unknown} off or not known`}
        </span>
      </p>
      <p>
        <Badge tone={view.battery.green ? 'good' : 'warn'}>
          {view.battery.green ? '✓ battery green' : 'battery not complete'}
        </Badge>{' '}
        <span className="faint">
          build {view.build}: {view.battery.detail}
        </span>
      </p>
      <p className="faint safety-legend">
        Proved by the battery’s commands, and by test files that <code>npm test</code> runs: <span className="gain">✓ held</span>{' '}
        for exactly this build, <span className="loss">✕ failed</span>, ○ not run for it here
      </p>
    </header>
  );
}
