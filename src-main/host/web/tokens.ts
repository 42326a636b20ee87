import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Role } from '#wire/host';

/** A token for each role, made at each start, kept in memory only. */
export interface Tokens {
  readonly owner: string;
  /** The owner's too, for the link that is printed: what is typed and what stands in an address are never the same. */
  readonly link: string;
  readonly operator: string;
  readonly viewer: string;
}

export function makeTokens(): Tokens {
  const token = (): string => randomBytes(32).toString('base64url');
  return { owner: token(), link: token(), operator: token(), viewer: token() };
}

/** The role that a token opens; null for none. Every comparison takes the same time, and all are always made. */
export function roleOf(token: string, tokens: Tokens): Role | null {
  const digest = digestOf(token);
  const matches = (known: string): boolean => timingSafeEqual(digest, digestOf(known));
  const [owner, link] = [matches(tokens.owner), matches(tokens.link)];
  const [operator, viewer] = [matches(tokens.operator), matches(tokens.viewer)];
  return owner || link ? 'owner' : operator ? 'operator' : viewer ? 'viewer' : null;
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
