/** Policies that stay as they are, with what is exactly known about them. */
import { certain, type FiniteMdp } from "../../envs/finite-mdp.ts";
import {
  actionValues,
  evaluatePolicy,
  expectedValues,
  type PolicyTable,
  valueAtStart,
  valueIteration,
} from "../../estimators/index.ts";
import { exp } from "../../math/index.ts";

export interface FrozenPolicy {
  readonly mdp: FiniteMdp;
  readonly gamma: number;
  /** `[S, A]` */
  readonly table: PolicyTable;
  /** How many numbers the policy is made of: the length of its gradient. */
  readonly parameters: number;
  /** Adds weight · ∇ log π(action given state) to `out`. */
  readonly addScore: (out: Float64Array, state: number, action: number, weight: number) => void;
  /** `[S]` V and `[S, A]` Q of the policy, solved for. */
  readonly values: Float64Array;
  readonly q: Float64Array;
  /** J, the expected discounted return of an episode. */
  readonly objective: number;
  /** ∇J by the policy gradient theorem, Σ_s d(s) Σ_a ∇π(a given s) Q(s, a) (Sutton et al. 2000, theorem 1). */
  readonly gradient: Float64Array;
}

/** Softmax of one number for each state and action, greedy on the optimal values to the degree that `temperature` is low. */
export function softmaxPolicy(mdp: FiniteMdp, gamma: number, temperature: number): FrozenPolicy {
  const { q } = valueIteration(mdp, { gamma });
  const { states, actions } = mdp;
  const table = Float64Array.from(q, (value, i) => {
    const first = i - (i % actions);
    let sum = 0;
    for (let j = first; j < first + actions; j++) sum += exp((q[j]! - value) / temperature);
    return 1 / sum;
  });
  return frozen(mdp, gamma, table, states * actions, (out, state, action, weight) => {
    for (let b = 0, i = state * actions; b < actions; b++, i++)
      out[i]! += weight * ((b === action ? 1 : 0) - table[i]!);
  });
}

/** Stay for a reward of 1 with probability θ, or stop with 0; the policy's one parameter is θ itself. */
export function stayOrStop(theta: number): FrozenPolicy {
  const mdp: FiniteMdp = {
    states: 1,
    actions: 2,
    initial: [1],
    outcomes: (_state, action) => (action === 1 ? certain(0, 1) : certain(0, 0, true)),
  };
  const table = Float64Array.of(1 - theta, theta);
  return frozen(mdp, 1, table, 1, (out, _state, action, weight) => {
    out[0]! += weight * (action === 1 ? 1 / theta : -1 / (1 - theta));
  });
}

function frozen(
  mdp: FiniteMdp,
  gamma: number,
  table: PolicyTable,
  parameters: number,
  addScore: FrozenPolicy["addScore"],
): FrozenPolicy {
  const values = evaluatePolicy(mdp, table, { gamma });
  const q = actionValues(mdp, values, gamma);
  const visits = discountedVisits(mdp, table, gamma);
  const gradient = new Float64Array(parameters);
  for (let i = 0; i < q.length; i++) {
    const state = Math.floor(i / mdp.actions);
    addScore(gradient, state, i % mdp.actions, visits[state]! * table[i]! * q[i]!);
  }
  return { mdp, gamma, table, parameters, addScore, values, q, objective: valueAtStart(mdp, values), gradient };
}

/** d(s) = Σ_t γ^t P(s_t = s): what flows through the states from the first on, until nothing is left. */
function discountedVisits(mdp: FiniteMdp, table: PolicyTable, gamma: number): Float64Array {
  let flow: Float64Array = Float64Array.from(mdp.initial);
  const visits = Float64Array.from(flow);
  for (let left = 1; left > 1e-15; ) {
    const next = new Float64Array(mdp.states);
    for (let i = 0; i < table.length; i++) {
      const state = Math.floor(i / mdp.actions);
      for (const outcome of mdp.outcomes(state, i % mdp.actions)) {
        if (outcome.terminated) continue;
        next[outcome.state]! += gamma * flow[state]! * table[i]! * outcome.probability;
      }
    }
    for (let s = 0; s < visits.length; s++) visits[s]! += next[s]!;
    flow = next;
    left = flow.reduce((sum, share) => sum + share, 0);
  }
  return visits;
}

/** `[S]` a critic that has only begun to learn: so many rounds of expected backups from 0. */
export function youngCritic({ mdp, table, gamma }: FrozenPolicy, rounds: number): Float64Array {
  let values: Float64Array = new Float64Array(mdp.states);
  for (let i = 0; i < rounds; i++) values = expectedValues(actionValues(mdp, values, gamma), table, mdp.actions);
  return values;
}
