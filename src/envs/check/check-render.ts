import { describeThrown } from "../contract.ts";
import type { AnyEnv } from "../env.ts";
import type { Findings } from "./finding.ts";
import { recordingCanvas } from "./recording-canvas.ts";

/** `render` runs, draws something and gives no NaN to the canvas. */
export function checkRender(env: AnyEnv, findings: Findings): void {
  if (!env.render) return;
  const { canvas, calls } = recordingCanvas(320, 240);
  try {
    env.render(canvas);
  } catch (error) {
    findings.add(
      "error",
      "render",
      `render threw ${describeThrown(error)}`,
      "Make render run in every state after reset.",
      error,
    );
    return;
  }
  if (calls.length === 0) {
    findings.add("warning", "render", "render drew nothing", "Draw on the canvas that is given, or leave render out.");
  }
  const broken = calls.find(({ args }) => args.some((arg) => typeof arg === "number" && !Number.isFinite(arg)));
  if (broken) {
    const message = `render called ${broken.method}(${broken.args.join(", ")})`;
    findings.add(
      "warning",
      "render",
      message,
      "Scale by canvas.canvas.width and height, and look for missing numbers.",
    );
  }
}
