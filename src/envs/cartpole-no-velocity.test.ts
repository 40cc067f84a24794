import { expect, it } from "vitest";
import { makeBatch, makeEnv } from "./index.ts";

it("CartPoleNoVel-v1 is CartPole-v1 of which only the positions are seen", () => {
  const [whole, blind] = [makeEnv("CartPole-v1"), makeEnv("CartPoleNoVel-v1")];
  const positions = (observation: unknown) => [(observation as number[])[0], (observation as number[])[2]];
  expect([...(blind.reset({ seed: 4 }).observation as number[])]).toEqual(
    positions(whole.reset({ seed: 4 }).observation),
  );
  let over = false;
  for (let t = 0; !over; t++) {
    const action = Number(t % 3 > 0);
    const [expected, { observation, ...rest }] = [whole.step(action), blind.step(action)];
    expect([...(observation as number[])]).toEqual(positions(expected.observation));
    expect(rest).toEqual({
      reward: expected.reward,
      terminated: expected.terminated,
      truncated: expected.truncated,
      info: {},
    });
    over = rest.terminated;
  }
  expect(blind.observationSpace.contains([4.8, -0.4])).toBe(true);
  expect(blind.observationSpace.flatSize).toBe(2);
});

it("shows the positions of every environment of a batch", () => {
  const [whole, blind] = [makeBatch("CartPole-v1", 3), makeBatch("CartPoleNoVel-v1", 3)];
  expect([...blind.observations]).toHaveLength(6);
  expect([...blind.observations]).toEqual([...whole.observations].filter((_, i) => i % 2 === 0));
});
