/** The best few of many candidates: a bounded min-heap over typed arrays, nothing allocated while it fills. */
export class TopList {
  readonly scores: Float64Array;
  /** Payload of each entry: expiry index, and up to four strike indices packed by the caller. */
  readonly expiries: Int32Array;
  readonly legs: Int32Array;
  /** Score that a newcomer must beat: -Infinity until the list is full. */
  floor = Number.NEGATIVE_INFINITY;
  size = 0;
  private readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.scores = new Float64Array(capacity);
    this.expiries = new Int32Array(capacity);
    this.legs = new Int32Array(capacity);
  }

  clear(): void {
    this.size = 0;
    this.floor = Number.NEGATIVE_INFINITY;
  }

  /** Adds an entry whose score beats the floor (the caller has looked). */
  add(score: number, expiry: number, legs: number): void {
    if (this.size < this.capacity) {
      this.siftUp(this.size++, score, expiry, legs);
      if (this.size === this.capacity) this.floor = this.scores[0]!;
      return;
    }
    this.siftDown(score, expiry, legs);
    this.floor = this.scores[0]!;
  }

  /** Entries from best to worst as positions in the columns. */
  ranked(): number[] {
    return Array.from({ length: this.size }, (_, i) => i).sort(
      (a, b) => this.scores[b]! - this.scores[a]! || this.expiries[a]! - this.expiries[b]! || this.legs[a]! - this.legs[b]!,
    );
  }

  private siftUp(from: number, score: number, expiry: number, legs: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.scores[parent]! <= score) break;
      this.move(parent, at);
      at = parent;
    }
    this.put(at, score, expiry, legs);
  }

  private siftDown(score: number, expiry: number, legs: number): void {
    let at = 0;
    for (let child = 1; child < this.size; child = 2 * at + 1) {
      if (child + 1 < this.size && this.scores[child + 1]! < this.scores[child]!) child++;
      if (this.scores[child]! >= score) break;
      this.move(child, at);
      at = child;
    }
    this.put(at, score, expiry, legs);
  }

  private move(from: number, to: number): void {
    this.put(to, this.scores[from]!, this.expiries[from]!, this.legs[from]!);
  }

  private put(at: number, score: number, expiry: number, legs: number): void {
    this.scores[at] = score;
    this.expiries[at] = expiry;
    this.legs[at] = legs;
  }
}
