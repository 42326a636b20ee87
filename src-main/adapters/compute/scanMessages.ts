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

/** Scan the expiries from (inclusive) to (exclusive). */
export interface ScanPart {
  readonly kind: 'scan';
  readonly from: number;
  readonly to: number;
  readonly settings: ScanSettings;
}

/** Volatilities of the expiries from (inclusive) to (exclusive), without looking for candidates. */
export interface AppraisePart {
  readonly kind: 'appraise';
  readonly from: number;
  readonly to: number;
  readonly slippage: number;
}

export type ScanRequest = AttachUniverse | ScanPart | AppraisePart;

export type ScanAnswer =
  | { readonly kind: 'report'; readonly report: ScanReport; readonly processorMs: number }
  | { readonly kind: 'appraised' }
  | { readonly kind: 'failed'; readonly message: string };
