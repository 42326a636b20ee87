import { type Instant, plusMs } from '#domain/units';
import type { WakeReason } from '#ports/engine';

interface Entry {
  readonly at: Instant;
  readonly order: number;
  readonly reason: WakeReason;
}

/**
 * Wake-ups in time order; ties in the order in which they were asked for. The same reason asked for again before it fired
 * replaces the earlier one, so that a forgetful caller cannot flood the queue. A binary heap.
 */
export function createAgenda() {
  const heap: Entry[] = [];
  const newest = new Map<string, number>();
  let counter = 0;

  const keyOf = (reason: WakeReason): string => `${reason.kind}:${reason.subject}`;
  const earlier = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

  function add(at: Instant, reason: WakeReason): void {
    counter += 1;
    newest.set(keyOf(reason), counter);
    heap.push({ at, order: counter, reason });
    let child = heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!earlier(heap[child]!, heap[parent]!)) break;
      swap(child, parent);
      child = parent;
    }
  }

  function takeDue(now: Instant): WakeReason | null {
    dropReplaced();
    const first = heap[0];
    if (!first || first.at > now) return null;
    removeFirst();
    newest.delete(keyOf(first.reason));
    return first.reason;
  }

  function nextAt(): Instant | null {
    dropReplaced();
    return heap[0]?.at ?? null;
  }

  function dropReplaced(): void {
    for (let first = heap[0]; first && newest.get(keyOf(first.reason)) !== first.order; first = heap[0]) removeFirst();
  }

  function removeFirst(): void {
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    heap[0] = last;
    let parent = 0;
    for (;;) {
      const left = parent * 2 + 1;
      let smallest = parent;
      if (left < heap.length && earlier(heap[left]!, heap[smallest]!)) smallest = left;
      if (left + 1 < heap.length && earlier(heap[left + 1]!, heap[smallest]!)) smallest = left + 1;
      if (smallest === parent) return;
      swap(parent, smallest);
      parent = smallest;
    }
  }

  function swap(a: number, b: number): void {
    const held = heap[a]!;
    heap[a] = heap[b]!;
    heap[b] = held;
  }

  /** Moves every wake-up by `ms`: equal moves keep the order. */
  function shift(ms: number): void {
    for (const [place, entry] of heap.entries()) heap[place] = { ...entry, at: plusMs(entry.at, ms) };
  }

  return { add, takeDue, nextAt, shift };
}
