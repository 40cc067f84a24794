/** Trains PPO in this page, on CartPole or on Pong from pixels, and shows the policy at work: `npx vite examples/page`. */
import { envDescription, evaluate, makeEnv, type Run, type StepResult, train } from "limpid";
import { type CurvePoint, drawCurve } from "./curve.ts";
import { type Episode, task } from "./tasks.ts";

const { env: ENV, steps: STEPS } = task.config;
/** Milliseconds of each frame that go into training; the rest is the page's. */
const SLICE = 10;
/** How long the end of an episode stays to be seen, in milliseconds. */
const PAUSE_AT_END = 600;

const element = (id: string) => document.getElementById(id) as HTMLElement;
const world = element("world") as HTMLCanvasElement;
const chart = element("curve") as HTMLCanvasElement;
element("title").textContent = task.title;
element("about").textContent = task.about;
element("returns").textContent = task.returns.caption;

let seed = 1;
let run: Run;
let points: CurvePoint[];
let trainedFor: number;
let results: string[];
let isPaused = false;

const { renderFps = 30, renderFrames } = envDescription(ENV);
/** What the policy sees; and the same frame by frame, which is what is drawn, where a step lasts several frames. */
const env = makeEnv(ENV);
const shown = renderFrames ? makeEnv(ENV, { ...renderFrames.options }) : env;
let observation: unknown;
let action: number;
let episode: Episode;
let [games, frames, isOver] = [0, 0, true];
let nextFrame = 0;

function startAgain(): void {
  run = train({ ...task.config, seed });
  points = [];
  trainedFor = 0;
  results = [];
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
    element("verdict").textContent = `20 evaluation episodes: return ${mean.toFixed(1)} ± ${std.toFixed(1)}.`;
  }
}

function begin(): void {
  games++;
  ({ observation } = env.reset({ seed: games }));
  if (shown !== env) shown.reset({ seed: games });
  episode = { length: 0, won: 0, lost: 0 };
  [frames, isOver] = [0, false];
}

/** One frame more, of a step that the policy chose as it was at its beginning. */
function advance(): void {
  let result: StepResult<unknown> | undefined;
  if (frames++ % (renderFrames?.perStep ?? 1) === 0) {
    action = run.policy.act(observation) as number;
    result = env.step(action);
    ({ observation } = result);
    episode.length++;
    if (result.reward > 0) episode.won++;
    else if (result.reward < 0) episode.lost++;
  }
  if (shown !== env) result = shown.step(action);
  isOver = result!.terminated || result!.truncated;
}

/** Shows the environment at its own pace. */
function play(now: number): void {
  if (now - nextFrame > 1000) nextFrame = now; // the page was in the background
  for (; nextFrame <= now; nextFrame += 1000 / renderFps) {
    if (isOver) begin();
    advance();
    if (!isOver) continue;
    results.push(task.result(episode));
    nextFrame += PAUSE_AT_END;
  }
  const before = results.length > 0 ? `; before: ${results.slice(-6).join(", ")}` : "";
  element("episode").textContent = `${task.caption(episode)}${before}`;
  shown.render?.(contextOf(world));
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
  drawCurve(contextOf(chart), points, STEPS, task.returns);
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
