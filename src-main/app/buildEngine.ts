import { createHash } from 'node:crypto';
import { sectorOf } from '#domain/market/sectors';
import { createEngine, type Engine, type EngineParts } from '#engine/engine';
import { CATALOG } from '#strategies/catalog';
import { contentDigest } from './contentDigest.ts';

/** Journal schema that this build writes; stated in every session's first fact. */
export const SCHEMA_VERSION = 1;

type Given = Omit<EngineParts, 'catalog' | 'configHash' | 'schemaVersion' | 'sectorOf' | 'digest' | 'venue'> & {
  readonly venue: EngineParts['venue'] | null;
};

/** The engine with what belongs to the program itself: the strategies, the sectors, the digest. */
export function buildEngine({ venue, ...given }: Given): Engine {
  return createEngine({
    ...given,
    ...(venue ? { venue } : {}),
    catalog: CATALOG,
    configHash: configHashOf(given.settings),
    schemaVersion: SCHEMA_VERSION,
    sectorOf,
    digest: contentDigest,
  });
}

/** Names a set of settings in the journal: 16 hex digits of the SHA-256 of their text. */
export function configHashOf(settings: unknown): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 16);
}
