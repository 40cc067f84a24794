/**
 * TMaze-v0 as a question of memory alone: what is seen on the way from the sign to the junction, beside numbers that say nothing, and
 * which way was on the sign. An LSTM with open forget gates learns the answer by truncated backpropagation through time, with windows of
 * several lengths. Without the numbers the last layer could read the sign off a state that nothing has taught to keep it.
 */
import { makeEnv } from "../../envs/index.ts";
import { adam, Linear } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import { backward, crossEntropyLoss, plan, reshape } from "../../tensor/index.ts";
import { isBelow, isWithin, type Measured } from "../claims.ts";
import { intervalOf, meanOf } from "../interval.ts";
import type { Part } from "../lab.ts";
import { pointOf } from "../learning-curve.ts";
import { HIDDEN, openLstm, truncated } from "./reach-of-credit.ts";

const SEEN = 3;
/** Numbers beside it, drawn anew in each step. */
const NOISE = 3;
const INPUTS = SEEN + NOISE;
const WALKS = 32;
const UPDATES = 300;
/** Updates at the end whose loss counts. */
const LATE = 20;
const RIGHT = 1;

/**
 * @param truncate a test may give one that lets no gradient reach the sign
 * @param corridor steps from the sign to the junction: what is seen is one longer
 */
export function remembering(key: Key, repetitions: number, truncate = truncated, corridor = 20): Part {
  const [half, whole] = [(corridor + 2) >> 1, corridor + 1];
  const windows = [1, half >> 1, half, corridor, whole];
  const ways = bothWays(corridor);
  const losses = windows.map((window) =>
    Array.from({ length: repetitions }, (_, i) => learn(ways, window, key.split("memory", i), truncate)),
  );
  const of = (window: number): Measured => ({
    name: `loss with a window of ${window}`,
    values: losses[windows.indexOf(window)]!,
  });
  return {
    tables: [
      {
        title: `What was on the sign ${corridor} steps ago? Loss after ${UPDATES} updates (guessing: 0.693), by how far backpropagation goes back`,
        columns: ["loss"],
        rows: windows.map((window, w) => ({ name: `${window} steps`, cells: [intervalOf(losses[w]!)] })),
      },
    ],
    charts: [
      {
        kind: "line",
        text: {
          title: `TMaze-v0: the sign is ${corridor} steps back`,
          x: "steps that backpropagation goes back",
          y: `loss after ${UPDATES} updates`,
        },
        series: [{ name: "LSTM", points: windows.map((window, w) => pointOf(window, losses[w]!)) }],
      },
    ],
    claims: [
      isWithin("Backpropagation that reaches the sign learns what was on it", of(whole), 0, 0.1),
      isWithin("Where it reaches half as far the network guesses", of(half), 0.5, 1),
      isBelow("The last step to the sign makes a difference", of(whole), of(corridor)),
    ],
  };
}

/** What is seen on the way `[T, 3]`, by the turn that is right: 0 up, 1 down. */
function bothWays(corridor: number): Float64Array[] {
  const env = makeEnv("TMaze-v0", { corridorLength: corridor });
  const bySign = new Map<number, Float64Array>();
  for (let seed = 0; bySign.size < 2; seed++) {
    const seen = [env.reset({ seed }).observation as ArrayLike<number>];
    for (let t = 0; t < corridor; t++) seen.push(env.step(RIGHT).observation as ArrayLike<number>);
    // The sign is 0 1 1 for up and 1 1 0 for down.
    bySign.set(seen[0]![0]!, Float64Array.from(seen.flatMap((one) => Array.from(one))));
  }
  return [bySign.get(0)!, bySign.get(1)!];
}

/** The mean loss at last, of walks that were not seen before. */
function learn(ways: readonly Float64Array[], window: number, key: Key, truncate: typeof truncated): number {
  const lstm = openLstm(INPUTS, key.split("lstm"));
  const answer = new Linear({ inputs: HIDDEN, outputs: 2, key: key.split("answer"), dtype: "float64" });
  const parameters = { ...lstm.parameters(), answerWeight: answer.weight, answerBias: answer.bias! };
  const optimiser = adam(parameters, { learningRate: 0.02, maxGradNorm: 1 });
  const length = ways[0]!.length / SEEN;
  const specs = {
    walks: { shape: [WALKS, length, INPUTS], dtype: "float64" },
    labels: { shape: [WALKS], dtype: "int32" },
  } as const;
  const update = plan(specs, ({ walks, labels }) => {
    const logits = answer.forward(reshape(truncate(lstm, walks, window), [WALKS, HIDDEN]));
    const loss = crossEntropyLoss(logits, labels);
    optimiser.update(backward(loss));
    return loss;
  });
  const labels = Int32Array.from({ length: WALKS }, (_, n) => n % 2);
  update.inputs.labels.set(labels);
  const random = key.split("walks").stream();
  const walks = new Float64Array(WALKS * length * INPUTS);
  const losses = Array.from({ length: UPDATES }, () => {
    random.fillNormal(walks);
    labels.forEach((label, n) => {
      for (let t = 0; t < length; t++) {
        walks.set(ways[label]!.subarray(t * SEEN, (t + 1) * SEEN), (n * length + t) * INPUTS);
      }
    });
    update.inputs.walks.set(walks);
    return update.run().item();
  });
  return meanOf(losses.slice(-LATE));
}
