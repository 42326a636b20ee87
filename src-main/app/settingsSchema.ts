import type { z } from 'zod';
import { fileSettings } from '#adapters/settings/fileSettings';
import { CATALOG } from '#strategies/catalog';

/**
 * The settings file's schema with the strategies' own schemas behind their blocks: a wrong parameter is found here, before the
 * engine could meet it.
 */
export const settingsSchema = fileSettings.superRefine((settings, context) => {
  for (const [id, block] of Object.entries(settings.strategies)) {
    const entry = CATALOG.find((candidate) => candidate.id === id);
    if (!entry) {
      context.addIssue({ code: 'custom', path: ['strategies', id], message: 'there is no such strategy' });
      continue;
    }
    const parsed = entry.schema.safeParse({ ...entry.profiles[block.profile], ...block.parameters });
    if (parsed.success) continue;
    for (const issue of parsed.error.issues)
      context.addIssue({ code: 'custom', path: ['strategies', id, 'parameters', ...issue.path], message: issue.message });
  }
});

export type DeskSettings = z.output<typeof settingsSchema>;
