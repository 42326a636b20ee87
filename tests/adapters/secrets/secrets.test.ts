import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrateSecrets } from '#adapters/secrets/migrateSecrets';
import { openSecrets } from '#adapters/secrets/openSecrets';
import { openSealedFile } from '#adapters/secrets/sealedFile';

/** Searched for in everything that is written or thrown. */
const CANARY = 'canary-7f3a91c2';
const KEY = { keyId: 'PKSTORY12345', secret: CANARY };
const PASSPHRASE = 'correct horse battery';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'strikedesk-secrets-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const folder = () => ({ sealedSecrets: join(home, 'secrets.sealed'), secretBackend: join(home, 'secrets.backend') });

describe('the sealed file', () => {
  it('keeps a key across starts, readable by nobody else, and nothing of it in clear', async () => {
    const { sealedSecrets } = folder();
    const first = await openSealedFile(sealedSecrets, PASSPHRASE);
    await first.store('alpaca-paper', KEY);
    const text = readFileSync(sealedSecrets, 'utf8');
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain(KEY.keyId);
    expect(statSync(sealedSecrets).mode & 0o077).toBe(0);
    const second = await openSealedFile(sealedSecrets, PASSPHRASE);
    expect(await second.read('alpaca-paper')).toEqual(KEY);
    expect(await second.read('alpaca-live')).toBeNull();
    await second.remove('alpaca-paper');
    expect(await (await openSealedFile(sealedSecrets, PASSPHRASE)).read('alpaca-paper')).toBeNull();
  });

  it('keeps both of two that are stored at the same time, and goes on after one that could not be written', async () => {
    const { sealedSecrets } = folder();
    const store = await openSealedFile(sealedSecrets, PASSPHRASE);
    await Promise.all([
      store.store('totp', KEY),
      store.store('opinion', KEY),
      store.store('telegram', KEY),
      store.remove('totp'),
    ]);
    mkdirSync(`${sealedSecrets}.draft`);
    await expect(store.store('alpaca-paper', KEY)).rejects.toThrow();
    rmSync(`${sealedSecrets}.draft`, { recursive: true });
    await store.store('alpaca-live', KEY);
    const again = await openSealedFile(sealedSecrets, PASSPHRASE);
    const kept = await Promise.all((['totp', 'opinion', 'telegram', 'alpaca-paper', 'alpaca-live'] as const).map(again.read));
    expect(kept).toEqual([null, KEY, KEY, null, KEY]);
  });

  it('does not open with another passphrase or after a changed byte, and says nothing of what is inside', async () => {
    const { sealedSecrets } = folder();
    await (await openSealedFile(sealedSecrets, PASSPHRASE)).store('alpaca-live', KEY);
    await expect(openSealedFile(sealedSecrets, 'another passphrase')).rejects.toThrow(
      /passphrase is wrong or the file was changed/,
    );
    const form = JSON.parse(readFileSync(sealedSecrets, 'utf8'));
    const box = Buffer.from(form.box, 'base64');
    box[0] = (box[0] ?? 0) ^ 1;
    writeFileSync(sealedSecrets, JSON.stringify({ ...form, box: box.toString('base64') }));
    const error = await openSealedFile(sealedSecrets, PASSPHRASE).catch((thrown: unknown) => String(thrown));
    expect(error).not.toContain(CANARY);
    expect(error).toMatch(/does not open/);
    await expect(openSealedFile(sealedSecrets, 'short')).rejects.toThrow(/at least 12/);
  });
});

