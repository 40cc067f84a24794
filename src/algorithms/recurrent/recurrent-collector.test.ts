import { describe, expect, it } from "vitest";
import { batch, type Env } from "../../envs/index.ts";
import { Key } from "../../random/index.ts";
import { Box } from "../../spaces/index.ts";
import { noGrad, randomStream, step, tensor } from "../../tensor/index.ts";
import { RecurrentActorCritic } from "./recurrent-actor-critic.ts";
import { RecurrentCollector } from "./recurrent-collector.ts";
import { RememberingNetwork } from "./remembering-network.ts";

/** Observations by step of the episode, the first at reset; after the last the episode is cut off. */
function show(...observations: number[]): Env<ArrayLike<number>, ArrayLike<number>> {
  let t = 0;
  const look = () => [observations[t]!];
  return {
    observationSpace: new Box(-9, 9, [1]),
    actionSpace: new Box(-9, 9, [1]),
    reset() {
      t = 0;
      return { observation: look(), info: {} };
    },
    step() {
      t++;
      return { observation: look(), reward: 0, terminated: false, truncated: t === observations.length - 1, info: {} };
    },
  };
}

const makeNetwork = (recurrent: "lstm" | "gru", sharedRecurrent: boolean, recurrentSkip = false) =>
  new RecurrentActorCritic({
    observationSize: 1,
    actionSpace: new Box(-9, 9, [1]),
    hidden: [8],
    activation: "tanh",
    orthogonalInit: false,
    logStdInit: 0,
    recurrent,
    recurrentSize: 5,
    sharedRecurrent,
    recurrentSkip,
    key: Key.fromSeed(2),
  });

describe.each([
  ["lstm", false],
  ["lstm", true],
  ["gru", false],
  ["gru", true],
] as const)("a rollout with memory (%s, shared: %s)", (recurrent, shared) => {
  const network = makeNetwork(recurrent, shared);
  const env = batch(() => show(-1, 1, 2, 3), 2);
  env.reset(Key.fromSeed(3));
  const stream = randomStream(Key.fromSeed(4));
  const collector = new RecurrentCollector({ env, network, steps: 8, stream });

  /** V of the last of these observations, after the others, from the start of an episode. */
  const value = (...observations: number[]) =>
    step(() =>
      noGrad(() => {
        const inputs = {
          memory: network.emptyMemory(1),
          resets: tensor(new Float32Array(observations.length), [1, observations.length]),
        };
        return network
          .values(tensor(observations, [1, observations.length, 1]), inputs)
          .toArray()
          .at(-1)!;
      }),
    );

  it("values a final observation with what was remembered at that moment", () => {
    const { truncated, nextValues, values } = collector.collect();
    const cut = [...truncated.keys()].filter((i) => truncated[i]);
    expect(cut).toEqual([4, 5, 10, 11]);
    expect(value(-1, 1, 2, 3)).not.toBe(value(3));
    for (const i of cut) expect(nextValues[i]).toBe(value(-1, 1, 2, 3));
    expect(values.data[2]).toBe(value(-1, 1));
    // The next episode remembers nothing of it.
    expect(values.data[6]).toBe(value(-1));
    expect(values.data[8]).toBe(value(-1, 1));
  });

  it("goes on in the next rollout with what it remembers, and says where episodes began", () => {
    expect([...collector.lastValues]).toEqual([value(-1, 1, 2), value(-1, 1, 2)]);
    const { values } = collector.collect();
    expect(values.data[0]).toBe(value(-1, 1, 2));
    expect([...collector.starts.data].filter((_, i) => i % 2 === 0)).toEqual([0, 1, 0, 0, 1, 0, 0, 1]);
  });

  it("is read again by the update with the same bits, all steps at once", () => {
    const { rollout, starts, firstMemory } = collector;
    const { steps, envs } = rollout.sizes;
    const bySequence = (data: ArrayLike<number>) =>
      Float32Array.from({ length: rollout.size }, (_, i) => data[(i % steps) * envs + Math.floor(i / steps)]!);
    const again = step(() =>
      noGrad(() => {
        const resets = tensor(bySequence(starts.data), [envs, steps]);
        const observations = tensor(bySequence(rollout.observations.data), [envs, steps, 1]);
        return network.forward(observations, { memory: firstMemory, resets }).values.toArray();
      }),
    );
    expect(again).toEqual(bySequence(rollout.values.data));
  });

  it("would not be without the resets", () => {
    const { rollout, firstMemory } = collector;
    const { steps, envs } = rollout.sizes;
    const again = step(() =>
      noGrad(() => {
        const observations = tensor(Float32Array.of(2, -1, 1, 2, -1, 1, 2, -1, 2, -1, 1, 2, -1, 1, 2, -1), [
          envs,
          steps,
          1,
        ]);
        const resets = tensor(new Float32Array(rollout.size), [envs, steps]);
        return network.forward(observations, { memory: firstMemory, resets }).values.toArray();
      }),
    );
    expect(again[0]).toBe(rollout.values.data[0]);
    expect(again[1]).not.toBe(rollout.values.data[2]);
  });
});

describe("a network that remembers", () => {
  it("moves its memory on by acting, and only looks by valuing", () => {
    const remembering = new RememberingNetwork(makeNetwork("lstm", false), 1);
    const look = () => Object.values(remembering.memory).map((state) => [...state.data]);
    const empty = look();
    step(() => noGrad(() => remembering.values(tensor([[1]]))));
    expect(look()).toEqual(empty);
    step(() => noGrad(() => remembering.policy(tensor([[1]]))));
    const names = Object.keys(remembering.memory);
    const moved = names.filter((_, i) => look()[i]!.join() !== empty[i]!.join());
    expect(moved).toEqual(["policy.h", "policy.c"]);
    step(() => noGrad(() => remembering.forward(tensor([[1]]))));
    expect(names.filter((_, i) => look()[i]!.join() !== empty[i]!.join())).toEqual(names);
    remembering.forget();
    expect(look()).toEqual(empty);
  });
});

it.each([true, false])(
  "the heads see the observation past a memory that says nothing only if it is skipped (%s)",
  (skips) => {
    const network = makeNetwork("gru", false, skips);
    for (const [name, { data }] of Object.entries(network.parameters())) if (name.includes("core")) data.fill(0);
    const value = (observation: number) =>
      step(() =>
        noGrad(() => {
          const inputs = { memory: network.emptyMemory(1), resets: tensor([1], [1, 1]) };
          return network.values(tensor([observation], [1, 1, 1]), inputs).data[0]!;
        }),
      );
    expect(value(1) !== value(-1)).toBe(skips);
    expect(network.parameters()["value.trunk.0.weight"]!.shape).toEqual([8, skips ? 6 : 5]);
  },
);
