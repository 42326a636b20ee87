/** The best few of many candidates: a bounded min-heap over typed arrays, nothing allocated while it fills. */
export class TopList {
  /** Columns of what is kept, in no order. */
  readonly scores: Float64Array;
  /** Payload of each entry: expiry index, and up to four strike indices packed by the caller. */
  readonly expiries: Int32Array;
  readonly legs: Int32Array;
  /** Score that a newcomer must beat: -Infinity until the list is full. */
  floor = Number.NEGATIVE_INFINITY;
  size = 0;
  private readonly capacity: number;
  /** The heap: scores with the least on top, and where in the columns each of them stands. */
  private readonly keys: Float64Array;
  private readonly places: Int32Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.scores = new Float64Array(capacity);
    this.expiries = new Int32Array(capacity);
    this.legs = new Int32Array(capacity);
    this.keys = new Float64Array(capacity);
    this.places = new Int32Array(capacity);
  }

  clear(): void {
    this.size = 0;
    this.floor = Number.NEGATIVE_INFINITY;
  }

  /** Adds an entry whose score beats the floor (the caller has looked). */
  add(score: number, expiry: number, legs: number): void {
    const { keys, places, capacity } = this;
    if (this.size < capacity) {
      const place = this.size++;
      this.write(place, score, expiry, legs);
      keys[place] = score;
      places[place] = place;
      // The order matters only once something has to leave.
      if (this.size < capacity) return;
      for (let i = (capacity >> 1) - 1; i >= 0; i--) siftDown(keys, places, capacity, i, keys[i]!, places[i]!);
    } else {
      const place = places[0]!;
      this.write(place, score, expiry, legs);
      siftDown(keys, places, capacity, 0, score, place);
    }
    this.floor = keys[0]!;
  }

  /** Entries from best to worst as positions in the columns. */
  ranked(): number[] {
    return Array.from({ length: this.size }, (_, i) => i).sort(
      (a, b) => this.scores[b]! - this.scores[a]! || this.expiries[a]! - this.expiries[b]! || this.legs[a]! - this.legs[b]!,
    );
  }

  private write(place: number, score: number, expiry: number, legs: number): void {
    this.scores[place] = score;
    this.expiries[place] = expiry;
    this.legs[place] = legs;
  }
}

/** Puts an entry into the hole at `at`, or below it where a smaller one must come up. */
function siftDown(keys: Float64Array, places: Int32Array, size: number, at: number, key: number, place: number): void {
  let hole = at;
  for (let child = 2 * hole + 1; child < size; child = 2 * hole + 1) {
    let least = keys[child]!;
    const other = child + 1;
    if (other < size) {
      const sibling = keys[other]!;
      if (sibling < least) {
        least = sibling;
        child = other;
      }
    }
    if (least >= key) break;
    keys[hole] = least;
    places[hole] = places[child]!;
    hole = child;
  }
  keys[hole] = key;
  places[hole] = place;
}
