import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Role } from '#wire/host';

/** A token for each role, made at each start, kept in memory only. For typing: they never stand in an address. */
export interface Tokens {
  readonly owner: string;
  readonly operator: string;
  readonly viewer: string;
}

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

export function makeTokens(): Tokens {
  return { owner: newToken(), operator: newToken(), viewer: newToken() };
}

/** The role that a token opens; null for none. Every comparison takes the same time, and all are always made. */
export function roleOf(token: string, tokens: Tokens): Role | null {
  const digest = digestOf(token);
  const matches = (known: string): boolean => timingSafeEqual(digest, digestOf(known));
  const [owner, operator, viewer] = [matches(tokens.owner), matches(tokens.operator), matches(tokens.viewer)];
  return owner ? 'owner' : operator ? 'operator' : viewer ? 'viewer' : null;
}

export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
