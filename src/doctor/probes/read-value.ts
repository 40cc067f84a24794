/** The value of an observation as a policy's critic has it, whatever the critic is. */

import type { PolicyNetwork } from "../../algorithms/actor-critic.ts";
import { QPolicy } from "../../algorithms/dqn/q-policy.ts";
import { ActorCriticPolicy, type Policy, TabularPolicy } from "../../algorithms/index.ts";
import { PredictionPolicy } from "../../algorithms/prediction/prediction-policy.ts";
import { DiscreteSoftActorCritic } from "../../algorithms/sac/discrete-soft-actor-critic.ts";
import { SoftActorCritic } from "../../algorithms/sac/soft-actor-critic.ts";
import { DeterministicPolicy } from "../../algorithms/td3/deterministic-policy.ts";
import { noGrad, ones, step, type Tensor, tensor } from "../../tensor/index.ts";
import { indexOf } from "./ladder.ts";

/** V(s), or Q(s, a) of the best action; undefined where the policy has no critic, or none that can be asked. */
export function readValue(policy: Policy, observation: number): number | undefined {
  if (policy instanceof TabularPolicy) return tableValue(policy, indexOf(observation));
  const found = step(() =>
    noGrad(() => {
      const values = valuesOf(policy, tensor([[observation]]));
      return values && Array.from(values.data, Number);
    }),
  );
  return found && Math.max(...found);
}

/** One number, or one of each action. */
function valuesOf(policy: Policy, observations: Tensor): Tensor | undefined {
  if (policy instanceof QPolicy) return policy.head.values(policy.network.outputs(observations));
  if (policy instanceof PredictionPolicy) {
    return policy.network.stateValues(observations, ones([1, policy.actionSpace.maskSize]), "uniform");
  }
  if (policy instanceof DeterministicPolicy) {
    return policy.network.critics.least(observations, policy.network.actions(observations));
  }
  if (!(policy instanceof ActorCriticPolicy)) return undefined;
  const network: object = policy.network;
  if (network instanceof DiscreteSoftActorCritic) return network.least(observations);
  if (network instanceof SoftActorCritic) {
    return network.critics.least(observations, network.actor.distribution(observations).mode());
  }
  const { values, judgesActions, policy: act } = policy.network as Partial<PolicyNetwork>;
  if (!values || !act || !Object.keys(policy.parameters()).some((name) => name.startsWith("value."))) return undefined;
  policy.reset();
  return values.call(network, observations, judgesActions ? act.call(network, observations).mode() : undefined);
}

function tableValue(policy: TabularPolicy, index: number): number | undefined {
  const { values, q, policy: probabilities } = policy.parameters();
  if (values) return Number(values.data[index]);
  if (!q) return undefined;
  const actions = q.shape[1]!;
  const row = Array.from({ length: actions }, (_, a) => index * actions + a);
  // Of a given policy what it is worth, of one that is looked for the best.
  if (!probabilities) return Math.max(...row.map((i) => Number(q.data[i])));
  return row.reduce((sum, i) => sum + Number(q.data[i]) * Number(probabilities.data[i]), 0);
}
