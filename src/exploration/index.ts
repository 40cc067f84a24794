/** How actions are chosen from their values, as pure functions of numbers: randomness is an argument. */

export { BestActions } from "./best-actions.ts";
export { boltzmannProbabilities } from "./boltzmann.ts";
export { epsilonGreedy, epsilonGreedyProbabilities, exploringAction } from "./epsilon-greedy.ts";
export { argmax, maximum } from "./greedy.ts";
export { selectAction } from "./select.ts";
