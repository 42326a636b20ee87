import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { instant } from '#domain/units';
import type { PhoneMemory, PhoneRecord } from '#ports/phone';

const epochMs = z.number().int().nonnegative().transform(instant);
const id = z.number().int();
const form = z.object({
  botId: z.string(),
  paired: z.object({ userId: id, name: z.string(), at: epochMs }).nullable(),
  acted: z.array(id).max(1_000),
  actedAt: epochMs,
}) satisfies z.ZodType<PhoneRecord, unknown>;

/** The pairing and the updates that were acted upon, in a small file that only the owner can read. Unreadable = nobody is paired. */
export function openPhoneFile(file: string): PhoneMemory {
  return {
    read() {
      try {
        return form.parse(JSON.parse(readFileSync(file, 'utf8')));
      } catch {
        return null;
      }
    },
    write(record) {
      const draft = `${file}.${process.pid}.draft`;
      const handle = openSync(draft, 'w', 0o600);
      try {
        writeSync(handle, `${JSON.stringify(record)}\n`);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(draft, file);
      if (process.platform === 'win32') return;
      const folder = openSync(dirname(file), 'r');
      fsyncSync(folder);
      closeSync(folder);
    },
  };
}
