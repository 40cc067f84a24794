/** Points and lines of figures. */
import type { ChartText, Point, Series } from "../inspection/figures/svg.ts";
import { intervalOf } from "./interval.ts";
import type { Chart } from "./lab.ts";

/** The mean of the repetitions' values with its interval, at x. */
export function pointOf(x: number, values: ArrayLike<number>): Point {
  const { mean: y, low, high } = intervalOf(values);
  return { x, y, low, high };
}

/** One learning curve for each repetition, as a line with its band. */
export function curve(name: string, at: readonly number[], runs: readonly (readonly number[])[]): Series {
  return {
    name,
    points: at.map((x, i) =>
      pointOf(
        x,
        runs.map((run) => run[i]!),
      ),
    ),
  };
}

export function lines(text: ChartText, series: readonly Series[], scale?: "free"): Chart {
  return { kind: "line", text, series, ...(scale && { scale }) };
}
