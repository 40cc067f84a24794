// The same work in TensorFlow.js (wasm backend, SIMD). Prints one flat JSON object of named figures.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { secondsPerCall } from "../../dist/cli/bench/measure.js";
import { gemmSizes, mlps, randomArray } from "./work.mjs";

// Both as CommonJS, so that they share one registry of gradients and kernels.
const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs");
const { setThreadsCount, setWasmPaths } = require("@tensorflow/tfjs-backend-wasm");
setWasmPaths(`${dirname(require.resolve("@tensorflow/tfjs-backend-wasm"))}/`);
setThreadsCount(1);
await tf.setBackend("wasm");
await tf.ready();
const figures = {};
const array = (shape, seed) =>
  tf.tensor(
    randomArray(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
    shape,
  );

for (const n of gemmSizes) {
  const a = array([n, n], 1);
  const b = array([n, n], 2);
  const seconds = secondsPerCall(() => tf.matMul(a, b).dispose());
  figures[`gemm${n}Gflops`] = (2 * n ** 3) / seconds / 1e9;
}

for (const { name, sizes, batch } of mlps) {
  const layers = sizes.slice(1).map((out, i) => ({
    w: tf.variable(array([sizes[i], out], 3 + i)),
    b: tf.variable(tf.zeros([out])),
  }));
  const x = array([batch, sizes[0]], 7);
  const y = array([batch, sizes.at(-1)], 8);
  const optimizer = tf.train.adam(1e-3);
  const loss = () => {
    let h = x;
    layers.forEach(({ w, b }, i) => {
      h = tf.add(tf.matMul(h, w), b);
      if (i < layers.length - 1) h = tf.tanh(h);
    });
    return tf.mean(tf.square(tf.sub(h, y)));
  };
  const seconds = secondsPerCall(() => tf.tidy(() => void optimizer.minimize(loss)));
  figures[`${name}Microseconds`] = seconds * 1e6;
}
console.log(JSON.stringify(figures));
