import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomNetwork } from "../../test/support/random-networks.ts";
import { ConfigError, ShapeError } from "../errors.ts";
import { Op } from "../kernels/index.ts";
import { Key } from "../random/index.ts";
import {
  add,
  affine,
  backward,
  compile,
  full,
  linear,
  mean,
  mul,
  parameter,
  persistent,
  plan,
  randomStream,
  randomUniform,
  square,
  step,
  sum,
  type Tensor,
  tensor,
} from "./index.ts";
import { emit } from "./program.ts";

/** p −= rate·g in place, as an instruction. */
function descend(p: Tensor, gradient: Tensor, rate: number): void {
  const change = affine(gradient, -rate, 0);
  emit(Op.AddTo, p.dtype === "float64", change.pointer, p.pointer, 1, p.size, 1, 1);
}

const values = (t: Tensor) => [...t.toArray()];

describe("plan", () => {
  it("computes nothing while it is recorded, and the same as eager code when it runs", () => {
    const w = parameter([2, 0, 0, 3], [2, 2]);
    const made = plan({ x: { shape: [1, 2] } }, ({ x }) => {
      const y = linear(x, w);
      descend(w, y.view([2, 1]), 0);
      return { y, gradient: backward(sum(square(y))).of(w) };
    });
    expect(made.length).toBeGreaterThan(4);
    made.inputs.x.set([1, 1]);
    expect(values(made.run().y)).toEqual([2, 3]);
    w.set([1, 0, 0, 1]);
    made.inputs.x.set([5, 7]);
    expect(values(made.run().y)).toEqual([5, 7]);
    expect(values(made.outputs.gradient)).toEqual([50, 70, 70, 98]);
  });

  it("keeps constants that were made from numbers while it was recorded", () => {
    const made = plan({ x: { shape: [2] } }, ({ x }) => add(mul(x, tensor([2, 3])), full([2], 0.5)));
    step(() => full([4096], 1));
    made.inputs.x.set([1, 1]);
    expect(values(made.run())).toEqual([2.5, 3.5]);
    expect(values(made.run())).toEqual([2.5, 3.5]);
  });

  it("takes a step inside as a part of itself", () => {
    const made = plan({ x: { shape: [2] } }, ({ x }) =>
      step(() =>
        affine(
          step(() => square(x)),
          1,
          1,
        ),
      ),
    );
    made.inputs.x.set([2, 3]);
    step(() => full([4096], 1));
    expect(values(made.run())).toEqual([5, 10]);
  });

  it("draws new random numbers on each run", () => {
    const stream = randomStream(Key.fromSeed(1));
    const made = plan({}, () => randomUniform(stream, [4]));
    expect(values(made.run())).not.toEqual(values(made.run()));
  });

  it("refuses memory that a step around it takes back", () => {
    step(() => {
      const passing = tensor([1, 2]);
      expect(() => plan({}, () => square(passing))).toThrow(ShapeError);
      expect(() => plan({}, () => square(passing))).toThrow(/a plan cannot use this tensor of shape \[2\]: its memory/);
      expect(() => plan({}, () => square(passing.view([2, 1])))).toThrow(/make it an input of the plan/);
      // Afterwards everything works as before.
      expect(values(square(passing))).toEqual([1, 4]);
    });
  });

  it("may read what another plan computes", () => {
    const first = plan({ x: { shape: [2] } }, ({ x }) => square(x));
    const second = plan({}, () => affine(first.outputs, 10, 0));
    expect(second.references).toBe(1);
    first.inputs.x.set([1, 2]);
    first.run();
    expect(values(second.run())).toEqual([10, 40]);
  });

  it("refuses to be read, recorded or run while another one is recorded", () => {
    const inner = plan({ x: { shape: [1] } }, ({ x }) => square(x));
    expect(() => plan({}, () => full([1], 3).item())).toThrow(/values cannot be read while a plan is recorded/);
    expect(() => plan({}, () => full([1], 3).toArray())).toThrow(ShapeError);
    expect(() => plan({ x: { shape: [1] } }, ({ x }) => x.item())).toThrow(/no input is written/);
    expect(() => plan({ x: { shape: [2] } }, ({ x }) => x.view([2, 1]).toArray())).toThrow(/no input is written/);
    expect(
      plan({}, () => full([1], inner.inputs.x.set([7]).item()))
        .run()
        .item(),
    ).toBe(7);
    expect(() => plan({}, () => inner.run())).toThrow(ConfigError);
    expect(() => plan({}, () => inner.run())).toThrow(/cannot run while another one is recorded/);
    expect(() => plan({}, () => plan({}, () => full([1], 1)))).toThrow(/cannot be recorded inside another plan/);
    const caught = plan({ x: { shape: [1] } }, ({ x }) => {
      expect(() => plan({}, () => full([1], 1))).toThrow(ConfigError);
      return affine(x, 2, 0);
    });
    caught.inputs.x.set([4]);
    expect(values(caught.run())).toEqual([8]);
  });
});

describe("compile", () => {
  it("records anew for new shapes and dtypes, and only then", () => {
    let recorded = 0;
    const total = compile(({ x }: { x: Tensor }) => {
      recorded++;
      return sum(x);
    });
    expect(total({ x: tensor([1, 2, 3]) }).item()).toBe(6);
    expect(total({ x: tensor([1, 2, 4]) }).item()).toBe(7);
    expect(total({ x: { data: [1, 2], shape: [2] } }).item()).toBe(3);
    expect(total({ x: tensor([1, 2], [2], "float64") }).dtype).toBe("float64");
    expect(recorded).toBe(3);
  });

  it("reads its arguments inside a step", () => {
    const double = compile(({ x }: { x: Tensor }) => affine(x, 2, 0));
    const result = step(() => double({ x: affine(tensor([1, 2]), 1, 1) }));
    expect(values(result)).toEqual([4, 6]);
  });

  it("learns with the same bits as eager code", () => {
    const property = fc.property(fc.gen(), (g) => {
      const { parameters, losses, data } = randomNetwork(g, "float32");
      const start = parameters.map((p) => p.toArray());
      const update = (rows: (t: Tensor) => Tensor) => {
        const loss = mean(losses(rows));
        const gradients = backward(loss);
        for (const p of parameters) descend(p, gradients.of(p), 0.05);
        return loss;
      };
      const learn = (iterate: () => Tensor) => {
        parameters.forEach((p, i) => {
          p.set(start[i]!);
        });
        const history = Array.from({ length: 4 }, () => iterate().item());
        return { history, parameters: parameters.map((p) => p.toArray()) };
      };
      const eager = learn(() => step(() => update((t) => t)));
      const compiled = compile((inputs: { x: Tensor; index: Tensor }) =>
        update((t) => (t === data.x ? inputs.x : inputs.index)),
      );
      expect(learn(() => compiled(data))).toEqual(eager);
      expect(parameters.some((p, i) => p.toArray().some((v, k) => v !== start[i]![k]))).toBe(true);
    });
    fc.assert(property, { seed: 3, numRuns: 100, includeErrorInReport: true });
  });

  it("keeps persistent tensors of the function's own", () => {
    const count = persistent([1], "float32");
    const tick = compile(({ by }: { by: Tensor }) => {
      emit(Op.AddTo, false, by.pointer, count.pointer, 1, 1, 1, 1);
      return affine(count, 1, 0);
    });
    const by = tensor([2]);
    expect([tick({ by }), tick({ by }), tick({ by })].at(-1)!.item()).toBe(6);
  });
});
