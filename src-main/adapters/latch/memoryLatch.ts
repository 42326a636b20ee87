import { instant } from '#domain/units';
import { type Latch, type LatchRecord, mayReplace } from '#ports/latch';

/** A latch that lives with the process: for simulated runs, where nothing must survive them. Starts ACTIVE. */
export function memoryLatch(): Latch {
  let record: LatchRecord = { state: 'ACTIVE', reason: '', by: '', at: instant(0) };
  return {
    read: () => record,
    write(next) {
      record = next;
    },
    replace(seen, next) {
      if (!mayReplace(record, seen, next)) return false;
      record = next;
      return true;
    },
  };
}
