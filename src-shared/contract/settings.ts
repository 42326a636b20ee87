import { z } from 'zod';
import type { ActOutcome } from './desk.ts';
import { commandId, noInput, proofField } from './fields.ts';
import { command, feed, query } from './verbs.ts';

export interface SettingsView {
  /** JSON schema with unit and description per field; the form is generated from it. */
  readonly schema: unknown;
  readonly values: unknown;
  readonly file: string;
  /** Dotted paths that an environment variable overrides, with its name. */
  readonly overridden: Readonly<Record<string, string>>;
  /** By dotted path, which way is tighter, in words; empty where no real money is at stake. */
  readonly tighter: Readonly<Record<string, string>>;
  /** What is wrong with the file, if anything; the last good values stay in force. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** Which keys are stored, never the keys themselves. */
export interface CredentialsView {
  readonly backend: 'keychain' | 'sealedFile' | 'environment' | 'none';
  readonly backendDetail: string;
  readonly stored: readonly { readonly name: 'alpaca-paper' | 'alpaca-live'; readonly keyIdEnding: string }[];
}

export const settings = {
  'settings.view': feed<SettingsView>()(noInput),
  'settings.change': command<ActOutcome>()(
    z.strictObject({
      commandId,
      changes: z
        .array(z.strictObject({ path: z.string().min(1).max(120), value: z.unknown() }))
        .min(1)
        .max(100),
      proof: proofField,
    }),
  ),
  'credentials.view': query<CredentialsView>()(noInput),
  /** The secret goes in and never comes out. */
  'credentials.store': command<ActOutcome>()(
    z.strictObject({
      commandId,
      name: z.enum(['alpaca-paper', 'alpaca-live']),
      keyId: z.string().min(4).max(128),
      secret: z.string().min(4).max(256),
    }),
  ),
  'credentials.remove': command<ActOutcome>()(z.strictObject({ commandId, name: z.enum(['alpaca-paper', 'alpaca-live']) })),
};
