/** What the doctor is shown: subjects with one fault each, and healthy ones. `seed` is that of the run and of everything random. */
import type { DoctorSubject, Part } from "../../../src/doctor/index.ts";
import { actionLost, scaledReward, sometimesNaN, swappedFlags, unscaledObservations } from "./faulty-envs.ts";
import { registerOwn } from "./own-actor-critic.ts";

registerOwn("own");
registerOwn("own-no-bootstrap", { noBootstrap: true });
registerOwn("own-no-bootstrap-where-truncated", { noBootstrapWhereTruncated: true });
registerOwn("own-advantage-sign", { advantageSign: -1 });
registerOwn("own-entropy-sign", { entropySign: -1 });
registerOwn("own-first-bias", { firstBias: -5 });
registerOwn("own-shifted", { shiftedObservations: true });

export interface Fault {
  readonly fault: string;
  /** One of these must be named first. */
  readonly parts: readonly Part[];
  /** And this hyperparameter, where one is at fault. */
  readonly hyperparameter?: string;
  readonly subject: (seed: number) => DoctorSubject;
}

const cartPole = "CartPole-v1";
const own =
  (algorithm: string, more = {}) =>
  (seed: number): DoctorSubject => ({
    run: { algorithm, env: cartPole, steps: 50_000, nEnvs: 4, seed, ...more },
  });
const run =
  (algorithm: string, env: string, more = {}) =>
  (seed: number): DoctorSubject => ({
    run: { algorithm, env, seed, ...more },
  });
const inside =
  (algorithm: string, env: string, makeEnv: DoctorSubject["makeEnv"], more = {}) =>
  (seed: number): DoctorSubject => ({
    makeEnv,
    run: { algorithm, env, seed, ...more },
  });

/** The ten of the list. */
export const faults: readonly Fault[] = [
  { fault: "missing bootstrap", parts: ["bootstrapping"], subject: own("own-no-bootstrap") },
  { fault: "swapped done flags", parts: ["termination"], subject: inside("ppo", cartPole, swappedFlags(cartPole)) },
  {
    fault: "unscaled observations",
    parts: ["observation scale"],
    subject: inside("ppo", cartPole, unscaledObservations(cartPole, 1000)),
  },
  {
    fault: "learning rate × 100",
    parts: ["learning rate"],
    hyperparameter: "learningRate",
    subject: run("ppo", cartPole, { learningRate: "lin_0.1" }),
  },
  { fault: "dead ReLUs", parts: ["hidden units"], subject: own("own-first-bias", { activation: "relu" }) },
  { fault: "sign error in the advantage", parts: ["policy gradient"], subject: own("own-advantage-sign") },
  {
    fault: "frozen target network",
    parts: ["target network"],
    hyperparameter: "targetUpdateInterval",
    subject: run("dqn", "Acrobot-v1", { targetUpdateInterval: 1_000_000 }),
  },
  { fault: "reward of 1e4", parts: ["reward scale"], subject: inside("ppo", cartPole, scaledReward(cartPole, 1e4)) },
  { fault: "action not passed on", parts: ["actions"], subject: inside("dqn", cartPole, actionLost(cartPole, 0)) },
  { fault: "entropy collapse", parts: ["exploration"], subject: own("own-entropy-sign", { entCoef: 20 }) },
];

