import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const record = z.object({ at: z.number().int(), ok: z.boolean(), events: z.number().int(), reason: z.string() });
/** What the last restore drill came to; `at` by the machine's clock, epoch ms. */
export type DrillRecord = z.infer<typeof record>;

/** Keeps what a drill came to, for the Safety panel. */
export function keepDrill(file: string, drill: DrillRecord): void {
  const { at, ok, events, reason } = drill;
  writeFileSync(`${file}.draft`, `${JSON.stringify({ at, ok, events, reason })}\n`, { mode: 0o600 });
  renameSync(`${file}.draft`, file);
}

/** The last drill; null when there was none or the file cannot be read: it then counts as never drilled. */
export function lastDrill(file: string): DrillRecord | null {
  if (!existsSync(file)) return null;
  try {
    return record.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
