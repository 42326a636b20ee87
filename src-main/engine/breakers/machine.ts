import type { GateResult } from '#domain/decisions/decision';
import type { MachineObservation } from '#ports/engine';
import type { Turn } from '../turn.ts';
import { trip, untrip } from './protect.ts';

/** Facts of the machine against their limits: a machine that cannot be trusted opens nothing new. */
export function takeObservation(turn: Turn, { kind, value }: MachineObservation): void {
  turn.present.machine.set(kind, { value, at: turn.now });
  const { maxClockSkewMs, minDiskMegabytes, maxLoopLagMs, maxHeapFraction } = turn.settings.protection;
  switch (kind) {
    case 'clockSkew':
      if (Math.abs(value) <= maxClockSkewMs) return untrip(turn, 'clockSkew');
      return trip(
        turn,
        'clockSkew',
        over('clockSkew', Math.abs(value), maxClockSkewMs, 'milliseconds'),
        `our clock is ${Math.abs(value).toFixed(0)} ms ${value > 0 ? 'ahead of' : 'behind'} the broker's: no new entries`,
      );
    case 'diskFree':
      if (value >= minDiskMegabytes) return untrip(turn, 'diskSpace');
      return trip(
        turn,
        'diskSpace',
        over('diskFree', value, minDiskMegabytes, 'megabytes'),
        `${value.toFixed(0)} MB are free where the journal is kept: no new entries`,
      );
    case 'loopLag':
      if (value <= maxLoopLagMs) return untrip(turn, 'loopLag');
      return trip(
        turn,
        'loopLag',
        over('loopLag', value, maxLoopLagMs, 'milliseconds'),
        `the program stood still for ${(value / 1000).toFixed(1)} s: no new entries`,
      );
    case 'heap':
      if (value <= maxHeapFraction) return untrip(turn, 'heap');
      return trip(
        turn,
        'heap',
        over('heap', value, maxHeapFraction, 'fraction'),
        `${(value * 100).toFixed(0)} % of the program's memory is in use: no new entries`,
      );
  }
}

function over(gate: string, value: number, limit: number, unit: string): GateResult {
  return { gate, passed: false, value, limit, unit };
}
