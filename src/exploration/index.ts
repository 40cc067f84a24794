/** How actions are chosen from their values, as pure functions of numbers: randomness is an argument. */
export { boltzmannProbabilities } from "./boltzmann.ts";
export { epsilonGreedy, epsilonGreedyProbabilities, exploringAction } from "./epsilon-greedy.ts";
export { argmax, maximum } from "./greedy.ts";
export { GreedyActions } from "./greedy-actions.ts";
export { selectAction } from "./select.ts";
