import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Gif, readGif } from "../../../test/support/gif.ts";
import type { Policy } from "../../algorithms/index.ts";
import { recordingCanvas } from "../../envs/check/recording-canvas.ts";
import { type AnyEnv, envIds, loadEnv, makeEnv } from "../../envs/index.ts";
import { Key } from "../../random/index.ts";
import { evaluate } from "../../training/index.ts";
import { drawingSize } from "./drawing-size.ts";
import { loadAnimationLibraries } from "./libraries.ts";
import { openRecording, type RecordingOptions } from "./recording.ts";

const { createCanvas } = await loadAnimationLibraries();
const folder = mkdtempSync(join(tmpdir(), "limpid-recording-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Acts at random, the same way in every evaluation. */
function wanderer({ observationSpace, actionSpace }: AnyEnv): Policy {
  let random = Key.fromSeed(5).stream();
  const act = () => actionSpace.sample(random);
  const reseed = () => {
    random = Key.fromSeed(5).stream();
  };
  return { observationSpace, actionSpace, act, reseed, load: () => {}, parameters: () => ({}) };
}

async function recorded(env: string, options: RecordingOptions = {}, episodes = 1) {
  const recording = await openRecording({ env, ...options });
  const { lengths } = evaluate(wanderer(makeEnv(env)), { env, episodes, watch: recording.watch });
  return { recording, lengths, gif: readGif(recording.bytes()) };
}

/** What an environment looks like on a canvas of its own. */
function drawn(env: AnyEnv, { width, height }: { width: number; height: number }) {
  const canvas = createCanvas(width, height);
  env.render?.(canvas);
  return canvas.getImageData(0, 0, width, height).data;
}

function equal(a: Uint8ClampedArray, b: Uint8ClampedArray): boolean {
  return Buffer.from(a.buffer).equals(Buffer.from(b.buffer));
}

const hundredths = ({ frames }: Gif) => frames.reduce((sum, { delay }) => sum + delay, 0);

describe("a recording", () => {
  it("shows every frame of Pong between two steps, pixel by pixel, in the game's time", async () => {
    const { gif, recording, lengths } = await recorded("Pong-v0", { seconds: 2 });
    expect([gif.width, gif.height, gif.repeat]).toEqual([320, 420, 0]);
    expect(lengths[0]).toBeGreaterThan(30);
    // 60 frames in a second, every second one of them; the last picture stays for a second.
    expect(hundredths(gif)).toBe(300);
    expect(recording.seconds).toBeCloseTo(3, 9);
    expect(gif.frames.at(-1)?.delay).toBe(100);
    expect(new Set(gif.frames.slice(12, 40).map(({ delay }) => delay))).toEqual(new Set([3, 4]));
    expect([recording.episodes, recording.isCut]).toEqual([1, true]);

    // The same game, played frame by frame.
    const env = makeEnv("Pong-v0", { frameSkip: 1 });
    const { actionSpace } = env;
    env.reset({ seed: Key.fromSeed(0).split("evaluation").split("episode", 0).stream().bits() });
    const random = Key.fromSeed(5).stream();
    const pictures = [drawn(env, gif)];
    for (let frame = 0, action: unknown; frame < 120; frame++) {
      if (frame % 4 === 0) action = actionSpace.sample(random);
      env.step(action);
      if (frame % 2 === 1) pictures.push(drawn(env, gif));
    }
    const differs = (a: Uint8ClampedArray, i: number) => i === 0 || !equal(a, pictures[i - 1]!);
    const distinct = pictures.filter(differs);
    expect(gif.frames).toHaveLength(distinct.length);
    expect(distinct.length).toBeGreaterThan(45);
    gif.frames.forEach(({ pixels }, i) => void expect(equal(pixels, distinct[i]!), `picture ${i}`).toBe(true));
    expect(equal(gif.frames[40]!.pixels, distinct[41]!)).toBe(false);
  });

  it("sees the pixels of a policy that sees differences, too, and changes nothing", async () => {
    const { gif, lengths } = await recorded("PongDifference-v0", { seconds: 1 });
    const policy = wanderer(makeEnv("PongDifference-v0"));
    expect(evaluate(policy, { env: "PongDifference-v0", episodes: 1 }).lengths).toEqual(lengths);
    expect(gif.frames.length).toBeGreaterThan(15);
  });

  it("ends each episode with a pause, and starts the next one", async () => {
    const { gif, recording, lengths } = await recorded("CartPole-v1", {}, 3);
    expect(recording.episodes).toBe(3);
    expect(recording.isCut).toBe(false);
    // 50 steps in a second, every second one drawn, and the last one in any case.
    const pictures = lengths.map((length) => 1 + Math.ceil(length / 2));
    expect(gif.frames).toHaveLength(pictures.reduce((a, b) => a + b));
    expect(hundredths(gif)).toBe(pictures.reduce((sum, count) => sum + 4 * (count - 1) + 100, 0));
    expect(gif.frames.filter(({ delay }) => delay === 100)).toHaveLength(3);
    expect(gif.frames.every(({ delay }) => delay === 4 || delay === 100)).toBe(true);
  });

  it("shows every step where no time passes, and takes other times and sizes", async () => {
    const { gif, lengths } = await recorded("FrozenLake-v1");
    expect(hundredths(gif)).toBe(25 * lengths[0]! + 100);
    const other = await recorded("FrozenLake-v1", { fps: 10, width: 60, height: 40 });
    expect(hundredths(other.gif)).toBe(10 * lengths[0]! + 100);
    expect([other.gif.width, other.gif.height]).toEqual([60, 40]);
  });

  it("takes an environment of one's own, on white where it paints nothing", async () => {
    const own = makeEnv("MountainCar-v0");
    let t = 0;
    const env: AnyEnv = {
      ...{ observationSpace: own.observationSpace, actionSpace: own.actionSpace },
      reset: (options) => own.reset(options),
      step: (action) => ({ ...own.step(action), terminated: ++t === 30 }),
      render(canvas) {
        canvas.fillStyle = "#ff0000";
        canvas.fillRect(t, 0, 1, 400);
      },
    };
    const recording = await openRecording();
    evaluate(wanderer(own), { env, episodes: 1, watch: recording.watch });
    const gif = readGif(recording.bytes());
    expect([gif.width, gif.height, gif.frames.length, hundredths(gif)]).toEqual([600, 400, 31, 200]);
    expect([...gif.frames[7]!.pixels.subarray(4 * 6, 4 * 9)].join()).toBe(
      "255,255,255,255,255,0,0,255,255,255,255,255",
    );
  });

  it("is written whole", async () => {
    const { recording } = await recorded("FrozenLake-v1");
    const path = join(folder, "lake.gif");
    expect(recording.save(path)).toBe(readFileSync(path).length);
    expect(Buffer.compare(readFileSync(path), recording.bytes())).toBe(0);
    expect(readdirSync(folder)).toEqual(["lake.gif"]);
    expect(() => recording.save(join(folder, "none", "lake.gif"))).toThrow(/could not be written: there is no such/);
  });

  it("refuses what it cannot draw, and wrong options", async () => {
    const { observationSpace, actionSpace, ...own } = makeEnv("FrozenLake-v1");
    const env: AnyEnv = { observationSpace, actionSpace, reset: own.reset, step: own.step };
    const recording = await openRecording();
    const watch = recording.watch;
    expect(() => evaluate(wanderer(env), { env, watch })).toThrow(
      "the environment does not draw itself: it must have render to be recorded",
    );
    expect(() => recording.bytes()).toThrow("a recording must have watched an episode before it is saved");
    const broken = { ...env, render: () => new Error("x").message.at(9)!.at(0) };
    expect(() => evaluate(wanderer(env), { env: broken, watch })).toThrow(
      /^render of the environment failed: TypeError/,
    );
    await expect(openRecording({ seconds: 0 })).rejects.toThrow("seconds must be a positive number below 65536; got 0");
    await expect(openRecording({ width: 1.5, height: 4 })).rejects.toThrow(/^width must be an integer from 1 to 65535/);
    await expect(openRecording({ width: 15 })).rejects.toThrow("width and height must be given together");
    await expect(openRecording({ speed: 3 } as RecordingOptions)).rejects.toThrow("speed must be left out");
  });
});

describe("a drawing's size", async () => {
  await Promise.all(envIds().map(loadEnv));

  it.each(envIds())("of %s has its proportions: nothing is left free", (id) => {
    const env = makeEnv(id);
    env.reset({ seed: 1 });
    const { width, height } = drawingSize(env);
    expect(width).toBeLessThanOrEqual(600);
    expect(height).toBeLessThanOrEqual(420);
    expect(width === 600 || height === 420).toBe(true);
    const margins = (wide: number, high: number) => {
      const { canvas, calls } = recordingCanvas(wide, high);
      env.render?.(canvas);
      return calls.find(({ method }) => method === "translate")?.args as [number, number];
    };
    for (const margin of margins(width, height)) expect(margin).toBeLessThanOrEqual(0.5);
    expect(Math.max(...margins(width, height + 40))).toBeGreaterThan(10);
  });
});
