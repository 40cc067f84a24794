/** Trains everything that the README's picture shows, here in the page, and draws it. Sets `document.title` when done. */
import { evaluate, type Run, type RunInput, train } from "limpid";
import { mapCritic, trajectory } from "./critic-map.ts";
import { drawCurves } from "./curves.ts";
import { drawMap } from "./map.ts";
import { drawPoses, lastPoses, type Shown } from "./poses.ts";

const SEEDS = [1, 2, 3, 4, 5];

const worlds: readonly (Shown & { readonly config?: Partial<RunInput> })[] = [
  { env: "CartPole-v1", poses: 8, every: 4, seed: 6, pushes: 6, upTo: 40 },
  { env: "MountainCar-v0", poses: 12, every: 4, seed: 3 },
  { env: "MountainCarContinuous-v0", poses: 12, every: 4, seed: 1 },
  { env: "Pendulum-v1", poses: 14, every: 3, seed: 5, upTo: 39 },
  { env: "Acrobot-v1", poses: 7, every: 1, seed: 2, config: { steps: 200_000 } },
];

/** A figure in one of the rows, with a canvas in it. */
function figure(row: string, kind: string, title: string, text: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  const caption = document.createElement("figcaption");
  const heading = document.createElement("b");
  heading.textContent = title;
  caption.append(heading, text);
  const element = document.createElement("figure");
  element.className = kind;
  element.append(...(kind === "world" ? [canvas, caption] : [caption, canvas]));
  document.getElementById(row)!.append(element);
  return canvas;
}

/** Trains to the end, and lets the page breathe now and then. */
async function trained(config: RunInput): Promise<{ run: Run; curve: number[][] }> {
  const run = train(config);
  const curve: number[][] = [];
  for (const { step, metrics } of run) {
    if (metrics["episode/return"] !== undefined) curve.push([step, metrics["episode/return"]]);
    if (curve.length % 50 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  return { run, curve };
}

async function main(): Promise<void> {
  await document.fonts.load('14px "Open Sans"');
  await document.fonts.load('700 14px "Open Sans"');

  const runs: { run: Run; curve: number[][] }[] = [];
  for (const seed of SEEDS) runs.push(await trained({ algorithm: "ppo", env: "CartPole-v1", steps: 100_000, seed }));

  for (const { run } of runs) {
    const { mean, std } = evaluate(run.policy, { env: "CartPole-v1", episodes: 20, seed: 0 });
    if (mean !== 500 || std !== 0)
      throw new Error(`seed ${run.config.seed} gives ${mean} ± ${std}: the title is wrong`);
  }

  const finished = new Map([["CartPole-v1", runs[0]!.run]]);
  const drawings: [HTMLCanvasElement, (canvas: CanvasRenderingContext2D) => void][] = [];
  for (const shown of worlds) {
    const { env } = shown;
    const run = finished.get(env) ?? (await trained({ algorithm: "ppo", env, seed: 1, ...shown.config })).run;
    finished.set(env, run);
    const { mean } = evaluate(run.policy, { env, episodes: 20, seed: 0 });
    const steps = run.config.steps.toLocaleString("en", { notation: "compact" }).replace("K", "k");
    const text = `return ${mean.toFixed(0).replace("-", "−")}, ${steps} steps`;
    const poses = lastPoses(run.policy, shown);
    const canvas = figure("worlds", "world", env.replace(/-v\d$/, ""), text);
    drawings.push([canvas, (context) => drawPoses(context, poses)]);
  }

  const valley = finished.get("MountainCar-v0")!;
  const { value, pull } = mapCritic(valley);
  const episode = trajectory(valley.policy, 3);
  const curves = runs.map(({ curve }) => curve);
  drawings.push(
    [
      figure("charts", "chart", "CartPole: five seeds, five times 500", "mean return by environment steps"),
      (context) => drawCurves(context, curves, { steps: 100_000, highest: 500 }),
    ],
    [
      figure("charts", "chart", "MountainCar: what the critic expects", "V by position and velocity, and one episode"),
      (context) => drawMap(context, value, ["#f6f9fb", "#a5c4d3", "#1f5673"], episode),
    ],
    [
      figure("charts", "chart", "… and which states move it most", "‖∇V‖ of every state: per-sample gradients"),
      (context) => drawMap(context, pull, ["#f6f9fb", "#f3b985", "#a3262f"], episode),
    ],
  );
  // Only when everything has its place is it known how large the canvases are.
  for (const [canvas, draw] of drawings) {
    canvas.width = 2 * canvas.clientWidth;
    canvas.height = 2 * canvas.clientHeight;
    draw(canvas.getContext("2d")!);
  }
}

main().then(
  () => {
    document.title = "done";
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.stack : error);
    document.title = "failed";
  },
);
