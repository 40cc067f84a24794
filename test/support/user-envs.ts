/** A user's own file with environments that behave and environments that do not, as TypeScript that imports limpid. */
export const USER_ENVS = `
import { Box, Discrete, type Env } from "limpid";

interface Fault { observation?: number[]; reward?: number; error?: string }

/** A corridor with the goal at its right end; from its 300th step on something is wrong with it. */
class Corridor implements Env<ArrayLike<number>, number> {
  readonly observationSpace = new Box(-1, 1, [2]);
  readonly actionSpace = new Discrete(2);
  #fault: Fault;
  #position = 0;
  #elapsed = 0;
  #age = 0;
  constructor(fault: Fault = {}) { this.#fault = fault; }
  reset() {
    this.#position = 0;
    this.#elapsed = 0;
    return { observation: [0, 1], info: {} };
  }
  step(action: number) {
    const { error, observation, reward } = ++this.#age >= 300 ? this.#fault : {} as Fault;
    if (error) throw new Error(error);
    this.#position = Math.max(0, this.#position + (action === 1 ? 1 : -1));
    this.#elapsed++;
    const terminated = this.#position === 6;
    return {
      observation: observation ?? [this.#position / 6, 1 - this.#elapsed / 50],
      reward: reward ?? (terminated ? 1 : -0.01),
      terminated,
      truncated: this.#elapsed >= 50,
      info: {},
    };
  }
  state() { return [this.#position, this.#elapsed, this.#age]; }
  restore(state: number[]) { [this.#position, this.#elapsed, this.#age] = state as [number, number, number]; }
}

export default () => new Corridor();
export const Nan = () => new Corridor({ observation: [0, Number.NaN] });
export const Wide = () => new Corridor({ observation: [0, 0, 0] });
export const NanReward = () => new Corridor({ reward: Number.NaN });
export const Broken = () => new Corridor({ error: "the door is stuck" });
export const Nothing = 5;
`;
