import type { Algorithm } from "../algorithm.ts";
import { type DoubleQLearningConfig, doubleQLearning } from "./double-q-learning.ts";
import { type ExpectedSarsaConfig, expectedSarsa } from "./expected-sarsa.ts";
import { type McControlConfig, mcControl } from "./mc-control.ts";
import { type McPredictionConfig, mcPrediction } from "./mc-prediction.ts";
import { type NStepTdConfig, nStepTd } from "./n-step-td.ts";
import { type OffPolicyEvaluationConfig, offPolicyEvaluation } from "./off-policy-evaluation.ts";
import { type QLearningConfig, qLearning } from "./q-learning.ts";
import { type SarsaConfig, sarsa } from "./sarsa.ts";
import { type TdConfig, td } from "./td.ts";
import { type TdLambdaConfig, tdLambda } from "./td-lambda.ts";

/** The configurations of tabular methods. */
export interface TabularConfigs {
  "q-learning": QLearningConfig;
  "double-q-learning": DoubleQLearningConfig;
  sarsa: SarsaConfig;
  "expected-sarsa": ExpectedSarsaConfig;
  td: TdConfig;
  "n-step-td": NStepTdConfig;
  "td-lambda": TdLambdaConfig;
  "mc-prediction": McPredictionConfig;
  "mc-control": McControlConfig;
  "off-policy-evaluation": OffPolicyEvaluationConfig;
}

/** Methods that learn tables from samples, by name. */
export const tabularAlgorithms = {
  "q-learning": qLearning as unknown as Algorithm,
  "double-q-learning": doubleQLearning as unknown as Algorithm,
  sarsa: sarsa as unknown as Algorithm,
  "expected-sarsa": expectedSarsa as unknown as Algorithm,
  td: td as unknown as Algorithm,
  "n-step-td": nStepTd as unknown as Algorithm,
  "td-lambda": tdLambda as unknown as Algorithm,
  "mc-prediction": mcPrediction as unknown as Algorithm,
  "mc-control": mcControl as unknown as Algorithm,
  "off-policy-evaluation": offPolicyEvaluation as unknown as Algorithm,
} satisfies Record<keyof TabularConfigs, Algorithm>;
