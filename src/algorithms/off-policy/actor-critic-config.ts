import { z } from "zod";
import { activationNames } from "../../nn/index.ts";
import * as field from "../config.ts";
import { hindsightFields, replayFields } from "./config.ts";

/**
 * What an actor and critics take that learn from a replay buffer.
 * @param hidden widths of the hidden layers
 */
export function actorCriticFields(hidden: number[], learningRate: number) {
  return {
    ...field.commonFields,
    ...replayFields,
    ...hindsightFields,
    hidden: z
      .array(z.int().positive())
      .default(hidden)
      .describe("Widths of the hidden layers of actor and critics; usual: [64, 64] to [400, 300]."),
    activation: field.oneOf(activationNames, "relu", "Nonlinearity after hidden layers."),
    learningRate: field.scheduled(learningRate, "Step size of Adam for all networks. Usual: 1e-4 to 1e-2."),
    tau: field.fraction(0.005, "Share of the way that target networks move at a time; 1 copies. Usual: 0.001 to 0.02."),
  };
}
