/** Exact dynamic programming on finite Markov decision processes, as pure functions of tables. */
export { actionValues, bestValues, expectedValues, residual, valueAtStart } from "./backups.ts";
export { finiteHorizon, type HorizonOptions, type HorizonValues } from "./finite-horizon.ts";
export { greedyActions, greedyPolicy, type PolicyTable, softened, uniformPolicy } from "./policies.ts";
export { evaluatePolicy } from "./policy-evaluation.ts";
export { improvePolicy, policyIteration } from "./policy-iteration.ts";
export { type Plan, type ValueIterationOptions, valueIteration } from "./value-iteration.ts";
