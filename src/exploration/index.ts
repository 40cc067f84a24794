/** How actions are chosen from their values, and what noise is added to them: randomness is an argument. */

export {
  type ActionNoise,
  type ActionNoiseState,
  GaussianNoise,
  OrnsteinUhlenbeckNoise,
  type OrnsteinUhlenbeckOptions,
} from "./action-noise.ts";
export { BestActions } from "./best-actions.ts";
export { boltzmannProbabilities } from "./boltzmann.ts";
export { epsilonGreedy, epsilonGreedyProbabilities, exploringAction } from "./epsilon-greedy.ts";
export { argmax, maximum } from "./greedy.ts";
export { selectAction } from "./select.ts";
