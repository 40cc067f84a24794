/**
 * Self-play: PPO in a game for two whose other side is played by what the policy itself once was. No other opponent is ever needed, and
 * there is always one of about the right strength: Samuel 1959, "Some studies in machine learning using the game of checkers";
 * Tesauro 1995, "Temporal difference learning and TD-Gammon"; with pools of past selves Bansal et al. 2018, "Emergent complexity
 * via multi-agent competition", section 4.2. In each iteration
 *
 * - every `snapshotInterval` iterations a copy of the policy joins the pool, and the oldest of more than `poolSize` leaves it;
 * - each of `opponents` seats, which play equal shares of the environments, goes to the present policy (with probability
 *   `latestShare`) or to a member of the pool, all alike;
 * - PPO learns from one rollout against them, as from any environment.
 *
 * Only the own side's transitions are learned from. Against the latest policy alone, learning may go in circles, where each policy beats
 * the last but not those before it; who plays the pool is asked not to forget.
 *
 * The Elo rating follows from play in training: a reward other than 0 is a point won or lost, and counts as a game against who sat
 * there, whose rating is the one it joined the pool with.
 */
import { z } from "zod";
import { wrapBatch } from "../../envs/index.ts";
import { ConfigError } from "../../errors.ts";
import { updatedElo } from "../../estimators/index.ts";
import { loadStateDict, stateDict } from "../../nn/index.ts";
import type { Random, RandomState } from "../../random/index.ts";
import { randomStream, type Tensor } from "../../tensor/index.ts";
import type { ActorCriticPolicy } from "../actor-critic-policy.ts";
import type { Algorithm, CommonConfig, Learner, LearnerContext, Metrics, Snapshot } from "../algorithm.ts";
import * as field from "../config.ts";
import { type PpoConfig, ppo, ppoFields, ppoNetwork } from "../ppo.ts";
import { behind, prefixed } from "../snapshot.ts";
import { Opponents } from "./opponents.ts";
import { become, PastSelves } from "./past-selves.ts";
import { selfPlayPresets } from "./presets.ts";

/** How far one point moves the rating; a rollout has tens to hundreds of them. */
const ELO_K = 2;

/** What Gaussian policies need besides: actions are choices here. */
const NOT_GAUSSIAN = { logStdInit: 0, useSde: false, sdeSampleFreq: -1 };
const { logStdInit: _, ...network } = field.networkFields;
const { useSde: _useSde, sdeSampleFreq: _sdeSampleFreq, ...learning } = ppoFields;

const schema = z.strictObject({
  ...field.commonFields,
  // Both sides must see the same, and points must stay points.
  normalizeObservation: field.never("Self-play shows both sides the same numbers: false."),
  normalizeReward: field.never("Self-play counts points by their rewards: false."),
  ...network,
  sparseInput: field.sparseInput,
  pooling: field.pooling,
  sharedNetwork: field.flag(false, "One trunk for policy and value instead of one each."),
  ...learning,
  opponents: field.count(
    1,
    "Seats: how many policies play the other side at once, a divisor of nEnvs. Usual: 2 to 16.",
  ),
  latestShare: field.fraction(0.5, "Probability that a seat goes to the present policy. Usual: 0.2 to 0.8."),
  poolSize: field.count(32, "Past selves that are kept: how far back opponents come from. Usual: 10 to 100."),
  snapshotInterval: field.count(8, "Iterations from one past self to the next. Usual: 5 to 50."),
});

export type SelfPlayPpoConfig = z.infer<typeof schema> & CommonConfig;

/** PPO, and whom it meets. */
class SelfPlayPpo implements Learner {
  readonly policy: ActorCriticPolicy;
  readonly stepsPerIteration: number;
  readonly #config: SelfPlayPpoConfig;
  readonly #ppo: Learner;
  readonly #pool: PastSelves;
  readonly #opponents: Opponents;
  readonly #stream: Tensor;
  readonly #random: Random;
  /** Points of each environment in this iteration, and those of them that were won. */
  readonly #points: Float64Array;
  readonly #won: Float64Array;
  #iterations = 0;
  #rating = 0;

  constructor(context: LearnerContext<SelfPlayPpoConfig>) {
    const { config, env, key } = context;
    this.#config = config;
    this.#points = new Float64Array(env.count);
    this.#won = new Float64Array(env.count);
    const watched = wrapBatch(env, {
      afterReset: () => {},
      afterStep: () => this.#count(env.rewards),
    });
    this.#ppo = ppo.create({ ...context, env: watched, config: ppoConfig(config) });
    this.policy = this.#ppo.policy as ActorCriticPolicy;
    this.stepsPerIteration = config.nSteps * config.nEnvs;
    this.#pool = new PastSelves(config.poolSize);
    this.#stream = randomStream(key.split("opponents"));
    this.#random = key.split("seats").stream();
    const seats = Array.from({ length: config.opponents }, (_, k) =>
      ppoNetwork({ ...context, config: ppoConfig(config) }, key.split("seat", k)),
    );
    this.#opponents = new Opponents(env, seats, this.#stream);
    env.opponentSeat!.opponent = (observations, actions) => this.#opponents.choose(observations, actions);
  }

