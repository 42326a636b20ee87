import type { Random } from '#ports/random';
import { hashText, mix32 } from './hashing.ts';

/**
 * xoshiro128** (Blackman and Vigna, 2018): 128 bits of state, period 2^128 - 1, the same stream on every machine.
 * `fork` derives an independent stream from the seed and the label alone, so the order of forks and draws does not matter.
 */
export function createRandom(seed: number, label = 'root'): Random {
  return new Xoshiro(mix32(seed | 0, hashText(label)), label, seed);
}

class Xoshiro implements Random {
  private s0: number;
  private s1: number;
  private s2: number;
  private s3: number;
  private spare = Number.NaN;
  private readonly label: string;
  private readonly seed: number;

  constructor(state: number, label: string, seed: number) {
    this.label = label;
    this.seed = seed;
    this.s0 = mix32(state, 1);
    this.s1 = mix32(state, 2);
    this.s2 = mix32(state, 3);
    this.s3 = mix32(state, 4) | 1;
  }

  private word(): number {
    const five = Math.imul(this.s1, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9);
    const shifted = this.s1 << 9;
    this.s2 ^= this.s0;
    this.s3 ^= this.s1;
    this.s1 ^= this.s2;
    this.s0 ^= this.s3;
    this.s2 ^= shifted;
    this.s3 = (this.s3 << 11) | (this.s3 >>> 21);
    return result >>> 0;
  }

  next(): number {
    return this.word() / 4294967296;
  }

  /** Marsaglia's polar method; pairs are used one after the other. */
  normal(): number {
    if (!Number.isNaN(this.spare)) {
      const kept = this.spare;
      this.spare = Number.NaN;
      return kept;
    }
    for (;;) {
      const u = this.word() / 2147483648 - 1;
      const v = this.word() / 2147483648 - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.spare = v * scale;
      return u * scale;
    }
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  fork(label: string): Random {
    return createRandom(this.seed, `${this.label}/${label}`);
  }
}
