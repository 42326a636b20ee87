import type { Contracts } from '#domain/units';

/** Units of an order that are booked, as places in the broker's count: above `after`, up to and with `upTo`. */
export interface CountedUnits {
  readonly after: Contracts;
  readonly upTo: Contracts;
}

/**
 * How many units within (`after`, `upTo`] are not booked yet. `counted` is sorted and without overlap. An execution fills the places
 * from the count before it to the count that it reached; whichever way a place was told (by the execution itself, or within a
 * total that the broker's book gave), it is booked once.
 */
export function uncounted(counted: readonly CountedUnits[], after: Contracts, upTo: Contracts): Contracts {
  let left = Math.max(0, upTo - after);
  for (const range of counted) left -= Math.max(0, Math.min(upTo, range.upTo) - Math.max(after, range.after));
  return left;
}

/**
 * Books `units` more: the free places at or below `upTo`, highest first; what finds none there goes to the lowest free places above
 * (an execution whose count says nothing). With what {@link uncounted} found in a range that ends at `upTo`, these are its places.
 */
export function withCounted(counted: readonly CountedUnits[], upTo: Contracts, units: Contracts): readonly CountedUnits[] {
  const added: CountedUnits[] = [];
  let left = units;
  for (const gap of gapsBelow(counted, upTo).reverse()) {
    if (left <= 0) break;
    const after = Math.max(gap.after, gap.upTo - left);
    added.push({ after, upTo: gap.upTo });
    left -= gap.upTo - after;
  }
  const merged = joined([...counted, ...added]);
  if (left <= 0) return merged;
  const above = gapsBelow(merged, Number.POSITIVE_INFINITY).filter((gap) => gap.upTo > upTo);
  for (const gap of above) {
    if (left <= 0) break;
    const from = Math.max(gap.after, upTo);
    const to = Math.min(gap.upTo, from + left);
    added.push({ after: from, upTo: to });
    left -= to - from;
  }
  return joined([...counted, ...added]);
}

/** Free ranges at or below `upTo`, lowest first. */
function gapsBelow(counted: readonly CountedUnits[], upTo: number): CountedUnits[] {
  const gaps: CountedUnits[] = [];
  let from = 0;
  for (const range of counted) {
    if (from >= upTo) return gaps;
    if (range.after > from) gaps.push({ after: from, upTo: Math.min(range.after, upTo) });
    from = range.upTo;
  }
  if (from < upTo) gaps.push({ after: from, upTo });
  return gaps;
}

function joined(ranges: readonly CountedUnits[]): readonly CountedUnits[] {
  const sorted = [...ranges].sort((a, b) => a.after - b.after);
  const result: CountedUnits[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last && range.after <= last.upTo)
      result[result.length - 1] = { after: last.after, upTo: Math.max(last.upTo, range.upTo) };
    else result.push(range);
  }
  return result;
}
