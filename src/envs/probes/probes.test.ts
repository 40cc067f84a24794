import { describe, expect, it } from "vitest";
import { play } from "../../../test/support/play.ts";
import { Box, Discrete, MultiBinary, MultiDiscrete } from "../../spaces/index.ts";
import { recordingCanvas } from "../check/recording-canvas.ts";
import { IdentityEnv, makeEnv } from "../index.ts";

const last = (observations: readonly unknown[]) => (observations.at(-1) as ArrayLike<number>)[0];

/** Both forms: the continuous action that means what the discrete one means. */
describe.each([
  ["-v0", (action: number) => action],
  ["Continuous-v0", (action: number) => [2 * action - 1]],
] as const)("the probes %s", (form, act) => {
  const probe = (name: string, action: number, seed = 1) => play(`Probe${name}${form}`, () => act(action), seed);

  it("give what they say", () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      for (const action of [0, 1]) {
        const side = 2 * action - 1;
        expect(probe("ConstantReward", action, seed).rewards).toEqual([1]);
        expect(probe("DelayedReward", action, seed).rewards).toEqual([0, 1]);
        expect(probe("RewardFromAction", action, seed).rewards).toEqual([side]);
        const seen = probe("RewardFromObservation", action, seed);
        expect(seen.rewards).toEqual([last(seen.observations)]);
        const both = probe("RewardFromBoth", action, seed);
        expect(both.rewards).toEqual([side * last(both.observations)!]);
      }
    }
  });

  it("show a fair coin where it counts, and nothing else where it does not", () => {
    const seen = (name: string) =>
      Array.from({ length: 200 }, (_, seed) => {
        const { observation } = makeEnv(`Probe${name}${form}`).reset({ seed });
        return (observation as ArrayLike<number>)[0]!;
      });
    for (const name of ["RewardFromObservation", "RewardFromBoth"]) {
      const heads = seen(name).filter((coin) => coin === 1).length;
      expect(new Set(seen(name))).toEqual(new Set([-1, 1]));
      expect(Math.abs(heads - 100)).toBeLessThan(4 * Math.sqrt(50));
    }
    expect(new Set(seen("RewardFromAction"))).toEqual(new Set([0]));
  });

  it("end by themselves, but for the one that is cut off", () => {
    expect(probe("ConstantReward", 1)).toMatchObject({ terminated: true, truncated: false });
    const cut = probe("TimeLimit", 1);
    expect(cut).toMatchObject({ terminated: false, truncated: true });
    expect(cut.rewards).toEqual(new Array(8).fill(1));
  });
});

it("a continuous action counts up to its bounds", () => {
  expect(play("ProbeRewardFromActionContinuous-v0", [[0.25]]).rewards).toEqual([0.25]);
  expect(play("ProbeRewardFromActionContinuous-v0", [[-5]]).rewards).toEqual([-1]);
});

describe.each([
  ["Discrete that starts at 3", new Discrete(4, 3)],
  ["MultiDiscrete", new MultiDiscrete([2, 3])],
  ["MultiBinary", new MultiBinary(3)],
  ["Box", new Box(-1, 1, [2])],
])("identity of a %s", (_name, space) => {
  const make = () => new IdentityEnv(space);

  it("gives 100 to who repeats the observation, and less to who does not", () => {
    const { rewards, terminated, truncated } = play(make(), (_t, observation) => observation);
    expect(rewards).toEqual(new Array(100).fill(1));
    expect([terminated, truncated]).toEqual([false, true]);
    const [first] = play(make(), (_t, observation) => observation).observations;
    const stubborn = play(make(), () => first).rewards.reduce((sum, reward) => sum + reward, 0);
    expect(stubborn).toBeLessThan(70);
  });

  it("goes on from its state, picture included", () => {
    const env = make();
    play(env, (_t, observation) => observation).observations.at(-1);
    const { observation } = env.reset({});
    env.step(observation);
    const other = make();
    other.restore(JSON.parse(JSON.stringify(env.state())));
    const drawn = (one: IdentityEnv) => {
      const { canvas, calls } = recordingCanvas(300, 200);
      one.render(canvas);
      return calls;
    };
    expect(drawn(other)).toEqual(drawn(env));
    for (let t = 0; t < 50; t++) expect(other.step(observation)).toEqual(env.step(observation));
  });
});

describe("identity with a mask", () => {
  it("always counts the right answer among those allowed", () => {
    const env = new IdentityEnv(new MultiDiscrete([6, 4]), { allowed: 2 });
    let observation = env.reset({ seed: 1 }).observation as ArrayLike<number>;
    for (let t = 0; t < 100; t++) {
      const mask = env.actionMask!();
      expect([mask[observation[0]!], mask[6 + observation[1]!]]).toEqual([1, 1]);
      expect([...mask.subarray(0, 6)].reduce((a, b) => a + b)).toBe(2);
      expect([...mask.subarray(6)].reduce((a, b) => a + b)).toBe(2);
      observation = env.step(observation).observation as ArrayLike<number>;
    }
    expect(env.invalidActions).toBe(0);
    env.step([mask(env, 0, 6), observation[1]]);
    expect(env.invalidActions).toBe(1);
  });

  it("may be kept secret", () => {
    expect(makeEnv("IdentityMasked-v0", { showsMask: false }).actionMask).toBeUndefined();
    const env = makeEnv("IdentityMasked-v0");
    env.reset({ seed: 1 });
    expect([...env.actionMask!()].reduce((a, b) => a + b)).toBe(15);
  });

  it.each([
    [new Discrete(5), 6, /allowed must be an integer from 1 to 5; got 6/],
    [new MultiDiscrete([5, 3]), 4, /allowed must be an integer from 1 to 3; got 4/],
    [new Discrete(5), 0, /allowed must be/],
    [new Box(-1, 1, [2]), 1, /allowed must be left out: this space takes no mask/],
  ])("refuses a number that cannot be: %j, %d", (space, allowed, message) => {
    expect(() => new IdentityEnv(space, { allowed })).toThrow(message);
  });

  /** The first of the choices from … to − 1 that does not count. */
  function mask(env: IdentityEnv, from: number, to: number): number {
    return env.actionMask!().subarray(from, to).indexOf(0);
  }
});
