import type { BatchEnv } from "../envs/index.ts";
import type { Key, Random } from "../random/index.ts";
import { Discrete } from "../spaces/index.ts";
import { type InputSpec, noGrad, type Plan, plan, type Tensor } from "../tensor/index.ts";

/** How new states are, judged by those that the environments have been in so far. */
export interface Novelty {
  /** Whether it counts visits or measures distances. */
  readonly kind: "visits" | "distance";
  /** Takes note of the states that the environments are in. */
  see(env: BatchEnv): void;
  /** Of N states `[N, F]`: how often each was visited, or how far it is from states seen. */
  of(observations: ArrayLike<number>, count: number): Float64Array;
}

/**
 * Visits where observations are Discrete, else distances.
 * @param read what a network reads of the observations `[N, F]`, which is then what novelty judges; left out: all
 */
export function noveltyFor(env: BatchEnv, key: Key, read?: (observations: Tensor) => Tensor): Novelty {
  const { observationSpace } = env;
  if (observationSpace instanceof Discrete) return new Visits(observationSpace.n);
  const reader =
    read && plan({ state: { shape: [1, observationSpace.flatSize] } }, ({ state }) => noGrad(() => read(state)));
  return new Distances(observationSpace.flatSize, key, reader);
}

/** How often each of n states was visited. */
class Visits implements Novelty {
  readonly kind = "visits";
  readonly #counts: Float64Array;

  constructor(states: number) {
    this.#counts = new Float64Array(states);
  }

  see({ observationIndices, observations, count }: BatchEnv): void {
    const n = this.#counts.length;
    for (let e = 0; e < count; e++) {
      this.#counts[observationIndices?.[e] ?? indexOf(observations, e * n, n)]!++;
    }
  }

  of(observations: ArrayLike<number>, count: number): Float64Array {
    const n = this.#counts.length;
    return Float64Array.from({ length: count }, (_, i) => this.#counts[indexOf(observations, i * n, n)]!);
  }
}

/** Of a one-hot row. */
function indexOf(rows: ArrayLike<number>, offset: number, n: number): number {
  let best = 0;
  for (let j = 1; j < n; j++) if (rows[offset + j]! > rows[offset + best]!) best = j;
  return best;
}

/** States kept, neighbours looked at, and numbers that wider states are projected to. */
const ARCHIVE = 256;
const NEIGHBOURS = 10;
const WIDEST = 16;

/**
 * Sparseness (Lehman & Stanley 2011, "Abandoning objectives", equation 2): the mean distance to the nearest states of an
 * archive. The archive is a uniform sample of all states seen so far (Vitter 1985, algorithm R); wide states are projected at
 * random, which keeps distances nearly as they were (Johnson & Lindenstrauss 1984). A distance is the root mean square over the
 * entries, each in units of its standard deviation within the archive: 1 is as far as states usually lie from the mean.
 */
class Distances implements Novelty {
  readonly kind = "distance";
  readonly #observed: number;
  readonly #reader: Plan<{ state: InputSpec }, Tensor> | undefined;
  /** F, of what is read. */
  readonly #width: number;
  readonly #size: number;
  /** `[D, F]`, where states are projected. */
  readonly #projection: Float64Array | undefined;
  readonly #archive: Float64Array;
  readonly #random: Random;
  #seen = 0;

  constructor(observed: number, key: Key, reader?: Plan<{ state: InputSpec }, Tensor>) {
    this.#observed = observed;
    this.#reader = reader;
    this.#width = reader?.outputs.size ?? observed;
    this.#size = Math.min(this.#width, WIDEST);
    this.#random = key.split("archive").stream();
    this.#archive = new Float64Array(ARCHIVE * this.#size);
    if (this.#width <= WIDEST) return;
    this.#projection = new Float64Array(WIDEST * this.#width);
    key
      .split("projection")
      .stream()
      .fillNormal(this.#projection, 0, Math.sqrt(1 / WIDEST));
  }

  see({ observations, count }: BatchEnv): void {
    for (let e = 0; e < count; e++) {
      const place = this.#seen < ARCHIVE ? this.#seen : this.#random.integer(this.#seen + 1);
      this.#seen++;
      if (place < ARCHIVE) this.#project(this.#read(observations, e), 0, this.#archive, place);
    }
  }

  #read(observations: BatchEnv["observations"], row: number): ArrayLike<number> {
    const state = observations.subarray(row * this.#observed, (row + 1) * this.#observed);
    if (this.#reader === undefined) return state;
    this.#reader.inputs.state.data.set(state);
    return this.#reader.run().data;
  }

  of(observations: ArrayLike<number>, count: number): Float64Array {
    const size = this.#size;
    const known = Math.min(this.#seen, ARCHIVE);
    const scales = this.#scales(known);
    const state = new Float64Array(size);
    const nearest = new Float64Array(Math.min(NEIGHBOURS, known));
    const archive = this.#archive;
    const found = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      this.#project(observations, i, state, 0);
      nearest.fill(Number.POSITIVE_INFINITY);
      for (let k = 0; k < known; k++) {
        let square = 0;
        for (let d = 0; d < size; d++) {
          const gap = (state[d]! - archive[k * size + d]!) * scales[d]!;
          square += gap * gap;
        }
        insert(nearest, square);
      }
      for (const square of nearest) found[i]! += Math.sqrt(square / size) / nearest.length;
    }
    return found;
  }

  /** 1/σ of each entry within the archive; 0 where it does not vary, so that it says nothing. */
  #scales(known: number): Float64Array {
    const size = this.#size;
    return Float64Array.from({ length: size }, (_, d) => {
      let [sum, squares] = [0, 0];
      for (let k = 0; k < known; k++) sum += this.#archive[k * size + d]!;
      const mean = sum / Math.max(1, known);
      for (let k = 0; k < known; k++) {
        const gap = this.#archive[k * size + d]! - mean;
        squares += gap * gap;
      }
      return squares > 0 ? Math.sqrt(known / squares) : 0;
    });
  }

  #project(rows: ArrayLike<number>, row: number, out: Float64Array, place: number): void {
    const [size, width] = [this.#size, this.#width];
    for (let d = 0; d < size; d++) {
      let value = 0;
      if (this.#projection === undefined) value = rows[row * width + d]!;
      else for (let f = 0; f < width; f++) value += this.#projection[d * width + f]! * rows[row * width + f]!;
      out[place * size + d] = value;
    }
  }
}

/** Keeps the smallest values, in ascending order. */
function insert(smallest: Float64Array, value: number): void {
  let place = smallest.length - 1;
  if (place < 0 || value >= smallest[place]!) return;
  for (; place > 0 && smallest[place - 1]! > value; place--) smallest[place] = smallest[place - 1]!;
  smallest[place] = value;
}