describe('the choice of a place', () => {
  it('records the place once it holds a key, and refuses to start with another', async () => {
    const sealed = { STRIKEDESK_SECRETS: 'sealed-file', STRIKEDESK_PASSPHRASE: PASSPHRASE };
    const store = await openSecrets({ environment: sealed, folder: folder() });
    await store.store('alpaca-paper', KEY);
    await expect(openSecrets({ environment: { STRIKEDESK_SECRETS: 'environment' }, folder: folder() })).rejects.toThrow(
      /Keys were kept in the sealedFile until now/,
    );
    expect(await (await openSecrets({ environment: sealed, folder: folder() })).read('alpaca-paper')).toEqual(KEY);
  });

  it('gives paper keys from the environment and never live ones', async () => {
    const environment = {
      STRIKEDESK_SECRETS: 'environment',
      STRIKEDESK_ALPACA_KEY_ID: KEY.keyId,
      STRIKEDESK_ALPACA_SECRET: CANARY,
    };
    const store = await openSecrets({ environment, folder: folder() });
    expect(store.backend).toBe('environment');
    expect(store.detail).not.toContain(CANARY);
    expect(await store.read('alpaca-paper')).toEqual(KEY);
    expect(await store.read('alpaca-live')).toBeNull();
    await expect(store.store('alpaca-live', KEY)).rejects.toThrow(/environment/);
  });

  it('starts without any place for keys', async () => {
    const store = await openSecrets({ environment: { STRIKEDESK_SECRETS: 'environment' }, folder: folder() });
    expect(store.backend).toBe('none');
    expect(await store.read('alpaca-paper')).toBeNull();
  });
});

describe('moving the keys', () => {
  it('from a sealed file to the keychain and back: every secret arrives, the old place is empty, the record follows', () => {
    const recipe = keychainRecipe();
    if (!recipe) {
      process.stderr.write('skipped: no Secret Service can be started here\n');
      return;
    }
    const environment = { ...process.env, HOME: home, XDG_DATA_HOME: join(home, 'xdg'), STRIKEDESK_HOME: home };
    const script = join(process.cwd(), 'tests/adapters/secrets/migrateRoundTrip.ts');
    const said = execFileSync(recipe.command, recipe.args(`"${process.execPath}" "${script}"`), {
      env: environment,
      encoding: 'utf8',
    });
    expect(JSON.parse(said.trim().split('\n').at(-1) ?? '')).toEqual({
      there: { from: 'sealedFile', moved: ['alpaca-paper', 'totp'] },
      recordedThere: 'keychain',
      leftInFile: null,
      back: { from: 'keychain', moved: ['alpaca-paper', 'totp'] },
      recorded: 'sealedFile',
      kept: { keyId: 'PKSTORY12345', secret: 'canary-7f3a91c2' },
    });
  });

  it('says in a sentence that there is nothing to move', async () => {
    const nothing = migrateSecrets({ folder: folder(), to: 'sealedFile', passphrase: PASSPHRASE });
    await expect(nothing).rejects.toThrow(/No keys are stored yet/);
  });
});

describe('the system’s keychain', () => {
  it('keeps and gives back a key, through a real Secret Service', () => {
    const recipe = keychainRecipe();
    if (!recipe) {
      process.stderr.write('skipped: no Secret Service can be started here\n');
      expect(process.env['STRIKEDESK_TEST_KEYRING']).toBeUndefined();
      return;
    }
    const script = join(process.cwd(), 'tests/adapters/secrets/keychainRoundTrip.ts');
    const environment = { ...process.env, STRIKEDESK_HOME: home, HOME: home, XDG_DATA_HOME: join(home, 'xdg') };
    const said = execFileSync(recipe.command, recipe.args(`"${process.execPath}" "${script}"`), {
      env: environment,
      encoding: 'utf8',
    });
    expect(JSON.parse(said.trim().split('\n').at(-1) ?? '')).toEqual({
      backend: 'keychain',
      before: null,
      kept: { keyId: 'PKSTORY12345', secret: 'canary-7f3a91c2' },
      after: null,
    });
  });

  it('is no reason not to start where nothing answers', async () => {
    const environment = { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', STRIKEDESK_HOME: home };
    const said = spawnSync(process.execPath, ['tests/adapters/secrets/keychainProbe.ts'], { env: environment, encoding: 'utf8' });
    expect(said.status, said.stderr).toBe(0);
    expect(['none', 'keychain']).toContain(said.stdout.trim());
    if (process.platform === 'linux') expect(said.stdout.trim()).toBe('none');
  });
});

/** A session bus of its own with an unlocked keyring; null where the tools are missing. */
function keychainRecipe(): { command: string; args(run: string): string[] } | null {
  const have = (tool: string): boolean => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
  if (process.platform !== 'linux' || !have('dbus-run-session') || !have('gnome-keyring-daemon')) return null;
  const unlock = "printf 'story\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1";
  return { command: 'dbus-run-session', args: (run) => ['--', 'bash', '-c', `${unlock}; ${run}`] };
}
