import { type Initialiser, sizeOf } from "./initialiser.ts";

/** Every entry `value`. */
export function constantInit(value: number): Initialiser {
  return (shape) => new Float64Array(sizeOf(shape)).fill(value);
}

/** Every entry 0. */
export const zerosInit: Initialiser = constantInit(0);

/** Independent normal entries. */
export function normalInit(mean = 0, std = 1): Initialiser {
  return (shape, random) => {
    const values = new Float64Array(sizeOf(shape));
    random.fillNormal(values, mean, std);
    return values;
  };
}

/** Independent entries, uniform on [low, high). */
export function uniformInit(low: number, high: number): Initialiser {
  return (shape, random) => {
    const values = new Float64Array(sizeOf(shape));
    random.fillUniform(values, low, high);
    return values;
  };
}
