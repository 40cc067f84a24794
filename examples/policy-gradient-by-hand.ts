/**
 * REINFORCE with nothing but tensors. A walker on a chain of five places steps left or right, eight times; each step that
 * ends in the last place is worth 1, so the best return is 5. Run: `node examples/policy-gradient-by-hand.ts`.
 */
import { Key } from "limpid/random";
import { backward, embedding, logSoftmax, mean, mul, neg, parameter, pick, plan, softmax } from "limpid/tensor";

const [PLACES, STEPS, WALKERS, LEARNING_RATE] = [5, 8, 32, 4];
const random = Key.fromSeed(1).stream();

// The whole policy: how much it prefers left and right, in each place.
const preferences = parameter(new Float32Array(PLACES * 2), [PLACES, 2]);

// Both steps are recorded once; `run()` replays them with whatever the inputs and parameters hold by then.
const act = plan({}, () => softmax(preferences));
const samples = { shape: [WALKERS * STEPS], dtype: "int32" } as const;
const learn = plan({ places: samples, actions: samples, advantages: { shape: samples.shape } }, (batch) => {
  const logProbs = pick(logSoftmax(embedding(preferences, batch.places)), batch.actions);
  const loss = neg(mean(mul(logProbs, batch.advantages))); // its gradient is the policy gradient (Williams 1992)
  return { loss, gradient: backward(loss).of(preferences) };
});

for (let update = 0; update <= 60; update++) {
  const probabilities = act.run().toArray();
  const returns = new Float32Array(WALKERS * STEPS); // `[walker, step]`: the rewards from this step on
  for (let walker = 0; walker < WALKERS; walker++) {
    let place = 0;
    for (let step = 0; step < STEPS; step++) {
      const at = walker * STEPS + step;
      const action = random.categorical(probabilities, place * 2, 2);
      learn.inputs.places.data[at] = place;
      learn.inputs.actions.data[at] = action;
      place = Math.min(PLACES - 1, Math.max(0, place + (action === 1 ? 1 : -1)));
      const reward = place === PLACES - 1 ? 1 : 0;
      for (let earlier = 0; earlier <= step; earlier++) returns[walker * STEPS + earlier] += reward;
    }
  }

  // What is usual at this time step is no merit of the action: subtracting it leaves the gradient's mean as it is.
  const baseline = new Float32Array(STEPS);
  returns.forEach((value, at) => {
    baseline[at % STEPS] += value / WALKERS;
  });
  learn.inputs.advantages.set(returns.map((value, at) => value - baseline[at % STEPS]));

  const gradient = learn.run().gradient.toArray();
  preferences.set(preferences.data.map((value, i) => value - LEARNING_RATE * gradient[i]));
  if (update % 10 === 0) {
    const right = Array.from({ length: PLACES }, (_, place) => probabilities[place * 2 + 1].toFixed(2));
    console.log(`update ${String(update).padStart(2)}: return ${baseline[0].toFixed(2)}, P(right) ${right.join(" ")}`);
  }
}
