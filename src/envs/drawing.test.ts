import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import { type CanvasCall, recordingCanvas } from "./check/recording-canvas.ts";
import { envIds, loadEnv, makeBatch, makeEnv } from "./index.ts";

await Promise.all(envIds().map(loadEnv));

function drawn(render: (canvas: CanvasRenderingContext2D) => void, width = 600, height = 400): readonly CanvasCall[] {
  const { canvas, calls } = recordingCanvas(width, height);
  render(canvas);
  return calls;
}

describe.each(envIds())("%s draws itself", (id) => {
  const env = makeEnv(id);
  const render = (canvas: CanvasRenderingContext2D) => env.render?.(canvas);
  it("with finite coordinates, differently in different states and equally in equal ones", () => {
    env.reset({ seed: 3 });
    const start = drawn(render);
    const random = Key.fromSeed(1).stream();
    let later = start;
    for (let t = 0; t < 100 && isDeepStrictEqual(later, start); t++) {
      const { terminated, truncated } = env.step(env.actionSpace.sample(random, env.actionMask?.()));
      later = drawn(render);
      if (terminated || truncated) env.reset({});
    }
    const shown = drawn(render);
    expect(start.length).toBeGreaterThan(10);
    for (const { method, args } of [...start, ...later, ...shown]) {
      for (const arg of args) expect(Number.isFinite(arg), `${method}(${args})`).toBe(true);
    }
    expect(later).not.toEqual(start);
    expect(drawn(render)).toEqual(shown);
  });

  it("scaled to the canvas, leaving the context as it was", () => {
    env.reset({ seed: 3 });
    const small = drawn(render, 300, 200);
    const large = drawn(render, 1200, 800);
    const scaleOf = (calls: readonly CanvasCall[]) => calls.find(({ method }) => method === "scale")?.args[0] as number;
    expect(scaleOf(large) / scaleOf(small)).toBeCloseTo(4, 12);
    const count = (name: string) => small.filter(({ method }) => method === name).length;
    expect(count("save")).toBe(1);
    expect(count("restore")).toBe(1);
  });

  it("and does not change by being looked at", () => {
    env.reset({ seed: 3 });
    const before = env.state?.();
    drawn(render);
    expect(env.state?.()).toEqual(before);
  });

  it("in a batch, each environment its own state", () => {
    const batch = makeBatch(id, 2);
    batch.reset(Key.fromSeed(9));
    const random = Key.fromSeed(1).stream();
    const { actionSpace } = batch;
    const { flatSize } = batch.observationSpace;
    const actions = new Float32Array(2 * actionSpace.actionSize);
    let [areDifferent, lookDifferent] = [false, false];
    for (let t = 0; t < 100 && !lookDifferent; t++) {
      const [first, second] = [0, 1].map((n) => drawn((canvas) => batch.render?.(canvas, n)));
      lookDifferent = !isDeepStrictEqual(first, second);
      areDifferent ||= batch.observations.some((value, i) => value !== batch.observations[i % flatSize]);
      for (const n of [0, 1])
        actionSpace.flattenAction(actionSpace.sample(random), actions, n * actionSpace.actionSize);
      batch.step(actions);
    }
    if (areDifferent) expect(lookDifferent).toBe(true);
  });
});

it("Pendulum shows the torque of the last step", () => {
  const env = makeEnv("Pendulum-v1");
  env.reset({ seed: 1 });
  const still = drawn((canvas) => env.render?.(canvas)).length;
  env.step(Float32Array.of(2));
  expect(drawn((canvas) => env.render?.(canvas)).length).toBeGreaterThan(still + 20);
});
