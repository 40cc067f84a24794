// The unfolding that turns a convolution into a matrix product: weight [O, c·kh·kw] · columns [c·kh·kw, oh·ow] = out [O, oh·ow].
// Arguments: image, columns (or the reverse), n, c, h, w, kh, kw, strideH, strideW, padH, padW, oh, ow.

import { addRun, copyRun, fillWith } from "./strided";
import { zero } from "./lanes";
import { int, size } from "./row";

/** Of the outputs 0 … count − 1, how many have their input, at output·stride + offset, before position `end`. */
// @ts-ignore: decorator
@inline
function countBefore(end: i32, offset: i32, stride: i32, count: i32): i32 {
  const room = end - offset;
  return room <= 0 ? 0 : min<i32>(count, (room + stride - 1) / stride);
}

/** Op.Im2Col */
export function im2Col<T>(p: usize): void {
  const S = sizeof<T>();
  const planes = int(p, 2) * int(p, 3), h = int(p, 4), w = int(p, 5), kh = int(p, 6), kw = int(p, 7);
  const strideH = int(p, 8), strideW = int(p, 9), padH = int(p, 10), padW = int(p, 11), oh = int(p, 12), ow = int(p, 13);
  let x = size(p, 0), out = size(p, 1);
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < kh; i++) {
      for (let j = 0; j < kw; j++) {
        const offset = j - padW, first = countBefore(0, offset, strideW, ow), last = countBefore(w, offset, strideW, ow);
        for (let oy = 0; oy < oh; oy++) {
          const y = oy * strideH + i - padH;
          if (y < 0 || y >= h) fillWith<T>(out, ow, zero());
          else {
            const from = x + <usize>(y * w + first * strideW + offset) * S;
            if (first > 0) fillWith<T>(out, first, zero());
            if (strideW == 1) copyRun<T>(from, out + <usize>first * S, last - first);
            else gather<T>(from, strideW, out + <usize>first * S, last - first);
            if (last < ow) fillWith<T>(out + <usize>last * S, ow - last, zero());
          }
          out += <usize>ow * S;
        }
      }
    }
    x += <usize>(h * w) * S;
  }
}

function gather<T>(x: usize, stride: i32, out: usize, n: i32): void {
  const step = <usize>stride * sizeof<T>();
  for (; n > 0; n--) { store<T>(out, load<T>(x)); x += step; out += sizeof<T>(); }
}

/** Op.Col2Im: each element of the image sums its places in the columns, in the order of i, then j. */
export function col2Im<T>(p: usize): void {
  const S = sizeof<T>();
  const planes = int(p, 2) * int(p, 3), h = int(p, 4), w = int(p, 5), kh = int(p, 6), kw = int(p, 7);
  const strideH = int(p, 8), strideW = int(p, 9), padH = int(p, 10), padW = int(p, 11), oh = int(p, 12), ow = int(p, 13);
  let columns = size(p, 0), dx = size(p, 1);
  fillWith<T>(dx, <usize>(planes * h * w), zero());
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < kh; i++) {
      for (let j = 0; j < kw; j++) {
        const offset = j - padW, first = countBefore(0, offset, strideW, ow), last = countBefore(w, offset, strideW, ow);
        for (let oy = 0; oy < oh; oy++) {
          const y = oy * strideH + i - padH;
          if (y >= 0 && y < h) {
            const to = dx + <usize>(y * w + first * strideW + offset) * S;
            if (strideW == 1) addRun<T>(columns + <usize>first * S, to, last - first);
            else scatter<T>(columns + <usize>first * S, to, strideW, last - first);
          }
          columns += <usize>ow * S;
        }
      }
    }
    dx += <usize>(h * w) * S;
  }
}

function scatter<T>(x: usize, out: usize, stride: i32, n: i32): void {
  const step = <usize>stride * sizeof<T>();
  for (; n > 0; n--) { store<T>(out, load<T>(out) + load<T>(x)); x += sizeof<T>(); out += step; }
}
