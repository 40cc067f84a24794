import { type Distribution, resampleExploration } from "../distributions/index.ts";
import type { BatchEnv } from "../envs/index.ts";
import { noGrad, plan, type Tensor, zeros } from "../tensor/index.ts";
import type { PolicyInputs, PolicyNetwork } from "./actor-critic.ts";
import { toEnvActions } from "./env-actions.ts";
import { FrameReader, readsFrames } from "./frame-reader.ts";

function inputsOf(env: BatchEnv, size = env.observationSpace.flatSize) {
  const observations = { shape: [env.count, size] };
  const masks = { shape: [env.count, env.actionMasks ? env.actionSpace.maskSize : 0], dtype: "uint8" as const };
  return { observations, masks };
}

/** Actions drawn from π, their log π, and V of the observations, or Q of both. */
function act(network: PolicyNetwork, observations: Tensor, stream: Tensor, given: PolicyInputs) {
  if (network.judgesActions) {
    const chosen = draw(network.policy(observations, given), stream);
    return { ...chosen, values: network.values(observations, chosen.actions) };
  }
  const { policy, values } = network.forward(observations, given);
  return { ...draw(policy, stream), values };
}

function draw(policy: Distribution, stream: Tensor) {
  const actions = policy.sample(stream);
  return { actions, logProbs: policy.logProb(actions) };
}

/** Forward, sample, log-probability and value of N observations, as one recorded plan. */
function planAct({ env, network, stream, judges = true }: BatchActorOptions, exploration: Tensor | undefined) {
  const size = readsFrames(env, network) ? network.inputSize : undefined;
  return plan(inputsOf(env, size), ({ observations, masks }) =>
    noGrad(() => {
      const given = { mask: env.actionMasks && masks, exploration };
      const read = network.read?.(observations) ?? observations;
      if (judges) return { ...act(network, read, stream, given), read };
      return { ...draw(network.policy(read, given), stream), values: zeros([0]), read };
    }),
  );
}

/** V of N observations; of a critic that judges actions, Q of actions drawn there. */
function planValue(network: PolicyNetwork, env: BatchEnv, stream: Tensor, exploration: Tensor | undefined) {
  return plan(inputsOf(env), ({ observations, masks }) =>
    noGrad(() => {
      if (!network.judgesActions) return network.values(observations);
      return act(network, observations, stream, { mask: env.actionMasks && masks, exploration }).values;
    }),
  );
}

export interface BatchActorOptions {
  readonly env: BatchEnv;
  readonly network: PolicyNetwork;
  /** Where actions are drawn from. */
  readonly stream: Tensor;
  /** Whether `choose` says values too; default true. */
  readonly judges?: boolean;
}

/** Acts in N environments at once, with actions drawn from one stream. */
export class BatchActor {
  readonly #env: BatchEnv;
  readonly #stream: Tensor;
  readonly #exploration: Tensor | undefined;
  readonly #act: ReturnType<typeof planAct>;
  readonly #value: ReturnType<typeof planValue>;
  readonly #envActions: Float32Array;
  readonly #frames: FrameReader | undefined;

  constructor(options: BatchActorOptions) {
    const { env, network, stream } = options;
    this.#env = env;
    this.#stream = stream;
    this.#exploration = network.exploration(env.count);
    this.#act = planAct(options, this.#exploration);
    this.#value = planValue(network, env, stream, this.#exploration);
    this.#envActions = new Float32Array(env.count * env.actionSpace.actionSize);
    if (readsFrames(env, network)) this.#frames = new FrameReader(env, network);
  }

  /** To be called when all environments were reset. */
  reset(): void {
    this.#frames?.reset();
  }

  /** Draws gSDE's noise matrices anew, one for each environment; nothing for other policies. */
  resampleNoise(): void {
    if (this.#exploration) resampleExploration(this.#stream, this.#exploration);
  }

  /**
   * Actions for the present observations, their log π and V (empty where it does not judge), and what the network read of the
   * observations; overwritten by the next call. To be asked for once between two steps or resets: of stacked frames only the newest is read.
   */
  choose(): { actions: Tensor; logProbs: Tensor; values: Tensor; read: Tensor } {
    const { inputs } = this.#act;
    if (this.#frames) this.#frames.follow(inputs.observations.data);
    else inputs.observations.data.set(this.#env.observations);
    if (this.#env.actionMasks) inputs.masks.data.set(this.#env.actionMasks);
    return this.#act.run();
  }

  /** Takes one step in every environment. */
  step({ actions }: { readonly actions: { readonly data: ArrayLike<number> } }): void {
    toEnvActions(this.#env.actionSpace, actions.data, this.#envActions);
    this.#env.step(this.#envActions);
  }

  /**
   * V of N observations `[N, F]`, or Q of actions drawn there; overwritten by the next call.
   * @param masks `[N, M]` of these observations; left out, as for final ones, all actions may be drawn
   */
  valuesOf(observations: Float32Array, masks?: Uint8Array): ArrayLike<number> {
    const { inputs } = this.#value;
    inputs.observations.data.set(observations);
    if (masks) inputs.masks.data.set(masks);
    else inputs.masks.data.fill(1);
    return this.#value.run().data;
  }
}
