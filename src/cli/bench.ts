import { benchDenormals, benchMatrixProducts, benchSparseInput, benchTrainingSteps } from "./bench/engine.ts";
import type { Figures } from "./bench/figures.ts";
import { benchInspection } from "./bench/inspection.ts";
import { benchA2c, benchActing, benchPpo, benchQLearning } from "./bench/learning.ts";
import { benchActorCritics, benchDqn, benchRlTools } from "./bench/off-policy.ts";
import { benchStartup } from "./bench/startup.ts";
import { benchStepping } from "./bench/stepping.ts";

const PARTS: readonly (() => Figures | Promise<Figures>)[] = [
  benchMatrixProducts,
  benchSparseInput,
  benchTrainingSteps,
  benchActing,
  benchStepping,
  benchPpo,
  benchA2c,
  benchQLearning,
  benchDqn,
  benchActorCritics,
  benchRlTools,
  benchInspection,
  benchDenormals,
  benchStartup,
];

/**
 * Measures this machine: one flat object of named figures, each a median. `progress` hears of every figure as it is
 * known. Only as trustworthy as the machine is quiet: pin it to a core (`taskset -c 1 limpid bench`).
 */
export async function bench(progress: (name: string, value: number) => void): Promise<Figures> {
  const figures: Figures = {};
  for (const part of PARTS) {
    for (const [name, value] of Object.entries(await part())) {
      figures[name] = value;
      progress(name, value);
    }
  }
  return figures;
}
