import type { GradientStep } from "../algorithms/listener.ts";
import { noGrad, plan } from "../tensor/index.ts";

/** How far a step moved the policy in the states of its samples, in nats: means of KL(before ‖ after) and KL(after ‖ before). */
export interface Divergence {
  readonly forward: number;
  readonly backward: number;
}

/** Records both; `before` and `after` are called around the step. Undefined where it has no policy. */
export function measureDivergence(step: GradientStep): { before(): void; after(): Divergence } | undefined {
  const { policy, batch } = step;
  if (policy === undefined) return undefined;
  const then = plan({}, () => noGrad(policy));
  const both = plan({}, () =>
    noGrad(() => {
      const now = policy();
      return { forward: then.outputs.kl(now), backward: now.kl(then.outputs) };
    }),
  );
  const meanOf = (values: ArrayLike<number>) => {
    const count = step.count?.() ?? batch;
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[i]!;
    return sum / count;
  };
  return {
    before: () => void then.run(),
    after() {
      const { forward, backward } = both.run();
      return { forward: meanOf(forward.data), backward: meanOf(backward.data) };
    },
  };
}
