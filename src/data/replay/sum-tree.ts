/**
 * Non-negative numbers, one for each row, of which one is drawn in proportion to its share of their sum (Schaul et al. 2016,
 * appendix B.2.1): every node of a binary tree is the sum of its two children, so that a change and a draw both cost one way
 * between root and leaf. Sums are made anew from the children, never by differences: they depend on the leaves alone, and
 * nothing drifts however often they change.
 */
export class SumTree {
  /** Rows there are. */
  readonly size: number;
  /** Index of the first leaf: a power of two, so that all leaves are equally deep. Node i has the children 2i and 2i + 1. */
  readonly #first: number;
  readonly #nodes: Float64Array;

  /** Of `size` rows, all 0. */
  constructor(size: number) {
    let first = 1;
    while (first < size) first *= 2;
    this.size = size;
    this.#first = first;
    this.#nodes = new Float64Array(2 * first);
  }

  get total(): number {
    return this.#nodes[1]!;
  }

  get(row: number): number {
    return this.#nodes[this.#first + row]!;
  }

  set(row: number, value: number): void {
    const nodes = this.#nodes;
    let i = this.#first + row;
    nodes[i] = value;
    for (i >>= 1; i > 0; i >>= 1) nodes[i] = nodes[2 * i]! + nodes[2 * i + 1]!;
  }

  /** The same value for the rows `first … first + count`, and each sum above them once. */
  fill(first: number, count: number, value: number): void {
    if (count === 0) return;
    const nodes = this.#nodes;
    let [from, to] = [this.#first + first, this.#first + first + count - 1];
    nodes.fill(value, from, to + 1);
    for (from >>= 1, to >>= 1; from > 0; from >>= 1, to >>= 1) this.#add(from, to);
  }

  /** Values of the rows from 0 on; the others stay as they are. */
  load(values: ArrayLike<number>): void {
    if (values.length === 0) return;
    let [from, to] = [this.#first, this.#first + values.length - 1];
    this.#nodes.set(values, from);
    for (from >>= 1, to >>= 1; from > 0; from >>= 1, to >>= 1) this.#add(from, to);
  }

  #add(from: number, to: number): void {
    const nodes = this.#nodes;
    for (let i = from; i <= to; i++) nodes[i] = nodes[2 * i]! + nodes[2 * i + 1]!;
  }

  /** The row in whose share of the sum `mark` lies, from 0 up to `total`; never one of value 0 while there are others. */
  find(mark: number): number {
    const nodes = this.#nodes;
    let i = 1;
    let rest = mark;
    while (i < this.#first) {
      i *= 2;
      const left = nodes[i]!;
      // A rest that rounding left at the end of both children would lead to the right one, even to an empty one.
      if (rest >= left && nodes[i + 1]! > 0) {
        rest -= left;
        i++;
      }
    }
    return i - this.#first;
  }
}
