import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import { Discrete } from "../spaces/index.ts";
import { persistent } from "../tensor/index.ts";
import { ActorCritic } from "./actor-critic.ts";
import { BatchCritic } from "./batch-critic.ts";

const key = Key.fromSeed(1);

function network(critic: "separate" | "shared" | "action") {
  const sizes = {
    observationSize: 3,
    hidden: [16, 8],
    activation: "tanh",
    orthogonalInit: true,
    logStdInit: 0,
  } as const;
  return new ActorCritic({ ...sizes, actionSpace: new Discrete(2), critic, key });
}

describe("a critic of many observations", () => {
  it.each([1, 255, 256, 700])("gives each of %i the bits that it has alone", (count) => {
    const own = network("separate");
    const observations = new Float32Array(3 * count);
    key.split("observations").stream().fillNormal(observations);
    const values = persistent([count], "float32");
    const critic = new BatchCritic(own, 700, 3);
    // What an earlier call left in unused rows must not matter.
    critic.judge(new Float32Array(3 * 256).fill(1e9), persistent([256], "float32"));
    critic.judge(observations, values);
    for (const row of [0, count >> 1, count - 1]) {
      const alone = own.values(persistent([1, 3], "float32").set(observations.subarray(3 * row, 3 * row + 3)));
      expect(values.data[row]).toBe(alone.item());
    }
  });

  it("is used only where V shares nothing with the policy and knows no action", () => {
    expect(network("separate").criticIsApart).toBe(true);
    expect(network("shared").criticIsApart).toBe(false);
    expect(network("action").criticIsApart).toBe(false);
  });
});
