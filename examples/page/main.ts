/** Trains PPO on CartPole in this page and shows the policy at work: `npx vite examples/page`. */
import { evaluate, makeEnv, type Run, train } from "limpid";
import { type CurvePoint, drawCurve } from "./curve.ts";

const ENV = "CartPole-v1";
const STEPS = 100_000;
/** Milliseconds of each frame that go into training; the rest is the page's. */
const SLICE = 10;
/** CartPole's own time between two steps, in milliseconds. */
const STEP_TIME = 20;
/** How long the end of an episode stays to be seen, in milliseconds. */
const PAUSE_AT_END = 600;

const element = (id: string) => document.getElementById(id) as HTMLElement;
const world = element("world") as HTMLCanvasElement;
const chart = element("curve") as HTMLCanvasElement;

let seed = 1;
let run: Run;
let points: CurvePoint[];
let trainedFor: number;
let lengths: number[];
let isPaused = false;

const env = makeEnv(ENV);
let { observation } = env.reset({ seed });
let [length, isOver] = [0, false];
let nextStep = 0;

function startAgain(): void {
  run = train({ algorithm: "ppo", env: ENV, steps: STEPS, seed });
  points = [];
  trainedFor = 0;
  lengths = [];
  element("verdict").textContent = "";
}

/** A few iterations, as many as fit into the frame's slice. */
function learn(): void {
  if (isPaused || run.done) return;
  const begin = performance.now();
  while (!run.done && performance.now() - begin < SLICE) {
    const { step, metrics } = run.iterate();
    points.push({ step, value: metrics["episode/return"] });
    element("return").textContent = metrics["episode/return"]?.toFixed(1) ?? "–";
    element("entropy").textContent = metrics["policy/entropy"].toFixed(3);
  }
  trainedFor += performance.now() - begin;
  element("steps").textContent = run.step.toLocaleString("en");
  element("speed").textContent = Math.round((1000 * run.step) / trainedFor).toLocaleString("en");
  if (run.done) {
    const { mean, std } = evaluate(run.policy, { env: ENV, episodes: 20, seed: 7 });
    element("verdict").textContent = `20 evaluation episodes: return ${mean} ± ${std}.`;
  }
}

/** Steps the shown environment at its own pace, with the policy as it is now. */
function play(now: number): void {
  if (now - nextStep > 1000) nextStep = now; // the page was in the background
  for (; nextStep <= now; nextStep += STEP_TIME) {
    if (isOver) {
      ({ observation } = env.reset({}));
      [length, isOver] = [0, false];
      continue;
    }
    const result = env.step(run.policy.act(observation));
    observation = result.observation;
    length++;
    isOver = result.terminated || result.truncated;
    if (!isOver) continue;
    lengths.push(length);
    nextStep += PAUSE_AT_END;
  }
  const before = lengths.length > 0 ? `; before: ${lengths.slice(-6).join(", ")}` : "";
  element("episode").textContent = `upright for ${length} steps${before}`;
  env.render?.(contextOf(world));
}

/** The canvas's context, with as many pixels as the screen has for it. */
function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight].map((size) => Math.round(size * devicePixelRatio));
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  return canvas.getContext("2d") as CanvasRenderingContext2D;
}

function frame(now: number): void {
  learn();
  play(now);
  drawCurve(contextOf(chart), points, STEPS);
  requestAnimationFrame(frame);
}

element("pause").addEventListener("click", () => {
  isPaused = !isPaused;
  element("pause").textContent = isPaused ? "Go on" : "Pause";
});
element("again").addEventListener("click", () => {
  seed++;
  startAgain();
});

startAgain();
requestAnimationFrame(frame);
