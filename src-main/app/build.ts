import { readFileSync } from 'node:fs';
import { hashOfSources } from './buildHash.ts';

/** Put in when the program is bundled (electron.vite.config.ts); from the sources it is computed at the start. */
declare const BUILD_HASH: string | undefined;

const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Version of this program, as every journal session states it. */
export const VERSION: string =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0';
/** Version and the hash of everything that this program is made of. */
export const BUILD = `strikedesk ${VERSION} ${typeof BUILD_HASH === 'string' ? BUILD_HASH : hashOfSources()}`;
