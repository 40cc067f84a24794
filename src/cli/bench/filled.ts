import { Key } from "../../random/index.ts";
import { persistent, type Tensor } from "../../tensor/index.ts";

const key = Key.fromSeed(0);

/** Uniform numbers from −0.25 to 0.25, others for each name. */
export function filled(name: string, shape: readonly number[]): Tensor {
  const tensor = persistent(shape, "float32");
  key
    .split(name)
    .stream()
    .fillUniform(tensor.data as Float32Array, -0.25, 0.25);
  return tensor;
}