/** Further ones, and the same in other places. */
export const moreFaults: readonly Fault[] = [
  {
    fault: "missing bootstrap at time limits",
    parts: ["truncation"],
    subject: own("own-no-bootstrap-where-truncated"),
  },
  {
    fault: "swapped done flags, Pendulum",
    parts: ["termination"],
    subject: inside("sac", "Pendulum-v1", swappedFlags("Pendulum-v1")),
  },
  {
    fault: "learning rate × 100, DQN",
    parts: ["learning rate"],
    hyperparameter: "learningRate",
    subject: run("dqn", cartPole, { learningRate: "lin_0.1" }),
  },
  {
    fault: "learning rate × 100, SAC",
    parts: ["learning rate"],
    hyperparameter: "learningRate",
    subject: run("sac", "Pendulum-v1", { learningRate: 0.1 }),
  },
  {
    fault: "frozen target network, SAC",
    parts: ["target network"],
    hyperparameter: "tau",
    subject: run("sac", "Pendulum-v1", { tau: 0 }),
  },
  {
    fault: "frozen target network, TD3",
    parts: ["target network"],
    hyperparameter: "tau",
    subject: run("td3", "Pendulum-v1", { tau: 0 }),
  },
  {
    fault: "hardly any noise, PPO",
    parts: ["exploration"],
    hyperparameter: "logStdInit",
    subject: run("ppo", "Pendulum-v1", { useSde: false, sdeSampleFreq: -1, logStdInit: -6 }),
  },
  {
    fault: "NaN in an observation",
    parts: ["environment"],
    subject: inside("ppo", cartPole, sometimesNaN(cartPole, 300)),
  },
  {
    fault: "action not passed on, Pendulum",
    parts: ["actions"],
    subject: inside("sac", "Pendulum-v1", actionLost("Pendulum-v1", [0])),
  },
  { fault: "observations of the step before", parts: ["observations in the network"], subject: own("own-shifted") },
  {
    fault: "critic that weighs nothing",
    parts: ["hyperparameters"],
    hyperparameter: "vfCoef",
    subject: run("ppo", cartPole, { vfCoef: 0 }),
  },
  {
    fault: "learning that never starts",
    parts: ["hyperparameters"],
    hyperparameter: "learningStarts",
    subject: run("dqn", cartPole, { steps: 5000, learningStarts: 5000 }),
  },
];

/** Runs that learn, where nothing is to be found. */
export const healthy: Readonly<Record<string, (seed: number) => DoctorSubject>> = {
  "PPO, CartPole": run("ppo", cartPole),
  "PPO with its defaults, CartPole": run("ppo", cartPole, { preset: "none" }),
  "PPO, Pendulum": run("ppo", "Pendulum-v1"),
  "A2C, CartPole": run("a2c", cartPole),
  "REINFORCE, CartPole": run("reinforce", cartPole),
  "DQN, CartPole": run("dqn", cartPole),
  "DQN, MountainCar": run("dqn", "MountainCar-v0"),
  "SAC, Pendulum": run("sac", "Pendulum-v1"),
  "TD3, Pendulum": run("td3", "Pendulum-v1"),
  "Q-learning, FrozenLake": run("q-learning", "FrozenLake-v1"),
  "an actor-critic of one's own, CartPole": own("own"),
  "TRPO, CartPole": run("trpo", cartPole),
};

/** Further ones: other algorithms, environments and presets. */
export const moreHealthy: Readonly<Record<string, (seed: number) => DoctorSubject>> = {
  "PPO, LunarLander": run("ppo", "LunarLander-v3"),
  "PPO, Acrobot": run("ppo", "Acrobot-v1"),
  "PPO, MountainCarContinuous": run("ppo", "MountainCarContinuous-v0"),
  "PPO, Pong": run("ppo", "Pong-v0"),
  "PPO, Catch": run("ppo", "Catch-v0", { steps: 50_000, nEnvs: 8, nSteps: 64, learningRate: 1e-3, entCoef: 0.01 }),
  "DQN, LunarLander": run("dqn", "LunarLander-v3"),
  "DQN, Acrobot": run("dqn", "Acrobot-v1"),
  "C51, CartPole": run("c51", cartPole),
  "SAC, PointMass": run("sac", "PointMass-v0"),
  "discrete SAC, CartPole": run("sac-discrete", cartPole),
  "DDPG, Pendulum": run("ddpg", "Pendulum-v1"),
  "NAF, Pendulum": run("naf", "Pendulum-v1"),
  "PPO with memory, CartPole without velocities": run("recurrent-ppo", "CartPoleNoVel-v1"),
  "SARSA, CliffWalking": run("sarsa", "CliffWalking-v1"),
  "value iteration, FrozenLake": run("value-iteration", "FrozenLake-v1"),
};

/** Of these the whole run is trained, and its metrics are read. */
export const trainedHealthy: readonly string[] = ["PPO, CartPole", "PPO, Catch", "DQN, CartPole"];
