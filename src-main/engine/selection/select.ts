/** What the choice among candidates looks at. */
export interface Scored {
  readonly score: number;
  readonly sector: string;
  readonly strategyId: string;
  readonly underlying: string;
  /** Fixed order among equals: the identifier of the structure. */
  readonly key: string;
}

export interface SelectionTerms {
  /** How many are wanted. */
  readonly top: number;
  /** Taken from a score for each better choice of the same sector or strategy, and for each position held in the sector. */
  readonly repeatPenalty: number;
  readonly positionsBySector: ReadonlyMap<string, number>;
}

export interface Selection<Candidate> {
  /** Best first. */
  readonly chosen: readonly Candidate[];
  readonly left: readonly Candidate[];
}

/**
 * Chooses greedily: the best score first, then the best of the rest after each has been marked down for what was already chosen
 * from its sector and strategy. At most one candidate per underlying: the second is judged at the next scan, with the first in
 * the book. Equal scores fall by their key, so the same candidates always give the same choice.
 */
export function selectTop<Candidate extends Scored>(
  candidates: readonly Candidate[],
  terms: SelectionTerms,
): Selection<Candidate> {
  const chosen: Candidate[] = [];
  const rest = new Set(candidates);
  while (chosen.length < terms.top) {
    let best: Candidate | null = null;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const candidate of rest) {
      if (chosen.some((other) => other.underlying === candidate.underlying)) continue;
      const score = candidate.score - terms.repeatPenalty * repeatsOf(candidate, chosen, terms.positionsBySector);
      if (best === null || score > bestScore || (score === bestScore && candidate.key < best.key)) {
        best = candidate;
        bestScore = score;
      }
    }
    if (best === null) break;
    chosen.push(best);
    rest.delete(best);
  }
  return { chosen, left: [...rest] };
}

function repeatsOf(candidate: Scored, chosen: readonly Scored[], positionsBySector: ReadonlyMap<string, number>): number {
  let repeats = positionsBySector.get(candidate.sector) ?? 0;
  for (const other of chosen) {
    if (other.sector === candidate.sector) repeats += 1;
    if (other.strategyId === candidate.strategyId) repeats += 1;
  }
  return repeats;
}
