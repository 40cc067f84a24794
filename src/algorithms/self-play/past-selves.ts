import { FormatError } from "../../errors.ts";
import { loadStateDict, type Parameters, stateDict } from "../../nn/index.ts";
import type { SavedArray } from "../algorithm.ts";
import { behind, prefixed } from "../snapshot.ts";

/** What a policy once was. */
export interface PastSelf {
  readonly parameters: Readonly<Record<string, SavedArray>>;
  /** Its Elo rating when it was kept. */
  readonly rating: number;
}

/** The last so many of what a policy was, oldest first. */
export class PastSelves {
  readonly #size: number;
  #selves: PastSelf[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  get count(): number {
    return this.#selves.length;
  }

  get(index: number): PastSelf {
    return this.#selves[index]!;
  }

  /** Keeps a copy of these parameters; the oldest goes where there is no room. */
  add(parameters: Parameters, rating: number): void {
    this.#selves.push({ parameters: stateDict(parameters), rating });
    if (this.#selves.length > this.#size) this.#selves.shift();
  }

  save(): { ratings: number[]; arrays: Record<string, SavedArray> } {
    const arrays = this.#selves.map(({ parameters }, i) => prefixed(`pastSelf/${i}/`, parameters));
    return { ratings: this.#selves.map(({ rating }) => rating), arrays: Object.assign({}, ...arrays) };
  }

  /**
   * Goes on from what `save` gave.
   * @param like a network of the same form
   * @throws FormatError where parameters are missing or of another form
   */
  load(ratings: readonly number[], arrays: Readonly<Record<string, SavedArray>>, like: Parameters): void {
    this.#selves = ratings.map((rating, i) => {
      const parameters = behind(`pastSelf/${i}/`, arrays);
      for (const [name, { shape }] of Object.entries(like)) {
        const saved = parameters[name]?.shape;
        if (String(saved) === String(shape)) continue;
        throw new FormatError({ field: `pastSelf/${i}/${name}`, value: saved, allowed: `of shape [${shape}]` });
      }
      return { parameters, rating };
    });
  }
}

/** Makes a network what the past self was. */
export function become(network: { parameters(): Parameters }, { parameters }: Pick<PastSelf, "parameters">): void {
  loadStateDict(network.parameters(), parameters);
}
