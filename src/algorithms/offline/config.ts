import { activationNames } from "../../nn/index.ts";
import * as field from "../config.ts";

const { algorithm, env, seed, gamma } = field.commonFields;

/** What everything takes that learns from a dataset. The environment is there to evaluate in: it is never stepped. */
export const offlineFields = {
  algorithm,
  env,
  seed,
  gamma,
  dataset: field.dataset(
    "File of recorded transitions (limpid record); train(config, { dataset }) gives what is in it.",
  ),
  steps: field.count(100_000, "Gradient steps to train for; no environment is stepped."),
  hidden: field.networkFields.hidden,
  activation: field.oneOf(activationNames, "relu", "Nonlinearity after hidden layers."),
  batchSize: field.count(64, "Transitions per gradient step. Usual: 32 to 512."),
};
