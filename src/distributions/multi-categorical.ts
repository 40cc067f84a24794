import { ShapeError } from "../errors.ts";
import { add, concat, noGrad, reshape, slice, type Tensor } from "../tensor/index.ts";
import { Categorical } from "./categorical.ts";
import { type Distribution, expectActions } from "./distribution.ts";
import { checkBeforeSampling, maskLogits } from "./mask.ts";

/** k independent choices per row, the i-th among nvec[i] actions. Actions are int32 `[N, k]`. */
export class MultiCategorical implements Distribution {
  readonly nvec: readonly number[];
  /** The logits of all choices, `[N, Σ nvec]`. */
  readonly coordinates: Tensor;
  /** One distribution for each choice. */
  readonly choices: readonly Categorical[];
  readonly #mask: Tensor | undefined;

  /**
   * @param logits `[N, Σ nvec]`, choice after choice
   * @param mask uint8 of the same shape, 1 where the action is allowed; see {@link Categorical}
   */
  constructor(logits: Tensor, nvec: readonly number[], mask?: Tensor) {
    const width = nvec.reduce((total, n) => total + n, 0);
    if (logits.shape.length !== 2 || logits.shape[1] !== width) {
      throw new ShapeError({ field: "logits", value: logits.shape, allowed: `[N, ${width}], the sum of [${nvec}]` });
    }
    const masked = maskLogits(logits, mask);
    let from = 0;
    this.choices = nvec.map((n) => {
      from += n;
      return new Categorical(slice(masked, 1, from - n, from));
    });
    this.nvec = nvec;
    this.coordinates = masked;
    this.#mask = mask;
  }

  sample(stream: Tensor): Tensor {
    checkBeforeSampling(this.#mask, this.nvec);
    return columns(this.choices.map((choice) => choice.sample(stream)));
  }

  mode(): Tensor {
    return columns(this.choices.map((choice) => choice.mode()));
  }

  logProb(action: Tensor): Tensor {
    const rows = this.choices[0].logits.shape[0];
    expectActions(action, [rows, this.nvec.length], "int32");
    return total(this.choices.map((choice, i) => choice.logProb(reshape(slice(action, 1, i, i + 1), [rows]))));
  }

  entropy(): Tensor {
    return total(this.choices.map((choice) => choice.entropy()));
  }

  kl(other: MultiCategorical): Tensor {
    return total(this.choices.map((choice, i) => choice.kl(other.choices[i])));
  }

  /** That of each choice; choices do not share any. */
  fisher(direction: Tensor): Tensor {
    let from = 0;
    return noGrad(() =>
      concat(
        this.choices.map((choice, i) => {
          from += this.nvec[i];
          return choice.fisher(slice(direction, 1, from - this.nvec[i], from));
        }),
        1,
      ),
    );
  }
}

/** k tensors `[N]` as the columns of one `[N, k]`. */
function columns(parts: readonly Tensor[]): Tensor {
  return concat(
    parts.map((part) => reshape(part, [part.size, 1])),
    1,
  );
}

function total(parts: readonly Tensor[]): Tensor {
  return parts.reduce((sum, part) => add(sum, part));
}
