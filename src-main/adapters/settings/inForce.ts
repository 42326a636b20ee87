import { existsSync, readFileSync } from 'node:fs';
import { writeWhole } from './writeWhole.ts';

/** The settings that the program last had on record, whole, in a file beside them. */
export interface InForce {
  /** False at the very first start. */
  readonly isThere: boolean;
  /** As they were when this was opened; null where there are none, or none that can be read. */
  readonly values: unknown;
  /** These are on record now. Call it after their rows are written: a death between the two shows the change again, never loses it. */
  keep(settings: unknown): void;
}

export function openInForce(file: string): InForce {
  const isThere = existsSync(file);
  return {
    isThere,
    values: isThere ? valuesIn(file) : null,
    keep: (settings) => writeWhole(file, JSON.stringify(settings)),
  };
}

function valuesIn(file: string): unknown {
  try {
    const values: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return values;
  } catch {
    return null;
  }
}
