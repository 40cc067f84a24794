import type { Key } from "../../random/index.ts";
import { embedding, type FloatType, type Tensor } from "../../tensor/index.ts";
import { type Initialiser, normalInit } from "../initialisers/index.ts";
import type { Layer, Parameters } from "../layer.ts";
import { makeParameter, requireOptions, requirePositive } from "../make-parameter.ts";

export interface EmbeddingOptions {
  /** How many different indices there are. */
  readonly entries: number;
  readonly features: number;
  /** Where the first values come from. */
  readonly key: Key;
  /** Default: standard normal, as PyTorch. */
  readonly weightInit?: Initialiser;
  /** Default float32. */
  readonly dtype?: FloatType;
}

const OPTIONS: readonly (keyof EmbeddingOptions)[] = ["entries", "features", "key", "weightInit", "dtype"];

/** A vector for each index: int32 `[…]` to `[…, features]`. Parameter: `weight` `[entries, features]`. */
export class Embedding implements Layer {
  readonly weight: Tensor;

  constructor(options: EmbeddingOptions) {
    requireOptions("Embedding", options, OPTIONS);
    const { entries, features, key, weightInit = normalInit(), dtype = "float32" } = options;
    requirePositive("Embedding", { entries, features });
    this.weight = makeParameter("weight", [entries, features], weightInit, key, dtype);
  }

  forward(index: Tensor): Tensor {
    return embedding(this.weight, index);
  }

  parameters(): Parameters {
    return { weight: this.weight };
  }
}
