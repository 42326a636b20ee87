import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { type ApiKey, SECRET_NAMES, type SecretName, type SecretStore } from '#ports/secretStore';

/** scrypt: 2^17 rounds of 8 blocks, 128 MiB; about half a second for each guess. */
const COST = { N: 131_072, r: 8, p: 1, maxmem: 160 * 1024 * 1024 };
const KEY_BYTES = 32;
const MIN_PASSPHRASE = 12;

const sealed = z.object({ version: z.literal(1), salt: z.string(), nonce: z.string(), tag: z.string(), box: z.string() });
const contents = z.partialRecord(z.enum(SECRET_NAMES), z.object({ keyId: z.string(), secret: z.string() }));
type Contents = Partial<Record<SecretName, ApiKey>>;

/**
 * Keys in a file, sealed with AES-256-GCM under a key that scrypt makes from a passphrase. The passphrase is asked for at each
 * start and never kept. Throws a sentence for a wrong passphrase or a changed file.
 */
export async function openSealedFile(file: string, passphrase: string): Promise<SecretStore> {
  if (passphrase.length < MIN_PASSPHRASE)
    throw new Error(`A sealed file needs STRIKEDESK_PASSPHRASE with at least ${MIN_PASSPHRASE} characters.`);
  let kept: Contents = existsSync(file) ? await unseal(readFileSync(file, 'utf8'), passphrase) : {};
  let last: Promise<void> = Promise.resolve();
  /** One after the other: sealing takes half a second, and two that began from the same contents would lose one of them. */
  const keep = (change: (before: Contents) => Contents): Promise<void> => {
    const done = last.then(async () => {
      const next = change(kept);
      writeWhole(file, await seal(next, passphrase));
      kept = next;
    });
    last = done.catch(() => {});
    return done;
  };
  return {
    backend: 'sealedFile',
    detail: `sealed file ${file}`,
    read: (name) => Promise.resolve(kept[name] ?? null),
    store: (name, key) => keep((before) => ({ ...before, [name]: { keyId: key.keyId, secret: key.secret } })),
    remove: (name) => keep((before) => Object.fromEntries(Object.entries(before).filter(([other]) => other !== name))),
  };
}

async function seal(value: Contents, passphrase: string): Promise<string> {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', await keyFrom(passphrase, salt), nonce);
  const box = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  const text = (bytes: Buffer): string => bytes.toString('base64');
  return JSON.stringify({ version: 1, salt: text(salt), nonce: text(nonce), tag: text(cipher.getAuthTag()), box: text(box) });
}

async function unseal(text: string, passphrase: string): Promise<Contents> {
  try {
    const form = sealed.parse(JSON.parse(text));
    const bytes = (part: string): Buffer => Buffer.from(part, 'base64');
    const opener = createDecipheriv('aes-256-gcm', await keyFrom(passphrase, bytes(form.salt)), bytes(form.nonce));
    opener.setAuthTag(bytes(form.tag));
    const plain = Buffer.concat([opener.update(bytes(form.box)), opener.final()]).toString('utf8');
    const parsed = contents.parse(JSON.parse(plain));
    const kept: Contents = {};
    for (const name of SECRET_NAMES) {
      const key = parsed[name];
      if (key) kept[name] = key;
    }
    return kept;
  } catch {
    throw new Error('The sealed file does not open: the passphrase is wrong or the file was changed.');
  }
}

function keyFrom(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function writeWhole(file: string, text: string): void {
  const draft = `${file}.draft`;
  const handle = openSync(draft, 'w', 0o600);
  writeSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(draft, file);
}
