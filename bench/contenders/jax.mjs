// The same work in jax-js (wasm, jitted). Prints one flat JSON object of named figures.
import { defaultDevice, init, jit, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { secondsPerCall } from "../../dist/cli/bench/measure.js";
import { gemmSizes, mlps, randomArray } from "./work.mjs";

await init("wasm");
defaultDevice("wasm");
const figures = {};
const array = (shape, seed) =>
  np
    .array(
      randomArray(
        shape.reduce((a, b) => a * b, 1),
        seed,
      ),
    )
    .reshape(shape);

for (const n of gemmSizes) {
  const a = array([n, n], 1);
  const b = array([n, n], 2);
  const product = jit((x, y) => np.matmul(x, y));
  const seconds = secondsPerCall(() => product(a.ref, b.ref).dataSync());
  figures[`gemm${n}Gflops`] = (2 * n ** 3) / seconds / 1e9;
}

for (const { name, sizes, batch } of mlps) {
  const layers = sizes.slice(1).map((out, i) => ({ w: array([sizes[i], out], 3 + i), b: np.zeros([out]) }));
  const zerosLike = () => layers.map(({ w, b }) => ({ w: np.zeros(w.shape), b: np.zeros(b.shape) }));
  const loss = (params, x, y) => {
    let h = x;
    params.forEach(({ w, b }, i) => {
      h = np.matmul(h, w).add(b);
      if (i < params.length - 1) h = np.tanh(h);
    });
    return np.square(h.sub(y)).mean();
  };
  const adam = jit((params, m, v, rate, x, y) => {
    const [value, grads] = valueAndGrad(loss)(tree.ref(params), x, y);
    const m1 = tree.map((a, g) => a.mul(0.9).add(g.mul(0.1)), m, tree.ref(grads));
    const v1 = tree.map((a, g) => a.mul(0.999).add(np.square(g).mul(0.001)), v, grads);
    const next = tree.map(
      (p, a, b) => p.sub(rate.ref.mul(a.div(np.sqrt(b).add(1e-8)))),
      params,
      tree.ref(m1),
      tree.ref(v1),
    );
    rate.dispose();
    return [next, m1, v1, value];
  });
  let state = [layers, zerosLike(), zerosLike()];
  const x = array([batch, sizes[0]], 7);
  const y = array([batch, sizes.at(-1)], 8);
  let t = 0;
  const seconds = secondsPerCall(() => {
    t++;
    const rate = np.array((1e-3 * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t));
    const [params, m, v, value] = adam(...state, rate, x.ref, y.ref);
    value.dataSync();
    state = [params, m, v];
  });
  figures[`${name}Microseconds`] = seconds * 1e6;
}
console.log(JSON.stringify(figures));
