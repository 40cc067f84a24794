import { ShapeError } from "../errors.ts";

/** The mean of a sequence; ShapeError if it is empty. */
export function mean(x: ArrayLike<number>, field: string): number {
  if (x.length === 0) throw new ShapeError({ field, value: 0, allowed: "at least 1 number long" });
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i];
  return sum / x.length;
}

/** Σ (x_i - center)². */
export function sumOfSquares(x: ArrayLike<number>, center: number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - center) * (x[i] - center);
  return sum;
}

/** Throws ShapeError unless `x` is as long as `reference`. */
export function checkSameLength(field: string, x: ArrayLike<number>, reference: ArrayLike<number>): void {
  if (x.length !== reference.length) {
    throw new ShapeError({ field, value: x.length, allowed: `${reference.length} numbers long, like its partner` });
  }
}
