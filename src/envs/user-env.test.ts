/** A user's environment as one writes it on the first day: no base class, no type annotations beyond TypeScript's own. */

import { expect, it } from "vitest";
import { Key } from "../random/index.ts";
import { Box, Discrete } from "../spaces/index.ts";
import { batch, checkEnv, type Env, frameStack, recordEpisodeStatistics, rewardClip, timeLimit } from "./index.ts";

class Corridor {
  observationSpace = new Box(0, 10);
  actionSpace = new Discrete(2);
  position = 0;

  reset() {
    this.position = 0;
    return { observation: [this.position], info: {} };
  }

  step(action: number) {
    this.position = Math.max(0, this.position + (action === 1 ? 1 : -1));
    const terminated = this.position === 10;
    return { observation: [this.position], reward: terminated ? 1 : -0.01, terminated, truncated: false, info: {} };
  }
}

const swing = {
  observationSpace: new Box([-1, -1], [1, 1]),
  actionSpace: new Box(-1, 1, [1]),
  reset: () => ({ observation: new Float32Array(2), info: {} }),
  step: (action: Float32Array) => ({
    observation: Float32Array.of(action[0], 0),
    reward: -Math.abs(action[0]),
    terminated: false,
    truncated: false,
    info: {},
  }),
};

it("a class composes with wrappers, batches and passes the checker", () => {
  const make = () => frameStack(rewardClip(recordEpisodeStatistics(timeLimit(new Corridor(), 30))), 2);
  const env = batch(make, 4);
  expect(env.name).toBe("Corridor");
  env.reset(Key.fromSeed(1));
  for (let t = 0; t < 10; t++) env.step(new Float32Array(4).fill(1));
  expect([...env.terminated]).toEqual([1, 1, 1, 1]);
  expect([...env.finalObservations.subarray(0, 2)]).toEqual([9, 10]);
  const findings = checkEnv(make);
  expect(findings.map(({ severity, field }) => `${severity} ${field}`)).toEqual(["warning reset.seed", "info state"]);
});

it("a plain object does, too, and can be annotated", () => {
  const annotated: Env<ArrayLike<number>, ArrayLike<number>> = swing;
  const env = batch(() => timeLimit({ ...annotated }, 5), 2);
  env.reset(Key.fromSeed(1));
  for (let t = 0; t < 5; t++) env.step(Float32Array.of(0.5, -0.25));
  expect([...env.rewards]).toEqual([-0.5, -0.25]);
  expect([...env.truncated]).toEqual([1, 1]);
  expect(checkEnv(swing).filter(({ severity }) => severity === "error")).toEqual([]);
});
