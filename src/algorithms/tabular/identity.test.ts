import { expect, it } from "vitest";
import { IdentityEnv } from "../../../test/support/identity-env.ts";
import { Discrete } from "../../spaces/index.ts";
import { evaluate, train } from "../../training/index.ts";

const spaces = { Discrete: new Discrete(4), "Discrete that starts at 3": new Discrete(2, 3) };
const algorithms = ["q-learning", "double-q-learning", "sarsa", "expected-sarsa", "mc-control"];

it.each(
  algorithms.flatMap((algorithm) => Object.entries(spaces).map(([name, space]) => [algorithm, name, space] as const)),
)("%s repeats the observation, %s, 20 seeds of 20", (algorithm, _name, space) => {
  for (let seed = 0; seed < 20; seed++) {
    const makeEnv = () => new IdentityEnv(space);
    const run = train({ algorithm, seed, steps: 2000, gamma: 0, epsilon: 0.3, learningRate: 0.3 }, { makeEnv });
    for (const _ of run);
    expect(evaluate(run.policy, { env: makeEnv, episodes: 3 }).mean, `seed ${seed}`).toBeGreaterThanOrEqual(90);
  }
});
