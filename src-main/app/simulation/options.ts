import { readFileSync } from 'node:fs';
import { type IsoDate, isoDate } from '#domain/units';
import { type FaultScript, faultScript } from '#exchange/faults';
import { argumentsOf, UsageError, whole } from '../commandLine.ts';

/** What `npm run simulate` was asked for. */
export interface SimulationOptions {
  readonly seed: number;
  readonly days: number;
  readonly start: IsoDate;
  readonly wire: boolean;
  /** How many times the engine's process is killed; 0 = never. */
  readonly crash: number;
  /** Database to keep; null = a temporary one. */
  readonly journal: string | null;
  /** What goes wrong on the way; empty = nothing. */
  readonly faults: FaultScript;
  readonly json: boolean;
}

const USAGE = `npm run -s simulate -- [--seed <n>] [--days <n>] [--start <YYYY-MM-DD>] [--wire] [--crash <times>]
    [--journal <new file>] [--faults <file.json>] [--json]
  Days on the embedded exchange, as fast as the machine can; the last line is the result. --wire: engine and exchange apart,
  over REST and WebSocket; --crash: the engine's process is killed so often on the way.`;

/** First simulated day when none is named. */
const DEFAULT_START = '2026-01-05';

/** Parses the arguments; throws {@link UsageError} naming the option that is wrong. */
export function simulationOptions(args: readonly string[]): SimulationOptions {
  const { values } = argumentsOf(USAGE, {
    args: [...args],
    options: {
      seed: { type: 'string', default: '7' },
      days: { type: 'string', default: '20' },
      start: { type: 'string', default: DEFAULT_START },
      wire: { type: 'boolean', default: false },
      crash: { type: 'string', default: '0' },
      journal: { type: 'string' },
      faults: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    seed: whole('--seed', values.seed, 0, 2 ** 32 - 1),
    days: whole('--days', values.days, 1, 2520),
    start: day(values.start),
    wire: values.wire,
    crash: whole('--crash', values.crash, 0, 10_000),
    journal: values.journal ?? null,
    faults: values.faults === undefined ? [] : faultsIn(values.faults),
    json: values.json,
  };
}

/** A script of fault rules from a JSON file; the first field that is wrong is named. */
function faultsIn(path: string): FaultScript {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`--faults ${path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = faultScript.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`--faults ${path}: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'is not a list of rules'}`);
}

function day(text: string): IsoDate {
  if (!/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text))
    throw new UsageError(`--start takes a date YYYY-MM-DD, not '${text}'.`);
  return isoDate(text);
}
