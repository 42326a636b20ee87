import '#adapters/runtime/runtimeCheck';
import { takeWriterLock } from '#adapters/journal/writerLock';
import { migrateSecrets, recordedBackend } from '#adapters/secrets/migrateSecrets';
import { commandLine, endWith } from './commandLine.ts';
import { dataFolder, prepareDataFolder } from './dataFolder.ts';

const USAGE = `npm run -s secrets -- <verb> [--json]
  status                              where keys lie
  migrate --to keychain|sealed-file   moves every secret (STRIKEDESK_PASSPHRASE opens or seals the file)`;

const { values, positionals } = commandLine(USAGE, {
  allowPositionals: true,
  options: { to: { type: 'string' }, json: { type: 'boolean', default: false } },
});

async function run(verb: string | undefined): Promise<{ readonly ok: boolean; readonly [key: string]: unknown }> {
  if (verb !== 'status' && verb !== 'migrate')
    endWith(`${verb === undefined ? 'Name a verb.' : `There is no verb '${verb}'.`}\n${USAGE}`);
  if (verb === 'migrate' && values.to !== 'keychain' && values.to !== 'sealed-file')
    endWith(`migrate needs --to keychain or --to sealed-file, not '${values.to ?? ''}'.\n${USAGE}`);
  const folder = dataFolder();
  prepareDataFolder(folder);
  if (verb === 'status') return { ok: true, backend: recordedBackend(folder) ?? 'none' };
  const lock = takeWriterLock(folder.journal);
  if (!lock) throw new Error('Strikedesk runs on this data folder; stop it first.');
  try {
    const to = values.to === 'keychain' ? 'keychain' : 'sealedFile';
    const { from, moved } = await migrateSecrets({ folder, to, passphrase: process.env['STRIKEDESK_PASSPHRASE'] ?? '' });
    return { ok: true, from, to, moved };
  } finally {
    lock.release();
  }
}

const answer = await run(positionals[0]).catch((error: unknown) => ({
  ok: false,
  reason: error instanceof Error ? error.message : String(error),
}));
process.stdout.write(
  values.json
    ? `${JSON.stringify(answer)}\n`
    : `${Object.entries(answer)
        .map(([key, value]) => `${key}: ${String(value)}`)
        .join('\n')}\n`,
);
process.exit(answer.ok ? 0 : 1);
