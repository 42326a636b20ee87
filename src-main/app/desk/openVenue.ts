import type { OpenJournal } from '#adapters/journal/journal';
import type { SecretStore } from '#ports/secretStore';
import type { DataFolder } from '../dataFolder.ts';
import type { DeskSettings } from '../settingsSchema.ts';
import { openAlpacaSession } from './alpacaSession.ts';
import { openEmbeddedSession } from './embeddedSession.ts';
import type { VenueSession } from './venueSession.ts';

export interface VenueParts {
  readonly settings: DeskSettings;
  readonly folder: DataFolder;
  readonly secrets: SecretStore;
  readonly journal: OpenJournal;
  /** Stops all trading: what follows would not be on record. */
  onFailure(where: string, error: unknown): void;
  /** Logs. */
  onError(where: string, error: unknown): void;
}

/** The venue that the settings name. Throws a sentence when it cannot be had. */
export function openVenue(parts: VenueParts): Promise<VenueSession> {
  const { settings, folder, journal, onFailure } = parts;
  if (settings.broker.venue !== 'embedded') return openAlpacaSession(parts);
  const last = journal.reader.events({ kinds: null, text: null, beforeSeq: null, limit: 1 }).rows[0];
  return Promise.resolve(openEmbeddedSession(folder.exchange, settings, last?.at ?? null, onFailure));
}
