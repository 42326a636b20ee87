import type { z } from 'zod';
import { exchangeSettings } from '#exchange/settings';
import { appSettings } from '#ports/settings/appSettings';

/** The whole settings file: the program's settings and the embedded exchange's. */
export const fileSettings = appSettings.extend({ exchange: exchangeSettings.prefault({}) });

export type FileSettings = z.output<typeof fileSettings>;
