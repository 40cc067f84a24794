import { reshape, type Tensor } from "../../tensor/index.ts";
import type { Layer } from "../layer.ts";

/** Everything but the batch in one axis: `[N, C, H, W]` to `[N, C·H·W]`. */
export class Flatten implements Layer {
  forward(x: Tensor): Tensor {
    return reshape(x, [x.shape[0], -1]);
  }

  parameters(): Record<string, never> {
    return {};
  }
}