  get step(): number {
    return this.#ppo.step;
  }

  #count(rewards: Float64Array): void {
    for (let n = 0; n < rewards.length; n++) {
      if (rewards[n] === 0) continue;
      this.#points[n]!++;
      if (rewards[n]! > 0) this.#won[n]!++;
    }
  }

  iterate(): Metrics {
    const { network } = this.policy;
    if (this.#iterations++ % this.#config.snapshotInterval === 0) this.#pool.add(network.parameters(), this.#rating);
    const ratings = this.#seat();
    this.#points.fill(0);
    this.#won.fill(0);
    const learned = this.#ppo.iterate();
    const { points, score } = this.#rate(ratings);
    return {
      ...learned,
      "selfPlay/elo": this.#rating,
      "selfPlay/pool": this.#pool.count,
      ...(points > 0 && { "selfPlay/score": score }),
    };
  }

  /** Who plays in this iteration; their ratings, undefined for the present policy. */
  #seat(): (number | undefined)[] {
    const present = { parameters: stateDict(this.policy.network) };
    return this.#opponents.networks.map((network) => {
      const isPresent = this.#random.uniform() < this.#config.latestShare;
      const past = this.#pool.get(this.#random.integer(this.#pool.count));
      become(network, isPresent ? present : past);
      return isPresent ? undefined : past.rating;
    });
  }

  /** Moves the rating by the points against past selves; how many there were, and the share of them that was won. */
  #rate(ratings: readonly (number | undefined)[]): { points: number; score: number } {
    let [points, won] = [0, 0];
    for (let n = 0; n < this.#points.length; n++) {
      const rating = ratings[this.#opponents.ofEnv(n)];
      if (rating === undefined) continue;
      points += this.#points[n]!;
      won += this.#won[n]!;
      for (let i = 0; i < this.#points[n]!; i++) {
        this.#rating = updatedElo(this.#rating, rating, i < this.#won[n]! ? 1 : 0, ELO_K);
      }
    }
    return { points, score: won / points };
  }

  save(): Snapshot {
    const { json, arrays } = this.#ppo.save();
    const pool = this.#pool.save();
    return {
      json: {
        ppo: json,
        iterations: this.#iterations,
        rating: this.#rating,
        ratings: pool.ratings,
        seats: { ...this.#random.state() },
      },
      arrays: { ...prefixed("ppo/", arrays), ...pool.arrays, ...stateDict({ opponents: this.#stream }) },
    };
  }

  load({ json, arrays }: Snapshot): void {
    const saved = json as unknown as Saved;
    const { opponents } = arrays;
    loadStateDict({ opponents: this.#stream }, opponents ? { opponents } : {});
    this.#ppo.load({ json: saved.ppo, arrays: behind("ppo/", arrays) });
    this.#pool.load(saved.ratings, arrays, this.policy.network.parameters());
    this.#random.restore(saved.seats);
    this.#iterations = saved.iterations;
    this.#rating = saved.rating;
  }
}

interface Saved {
  readonly ppo: Snapshot["json"];
  readonly iterations: number;
  readonly rating: number;
  readonly ratings: readonly number[];
  readonly seats: RandomState;
}

function ppoConfig(config: SelfPlayPpoConfig): PpoConfig {
  return { ...config, ...NOT_GAUSSIAN };
}

function check(config: SelfPlayPpoConfig): void {
  ppo.check!(ppoConfig(config));
  if (config.nEnvs % config.opponents === 0) return;
  const allowed = `a multiple of opponents (${config.opponents}), each of whom plays as many environments`;
  throw new ConfigError({ field: "nEnvs", value: config.nEnvs, allowed });
}

export const selfPlayPpo: Algorithm<SelfPlayPpoConfig> = {
  name: "self-play-ppo",
  summary: "PPO in games for two, against its own past selves, with an Elo rating.",
  source: "Bansal et al. 2018, arXiv:1710.03748; Schulman et al. 2017, arXiv:1707.06347",
  schema,
  actionSpaces: ["discrete", "multi-discrete", "multi-binary"],
  needs: "opponentSeat",
  masks: false,
  presets: selfPlayPresets,
  check,
  createPolicy: (context) => ppo.createPolicy({ ...context, config: ppoConfig(context.config) }),
  create: (context) => new SelfPlayPpo(context),
};
