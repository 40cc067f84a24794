// Smaller images: every pixel is shared out among the four points of a coarser grid that are around it.

import { int, size } from "./row";

/** Op.Pool: x [images, rows · side, columns · side], out [images, rows + 1, columns + 1], images, rows, columns, side, adjoint */
export function pool<T>(p: usize): void {
  const S = sizeof<T>();
  const images = size(p, 2), rows = size(p, 3), columns = size(p, 4), side = size(p, 5);
  const isAdjoint = int(p, 6) != 0;
  // Pixels, and points of the grid: the latter are written, or read by the adjoint.
  let x = size(p, isAdjoint ? 1 : 0), point = size(p, isAdjoint ? 0 : 1);
  const row = columns * side * S, pointRow = (columns + 1) * S;
  if (!isAdjoint) memory.fill(point, 0, images * (rows + 1) * pointRow);
  for (let image: usize = 0; image < images; image++) {
    for (let r: usize = 0; r < rows; r++) {
      for (let i: usize = 0; i < side; i++) {
        const below = shareAt<T>(i, side);
        if (isAdjoint) gather<T>(x, point, pointRow, columns, side, <T>1 - below, below);
        else if (!isZero(x, row)) spread<T>(x, point, pointRow, columns, side, <T>1 - below, below);
        x += row;
      }
      point += pointRow;
    }
    point += pointRow;
  }
}

/** What the next point gets of a pixel, the i-th of `side` behind a point. */
// @ts-ignore: decorator
@inline
function shareAt<T>(i: usize, side: usize): T { return <T>((<f64>i + 0.5) / <f64>side); }

/** Shares a row of pixels out: `above` of each to the points of this row, `below` to those of the next. */
function spread<T>(x: usize, point: usize, pointRow: usize, columns: usize, side: usize, above: T, below: T): void {
  const S = sizeof<T>();
  for (; columns; columns--) {
    for (let j: usize = 0; j < side; j++) {
      const value = load<T>(x);
      x += S;
      if (value == 0) continue;
      const right = shareAt<T>(j, side), left = <T>1 - right;
      const up = above * value, down = below * value;
      store<T>(point, load<T>(point) + left * up);
      store<T>(point + S, load<T>(point + S) + right * up);
      store<T>(point + pointRow, load<T>(point + pointRow) + left * down);
      store<T>(point + pointRow + S, load<T>(point + pointRow + S) + right * down);
    }
    point += S;
  }
}

/** The other way: each pixel of a row is what the points around it have, by the same shares. */
function gather<T>(x: usize, point: usize, pointRow: usize, columns: usize, side: usize, above: T, below: T): void {
  const S = sizeof<T>();
  for (; columns; columns--) {
    const left = above * load<T>(point) + below * load<T>(point + pointRow);
    const right = above * load<T>(point + S) + below * load<T>(point + pointRow + S);
    for (let j: usize = 0; j < side; j++) {
      const share = shareAt<T>(j, side);
      store<T>(x, (<T>1 - share) * left + share * right);
      x += S;
    }
    point += S;
  }
}

/** Whether n bytes, a multiple of 4, are 0. */
function isZero(at: usize, n: usize): bool {
  const vectors = at + (n & ~15);
  for (; at != vectors; at += 16) if (v128.any_true(v128.load(at))) return false;
  for (let rest = n & 15; rest; rest -= 4) {
    if (load<u32>(at) != 0) return false;
    at += 4;
  }
  return true;
}
