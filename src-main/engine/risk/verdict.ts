import type { GateResult } from '#domain/decisions/decision';
import type { Contracts } from '#domain/units';
import type { RiskRequest } from './book.ts';

declare const approved: unique symbol;

/** Proof that the gate let a request pass. Only `judge` makes one; execution accepts nothing else. */
export interface Approved {
  readonly [approved]: true;
  readonly request: RiskRequest;
  readonly contracts: Contracts;
  readonly gates: readonly GateResult[];
}

/** The gate's answer. Every gate that was compared is listed, the failed ones named in `reasons`. */
export type Verdict =
  | {
      readonly kind: 'approved' | 'resized';
      readonly approved: Approved;
      readonly gates: readonly GateResult[];
      readonly reasons: readonly string[];
    }
  | { readonly kind: 'refused'; readonly gates: readonly GateResult[]; readonly reasons: readonly string[] };
