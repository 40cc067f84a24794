/**
 * Umbrella: the first action decides whether one has an umbrella when it rains, or not, at the end; what comes in between is
 * noise: random rewards of ±1 and random bits in the observation. A test of credit over time.
 *
 * Source: Osband et al. (2020), "Behaviour Suite for Reinforcement Learning", "Umbrella".
 *
 * state: steps taken, need of an umbrella, having one, and the distracting bits.
 * observation: need, have, 1 − steps/chainLength, the distracting bits. Actions: 0 leave it, 1 take it; the first one counts.
 */

import { ConfigError } from "../../errors.ts";
import type { Random } from "../../random/index.ts";
import { Box, Discrete } from "../../spaces/index.ts";
import type { DynamicsWithNumbers } from "../dynamics.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { readOptions } from "../options.ts";
import { drawUmbrella } from "./draw-umbrella.ts";

export const UMBRELLA_DEFAULTS = {
  /** Steps of an episode. */
  chainLength: 20,
  /** Random bits beside the three numbers that matter. */
  distractors: 20,
};

export type UmbrellaOptions = typeof UMBRELLA_DEFAULTS;

/** @throws ConfigError for an unknown option or a value that is not allowed */
export function umbrella(given: Partial<UmbrellaOptions> = {}): DynamicsWithNumbers<number> {
  const options = readOptions("Umbrella-v0", given, UMBRELLA_DEFAULTS);
  const { chainLength, distractors } = options;
  for (const [name, least] of [
    ["chainLength", 1],
    ["distractors", 0],
  ] as const) {
    const value = options[name];
    if (Number.isInteger(value) && value >= least && value <= 10_000) continue;
    const allowed = `an integer from ${least} to 10000`;
    throw new ConfigError({ field: `Umbrella-v0 option ${name}`, value, allowed });
  }
  const size = 3 + distractors;

  function distract(states: Float64Array, offset: number, random: Random): void {
    for (let i = offset + 3; i < offset + size; i++) states[i] = random.integer(2);
  }

  return {
    stateSize: size,
    observationSpace: new Box(0, 1, [size]),
    actionSpace: new Discrete(2),

    start(states, offset, random): void {
      states[offset] = 0;
      states[offset + 1] = random.integer(2);
      states[offset + 2] = random.integer(2);
      distract(states, offset, random);
    },

    advance(states, actions, rewards, terminated, count, streams): void {
      for (let n = 0, i = 0; n < count; n++, i += size) {
        if (states[i] === 0) states[i + 2] = actions[n];
        const isEnd = ++states[i] === chainLength;
        const isRight = isEnd ? states[i + 1] === states[i + 2] : streams.each[n].integer(2) === 1;
        rewards[n] = isRight ? 1 : -1;
        terminated[n] = isEnd ? 1 : 0;
        distract(states, i, streams.each[n]);
      }
    },

    observe(states, observations, from, to): void {
      for (let i = from * size; i < to * size; i += size) {
        observations[i] = states[i + 1];
        observations[i + 1] = states[i + 2];
        observations[i + 2] = 1 - states[i] / chainLength;
        for (let k = 3; k < size; k++) observations[i + k] = states[i + k];
      }
    },

    draw: (canvas, state) => drawUmbrella(canvas, chainLength, state),
  };
}

/** Registry entry. */
export const umbrellaSpec = dynamicsSpec(
  {
    id: "Umbrella-v0",
    description: "The first of twenty actions decides the last reward; all between is noise.",
    source: "Osband et al. 2020 (bsuite)",
  },
  umbrella,
);
