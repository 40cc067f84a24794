import { Key, type Random, type RandomState, Streams } from "../random/index.ts";
import type { Json } from "./env.ts";

/**
 * Seed of environment n in a batch that was reset with `key`: 32 bits from the stream named "env", n.
 * A plain environment takes a seed, not a key, so both kinds of batch go through this number and agree.
 */
export function episodeSeed(key: Key, n: number): number {
  return key.split("env", n).stream().bits();
}

/** The random numbers of environments that were reset with these seeds. */
export function seededStreams(seeds: readonly number[]): Streams {
  return new Streams(seeds.map((seed) => Key.fromSeed(seed)));
}

/** The random numbers of an environment that was reset with this seed. */
export function seededRandom(seed: number): Random {
  return Key.fromSeed(seed).stream();
}

/** Where a stream stands, as JSON. */
export function saveRandom(random: Random): Json {
  return { ...random.state() };
}

/** A stream that goes on where `saveRandom` was called. @throws FormatError for anything else */
export function loadRandom(state: Json | undefined): Random {
  const random = seededRandom(0);
  random.restore(state as unknown as RandomState);
  return random;
}

/** The same of the streams of N environments. */
export function loadStreams(states: readonly Json[]): Streams {
  const streams = seededStreams(states.map(() => 0));
  streams.each.forEach((random, n) => {
    random.restore(states[n] as unknown as RandomState);
  });
  return streams;
}
