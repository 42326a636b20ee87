/**
 * Small integer hashes for noise that must not depend on who looked first: the same (seed, contract, time bucket) always
 * gives the same number. Not cryptographic.
 */

/** Mixes two 32-bit words into one (the finaliser of MurmurHash3 over their combination). */
export function mix32(a: number, b: number): number {
  let h = Math.imul(a ^ (b + 0x9e3779b9 + (a << 6) + (a >>> 2)), 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  h = Math.imul(h, 0x27d4eb2f);
  return h ^ (h >>> 15);
}

/** FNV-1a over a text's UTF-16 units, finished by {@link mix32}. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix32(h, text.length);
}

/** A hash as a uniform number in [0, 1). */
export function unit(hash: number): number {
  return (hash >>> 0) / 4294967296;
}

/** A random-looking UUID (version 4 form) made of a seed and a counter: the same pair gives the same id. */
export function seededUuid(seed: number, counter: number): string {
  const hex = (salt: number) => (mix32(mix32(seed, salt), counter) >>> 0).toString(16).padStart(8, '0');
  const text = hex(11) + hex(12) + hex(13) + hex(14);
  const variant = ((Number.parseInt(text.charAt(16), 16) & 3) | 8).toString(16);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-${variant}${text.slice(17, 20)}-${text.slice(20)}`;
}
