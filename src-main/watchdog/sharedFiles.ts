import type { z } from 'zod';
import { readFile, replaceFile } from './files.ts';
import { entryList, heartbeat, watchState } from './protocol.ts';

/** One small file between desk and watchdog: what is written is what is read. */
interface SharedFile<Content> {
  /** null when it is not there or not what it should be. */
  read(): Content | null;
  write(content: Content): void;
}

/** The engine's sign of life: the desk writes, the watchdog reads. */
export const heartbeatFile = (path: string) => sharedFile(path, heartbeat);
/** The entries on their way to the broker: the desk writes, the watchdog reads. */
export const entriesFile = (path: string) => sharedFile(path, entryList);
/** What the watchdog sees and did: it writes, the desk reads. */
export const watchStateFile = (path: string) => sharedFile(path, watchState);

function sharedFile<Schema extends z.ZodType>(path: string, schema: Schema): SharedFile<z.output<Schema>> {
  return { read: () => readFile(path, schema), write: (content) => replaceFile(path, content) };
}
