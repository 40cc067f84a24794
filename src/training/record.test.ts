import { describe, expect, it } from "vitest";
import { IdentityEnv } from "../../test/support/identity-env.ts";
import { Box, Discrete } from "../spaces/index.ts";
import { type RunInput, recordDataset, resumeRun, train } from "./index.ts";

const env = "CartPole-v1";
const { policy } = train({ algorithm: "ppo", env, steps: 100, seed: 1 });
const shareOf = (list: ArrayLike<number>, value: number) =>
  Array.from(list).filter((entry) => entry === value).length / list.length;

describe("recordDataset", () => {
  it("gives the same for the same policy, options and seed, and something else for another seed", () => {
    const record = (seed: number) =>
      recordDataset(policy, { env, steps: 200, seed, deterministic: false, random: 0.3 });
    expect(record(1)).toEqual(record(1));
    expect(record(2).actions).not.toEqual(record(1).actions);
    expect(record(2).observations.subarray(0, 4)).not.toEqual(record(1).observations.subarray(0, 4));
  });

  it("keeps what happened, in the order in which it did, final observations included", () => {
    // Episodes of 3 steps, cut off in turn with those that end; shown are the step, the action before and the episode.
    let [t, episode] = [0, -1];
    const counting = () => ({
      observationSpace: new Box(-1, 100, [3]),
      actionSpace: new Discrete(5),
      reset() {
        [t, episode] = [0, episode + 1];
        return { observation: [0, -1, episode], info: {} };
      },
      step(action: unknown) {
        t++;
        const ended = t === 3;
        const flags = { terminated: ended && episode % 2 === 0, truncated: ended };
        return { observation: [t, action as number, episode], reward: 10 * (action as number), ...flags, info: {} };
      },
    });
    const dataset = recordDataset(undefined, { env: counting as never, steps: 8 });
    const actions = [...dataset.actions];
    const [s, next]: number[][] = [[], []];
    for (let row = 0; row < 8; row++) {
      const [step, played] = [row % 3, Math.floor(row / 3)];
      s!.push(step, step === 0 ? -1 : actions[row - 1]!, played);
      next!.push(step + 1, actions[row]!, played);
    }
    expect([...dataset.observations]).toEqual(s);
    expect([...dataset.nextObservations]).toEqual(next);
    expect([...dataset.rewards]).toEqual(actions.map((action) => 10 * action));
    expect([...dataset.terminated]).toEqual([0, 0, 1, 0, 0, 0, 0, 0]);
    expect([...dataset.truncated]).toEqual([0, 0, 0, 0, 0, 1, 0, 1]);
  });

  it("takes as many random actions as asked for", () => {
    const master = { ...policyOf(new Discrete(10)), act: () => 3 };
    const identity = () => new IdentityEnv(new Discrete(10));
    const share = (random: number) => shareOf(recordDataset(master, { env: identity, steps: 4000, random }).actions, 3);
    expect(share(0)).toBe(1);
    expect(share(0.5)).toBeCloseTo(0.55, 1);
    expect(share(1)).toBeCloseTo(0.1, 1);
    expect(recordDataset(undefined, { env, steps: 5 }).policy).toEqual({ random: 1 });
  });

  it("keeps masks, and to them", () => {
    const masked = () => new IdentityEnv(new Discrete(10), { allowed: 3 });
    const { masks, actions } = recordDataset(undefined, { env: masked, steps: 200 });
    expect(masks!.length).toBe(2000);
    expect(shareOf(masks!, 1)).toBeCloseTo(0.3, 6);
    expect(Array.from(actions, (action, row) => masks![10 * row + action])).toEqual(new Array(200).fill(1));
  });

  it("refuses options that make no sense", () => {
    expect(() => recordDataset(policy, { env, steps: 0 })).toThrow(/steps must be a positive integer; got 0/);
    expect(() => recordDataset(policy, { env, steps: 1, random: 2 })).toThrow(
      /random must be a number from 0 to 1; got 2/,
    );
    expect(() => recordDataset(policy, { env: "Pendulum-v1", steps: 1 })).toThrow(
      /observationSpace of Pendulum-v1 must be that/,
    );
    expect(() => recordDataset(policy, { env, step: 1 } as never)).toThrow(/step must be left out/);
  });
});

describe("a run from a dataset", () => {
  const dataset = recordDataset(undefined, { env, steps: 50 });
  const config: RunInput = { algorithm: "cql", env, steps: 200, hidden: [4] };

  it("must be given one that fits, and only where one is learned from", () => {
    expect(() => train(config)).toThrow(
      /^dataset must be given: cql learns from transitions that were recorded\. limpid record writes them to a file/,
    );
    expect(() => train({ ...config, env: "Acrobot-v1" }, { dataset })).toThrow(
      /the dataset's observationSpace must be that of Acrobot-v1/,
    );
    expect(() => train({ algorithm: "ppo", env }, { dataset })).toThrow(
      /dataset must be left out: ppo learns from steps of its own/,
    );
    const broken = { ...dataset, rewards: dataset.rewards.slice(1) };
    expect(() => train(config, { dataset: broken })).toThrow(
      /dataset observations must be a Float32Array of 196 numbers/,
    );
    expect(() => train({ ...config, env: "Pendulum-v1" }, { dataset })).toThrow(
      /action space cql can use \(discrete\)/,
    );
  });

  it("goes on with the same dataset, and no other", () => {
    const run = train(config, { dataset });
    run.iterate();
    const saved = run.checkpoint();
    expect(resumeRun(saved, { dataset }).step).toBe(100);
    const { rewards } = dataset;
    const other = { ...dataset, rewards: rewards.map((reward, i) => (i === 7 ? reward + 1 : reward)) };
    expect(() => resumeRun(saved, { dataset: other })).toThrow(
      /dataset must be the one that the run began with, whose SHA-256 is [0-9a-f]{64}; got/,
    );
    expect(() => resumeRun(saved)).toThrow(/dataset must be given/);
    // Its place may have changed, and who made it be described in other words.
    expect(resumeRun(saved, { dataset: { ...dataset, policy: "me" } }).step).toBe(100);
  });

  it("steps no environment, and does not send others to what needs data", () => {
    const run = train(config, { dataset });
    for (const { metrics } of run) expect(metrics["episode/count"]).toBe(0);
    expect(run.step).toBe(200);
    expect(() => train({ algorithm: "q-learning", env })).toThrow(/use ppo/);
    expect(() => train({ algorithm: "q-learning", env })).not.toThrow(/cql/);
  });
});

function policyOf(space: Discrete) {
  return { observationSpace: space, actionSpace: space, reseed() {}, parameters: () => ({}), load() {} };
}
