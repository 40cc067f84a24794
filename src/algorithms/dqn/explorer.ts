import {
  argmax,
  boltzmannProbabilities,
  epsilonGreedy,
  exploringAction,
  selectAction,
} from "../../exploration/index.ts";
import { makeSchedule, type Schedule } from "../../nn/index.ts";
import type { Random } from "../../random/index.ts";
import { persistent } from "../../tensor/index.ts";
import type { Metrics } from "../algorithm.ts";
import type { DeepQConfig } from "./config.ts";

export type ExplorationConfig = Pick<
  DeepQConfig,
  "exploration" | "epsilon" | "explorationFraction" | "explorationInitialEps" | "explorationFinalEps" | "temperature"
>;

/** Draws actions from their values: greedily, ε-greedily or by Boltzmann, with ε or the temperature on a schedule. */
export class Explorer {
  /** `[1]` ε or the temperature as it is now; stored with the policy, which acts by it too. */
  readonly amount = persistent([1], "float32");
  readonly exploration: ExplorationConfig["exploration"];
  /** Whether ε-greedy's latest action was one of the random ones, the best by chance among them. */
  isDrawn = false;
  readonly #schedule: Schedule;
  readonly #actions: number;
  readonly #probabilities: Float64Array;

  /** @param actions n */
  constructor(config: ExplorationConfig, actions: number) {
    this.exploration = config.exploration;
    this.#schedule = scheduleOf(config);
    this.#actions = actions;
    this.#probabilities = new Float64Array(actions);
    this.moveTo(1);
  }

  moveTo(progressRemaining: number): void {
    this.amount.data[0] = this.#schedule(progressRemaining);
  }

  metrics(): Metrics {
    if (this.exploration === "greedy") return {};
    return { [this.exploration === "boltzmann" ? "schedule/temperature" : "schedule/epsilon"]: this.amount.item() };
  }

  /** @param values `values[offset … offset + n)` are Q(s, ·); `mask` `[n]`, 1 where allowed */
  choose(values: ArrayLike<number>, offset: number, random: Random, mask?: Uint8Array): number {
    const actions = this.#actions;
    if (this.exploration === "greedy") return argmax(values, offset, actions, mask);
    const amount = this.amount.item();
    const u = random.uniform();
    if (this.exploration === "epsilon-greedy") {
      this.isDrawn = u < amount;
      return epsilonGreedy(values, offset, actions, amount, u, mask);
    }
    boltzmannProbabilities(values, offset, actions, amount, this.#probabilities, mask);
    return selectAction(this.#probabilities, 0, actions, u);
  }

  /** The best of them. */
  best(values: ArrayLike<number>, mask?: Uint8Array): number {
    return argmax(values, 0, this.#actions, mask);
  }

  /** Any action, each as likely as any other. */
  any(random: Random, mask?: Uint8Array): number {
    return exploringAction(this.#actions, 1, random.uniform(), mask);
  }
}

function scheduleOf(config: ExplorationConfig): Schedule {
  if (config.exploration === "greedy") return () => 0;
  if (config.exploration === "boltzmann") return makeSchedule(config.temperature);
  return config.epsilon === null ? fallingEpsilon(config) : makeSchedule(config.epsilon);
}

/** ε falls in a straight line over the first part of the run, as in Stable-Baselines3. */
function fallingEpsilon(config: ExplorationConfig): Schedule {
  const { explorationFraction, explorationInitialEps: from, explorationFinalEps: to } = config;
  if (explorationFraction === 0) return () => to;
  return (remaining) => from + Math.min(1, (1 - remaining) / explorationFraction) * (to - from);
}
