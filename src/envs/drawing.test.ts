import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import { type CanvasCall, recordingCanvas } from "./check/recording-canvas.ts";
import { envIds, makeBatch, makeEnv } from "./index.ts";

function drawn(render: (canvas: CanvasRenderingContext2D) => void, width = 600, height = 400): readonly CanvasCall[] {
  const { canvas, calls } = recordingCanvas(width, height);
  render(canvas);
  return calls;
}

describe.each(envIds())("%s draws itself", (id) => {
  const env = makeEnv(id);
  const render = (canvas: CanvasRenderingContext2D) => env.render?.(canvas);
  const action = env.actionSpace.unflattenAction(new Float32Array(env.actionSpace.actionSize).fill(1), 0);

  it("with finite coordinates, differently in different states and equally in equal ones", () => {
    env.reset({ seed: 3 });
    const start = drawn(render);
    for (let t = 0, ended = false; t < 6 && !ended; t++) ended = env.step(action).terminated;
    const later = drawn(render);
    expect(start.length).toBeGreaterThan(10);
    for (const { method, args } of [...start, ...later]) {
      for (const arg of args) expect(Number.isFinite(arg), `${method}(${args})`).toBe(true);
    }
    expect(later).not.toEqual(start);
    expect(drawn(render)).toEqual(later);
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
    const [first, second] = [0, 1].map((n) => drawn((canvas) => batch.render?.(canvas, n)));
    expect(first).not.toEqual(second);
  });
});

it("Pendulum shows the torque of the last step", () => {
  const env = makeEnv("Pendulum-v1");
  env.reset({ seed: 1 });
  const still = drawn((canvas) => env.render?.(canvas)).length;
  env.step(Float32Array.of(2));
  expect(drawn((canvas) => env.render?.(canvas)).length).toBeGreaterThan(still + 20);
});
