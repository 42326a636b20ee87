/** What the scan pool and its workers say to each other. */
import type { ScanReport, ScanSettings } from '#domain/structures/scan/scanUniverse';

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

export type ScanRequest = AttachUniverse | ScanPart;

export type ScanAnswer =
  | { readonly kind: 'report'; readonly report: ScanReport }
  | { readonly kind: 'failed'; readonly message: string };
