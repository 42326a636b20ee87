import type { GateResult } from '#domain/decisions/decision';
import type { Contracts } from '#domain/units';
import type { RiskSettings, ScannerSettings } from '#ports/settings/settings';
import { accountGates, lossGates } from './accountGates.ts';
import { activityGates } from './activityGates.ts';
import type { RiskBook, RiskRequest } from './book.ts';
import { closeGates, mostUnitsHeld, reduceOnlyGates } from './closeGates.ts';
import { concentrationGates } from './concentrationGates.ts';
import { atMost, failedGates, holds } from './gates.ts';
import { leaveGates } from './leaveGates.ts';
import { expiryGates, hoursGates, instrumentGates, priceGates } from './marketGates.ts';
import { hasSoundLegs, type OpenCase, openCaseOf } from './openCase.ts';
import { shapeGates } from './shapeGates.ts';
import { sizeGates } from './sizeGates.ts';
import { type StressVector, stressOf, stressOfBook, worstLoss } from './stressGrid.ts';
import type { Approved, Verdict } from './verdict.ts';

/** Dollars a share, units, and both together, beyond which a number is a mistake and its cash no longer counts in whole cents. */
const LARGEST_PRICE = 1_000_000;
const MOST_CONTRACTS = 1_000_000_000;
const LARGEST_PRODUCT = 100_000_000_000;

/**
 * The one gate, last before the wire, for open, replace and close alike, whoever asks. Synchronous and pure: the same request
 * and book give the same verdict.
 *
 * An opening request must pass every limit with everything held and worked counted as filled; a value that is not known
 * refuses. Where only the size is too large the answer is 'resized' with the largest number of units that passes. A closing
 * request meets only the checks that protect: kill state, session, that it really reduces, and price sanity.
 * Every comparison is in `gates`; the failed ones (at the size asked for) are named in `reasons`.
 */
export function judge(request: RiskRequest, book: RiskBook, limits: RiskSettings, scanner: ScannerSettings): Verdict {
  const sound = [
    holds('legs', hasSoundLegs(request)),
    holds('limitPrice', Math.abs(request.netLimit) <= LARGEST_PRICE),
    holds('wholeContracts', request.contracts >= 1 && isPayable(request)),
  ];
  if (sound.some((gate) => !gate.passed)) return refusedBy(sound);
  if (request.purpose === 'close') {
    const most = mostUnitsHeld(request, book);
    return verdictFor(request, closeGates(request, book, limits), most, (n) => reduceOnlyGates(request, book, n));
  }
  const open = openCaseOf(request, book, limits, scanner);
  return verdictFor(request, fixedGates(open), limits.maxContractsPerOrder, sizedGates(open));
}

function isPayable({ contracts, netLimit }: RiskRequest): boolean {
  const price = Math.min(Math.abs(netLimit), LARGEST_PRICE);
  return contracts <= MOST_CONTRACTS && !(contracts * price > LARGEST_PRODUCT);
}

/** Every opening gate that does not depend on the size. */
function fixedGates(open: OpenCase): GateResult[] {
  return [
    ...accountGates(open),
    ...lossGates(open),
    ...hoursGates(open),
    ...instrumentGates(open),
    ...expiryGates(open),
    ...leaveGates(open),
    ...activityGates(open),
    ...concentrationGates(open),
    ...shapeGates(open),
    ...priceGates(open),
  ];
}

type GatesAtSize = (contracts: Contracts) => GateResult[];

/** Size gates, and the stress grid when nothing cheaper failed (the book is revalued at most once a request). */
function sizedGates(open: OpenCase): GatesAtSize {
  const { request, book, limits, scanner } = open;
  const rate = scanner.riskFreeRate;
  let vectors: { readonly held: StressVector | null; readonly unit: StressVector | null } | null = null;
  return (contracts) => {
    const gates = sizeGates(open, contracts);
    if (gates.some((gate) => !gate.passed)) return gates;
    vectors ??= {
      held: stressOfBook(book, limits, rate, request.replacing === true ? request.positionId : null),
      unit: stressOf(request.legs, request.underlying, book, limits, rate),
    };
    return [...gates, stressGate(open, vectors.held, vectors.unit, contracts)];
  };
}

/** Worst loss over the grid with the candidate, in dollars, against its share of equity; the loss without it is told. */
function stressGate(
  { book, limits }: OpenCase,
  held: StressVector | null,
  unit: StressVector | null,
  contracts: Contracts,
): GateResult {
  const allowed = book.equity === null ? null : (book.equity / 100) * limits.maxStressLossFraction;
  if (held === null || unit === null) return atMost('portfolioStress', null, allowed, 'dollars', 'a position or leg has no mark');
  const together = worstLoss(held.map((dollars, node) => dollars + contracts * unit[node]!));
  return atMost('portfolioStress', together, allowed, 'dollars', `without it: ${worstLoss(held).toFixed(2)}`);
}

function verdictFor(request: RiskRequest, fixed: readonly GateResult[], sizeLimit: number, gatesAt: GatesAtSize): Verdict {
  const wished = gatesAt(request.contracts);
  const refusals = failedGates([...fixed, ...wished]);
  if (refusals.length === 0) return approvedFor(request, request.contracts, [...fixed, ...wished], []);
  if (fixed.some((gate) => !gate.passed)) return { kind: 'refused', gates: [...fixed, ...wished], reasons: refusals };
  let last = wished;
  for (let contracts = Math.min(Math.ceil(request.contracts) - 1, sizeLimit); contracts >= 1; contracts--) {
    last = gatesAt(contracts);
    if (last.every((gate) => gate.passed)) return approvedFor(request, contracts, [...fixed, ...last], refusals);
  }
  return refusedBy([...fixed, ...last]);
}

function refusedBy(gates: readonly GateResult[]): Verdict {
  return { kind: 'refused', gates, reasons: failedGates(gates) };
}

function approvedFor(
  request: RiskRequest,
  contracts: Contracts,
  gates: readonly GateResult[],
  resizedBy: readonly string[],
): Verdict {
  const kind = contracts < request.contracts ? 'resized' : 'approved';
  return { kind, approved: stamped({ request, contracts, gates }), gates, reasons: resizedBy };
}

/** The one place where the brand is put on. */
function stamped(passed: Pick<Approved, 'request' | 'contracts' | 'gates'>): Approved {
  return passed as Approved;
}
