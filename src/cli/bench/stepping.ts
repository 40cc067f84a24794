import { makeBatch } from "../../envs/index.ts";
import { Key } from "../../random/index.ts";
import type { Figures } from "./figures.ts";
import { secondsPerCall } from "./measure.ts";

/** Steps per second of `count` environments side by side, random actions, autoreset included. */
function stepsPerSecond(id: string, count: number): number {
  const env = makeBatch(id, count);
  const random = Key.fromSeed(0).split("actions").stream();
  const { maskSize } = env.actionSpace;
  const actions = Array.from({ length: 16 }, () =>
    Float32Array.from({ length: count }, () => random.integer(maskSize)),
  );
  env.reset(Key.fromSeed(0));
  const seconds = secondsPerCall(() => {
    for (const action of actions) env.step(action);
  });
  return (count * actions.length) / seconds;
}

/** Environments alone. A step of Pong is four frames of the game; pictures are drawn after each step. */
export function benchStepping(): Figures {
  return {
    cartPoleStepsPerSecond: stepsPerSecond("CartPole-v1", 64),
    pongStepsPerSecond: stepsPerSecond("Pong-v0", 64),
    pongDifferenceStepsPerSecond: stepsPerSecond("PongDifference-v0", 16),
    pongFramesStepsPerSecond: stepsPerSecond("PongFrames-v0", 16),
  };
}
