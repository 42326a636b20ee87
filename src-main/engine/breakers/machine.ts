import type { GateResult } from '#domain/decisions/decision';
import type { MachineObservation } from '#ports/engine';
import type { Turn } from '../turn.ts';
import { trip } from './protect.ts';

/** Facts of the machine against their limits: a machine that cannot be trusted opens nothing new. */
export function takeObservation(turn: Turn, { kind, value }: MachineObservation): void {
  turn.present.machine.set(kind, { value, at: turn.now });
  const { maxClockSkewMs, minDiskMegabytes, maxLoopLagMs, maxHeapFraction } = turn.settings.protection;
  switch (kind) {
    case 'clockSkew':
      if (Math.abs(value) > maxClockSkewMs)
        trip(
          turn,
          'clockSkew',
          over('clockSkew', Math.abs(value), maxClockSkewMs, 'milliseconds'),
          `our clock is ${Math.abs(value).toFixed(0)} ms ${value > 0 ? 'ahead of' : 'behind'} the broker's: no new entries`,
        );
      return;
    case 'diskFree':
      if (value < minDiskMegabytes)
        trip(
          turn,
          'diskSpace',
          over('diskFree', value, minDiskMegabytes, 'megabytes'),
          `${value.toFixed(0)} MB are free where the journal is kept: no new entries`,
        );
      return;
    case 'loopLag':
      if (value > maxLoopLagMs)
        trip(
          turn,
          'loopLag',
          over('loopLag', value, maxLoopLagMs, 'milliseconds'),
          `the program stood still for ${(value / 1000).toFixed(1)} s: no new entries`,
        );
      return;
    case 'heap':
      if (value > maxHeapFraction)
        trip(
          turn,
          'heap',
          over('heap', value, maxHeapFraction, 'fraction'),
          `${(value * 100).toFixed(0)} % of the program's memory is in use: no new entries`,
        );
      return;
  }
}

function over(gate: string, value: number, limit: number, unit: string): GateResult {
  return { gate, passed: false, value, limit, unit };
}
