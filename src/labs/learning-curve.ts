/** Figures over time. */
import type { ChartText, Point, Series } from "../inspection/figures/svg.ts";
import { intervalOf } from "./interval.ts";
import type { Chart } from "./lab.ts";

/** One learning curve for each repetition, as a line with its band. */
export function curve(name: string, at: readonly number[], runs: readonly (readonly number[])[]): Series {
  const points = at.map((x, i): Point => {
    const { mean: y, low, high } = intervalOf(runs.map((run) => run[i]!));
    return { x, y, low, high };
  });
  return { name, points };
}

export function lines(text: ChartText, series: readonly Series[], scale?: "free"): Chart {
  return { kind: "line", text, series, ...(scale && { scale }) };
}
