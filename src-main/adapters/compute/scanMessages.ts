/** What the scan pool and its workers say to each other. */
import type { ScanReport, ScanSettings } from '#domain/structures/scan/scanUniverse';

/** What a worker is started with. */
export interface ScanWorkerData {
  /** Address of the built chain kernels; null for TypeScript. */
  readonly kernelFile: string | null;
}

/** The universe a worker is to look at from now on; its columns live in shared memory. */
export interface AttachUniverse {
  readonly kind: 'attach';
  readonly buffer: SharedArrayBuffer;
  readonly expiries: number;
  readonly strikesEach: number;
}

/**
 * Parts of the universe, equal in expiries, that the workers take one after another from a shared counter: a thread whose processor
 * somebody else wants holds nobody up.
 */
export interface SharedParts {
  readonly parts: number;
  /** One 32-bit number: the next part that nobody has taken. */
  readonly next: SharedArrayBuffer;
}

/** Scan parts until none is left. */
export interface ScanParts extends SharedParts {
  readonly kind: 'scan';
  readonly settings: ScanSettings;
}

/** Volatilities of parts until none is left, without looking for candidates. */
export interface AppraiseParts extends SharedParts {
  readonly kind: 'appraise';
  readonly slippage: number;
}

export type ScanRequest = AttachUniverse | ScanParts | AppraiseParts;

/** What one part came to. */
export interface PartReport {
  readonly part: number;
  readonly report: ScanReport;
}

export type ScanAnswer =
  | { readonly kind: 'scanned'; readonly reports: readonly PartReport[]; readonly processorMs: number }
  | { readonly kind: 'appraised' }
  | { readonly kind: 'failed'; readonly message: string };
