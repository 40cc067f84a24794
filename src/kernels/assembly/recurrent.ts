// The pointwise parts of recurrent cells (PyTorch's gate orders); the matrix products are the caller's.
// LSTM: Hochreiter and Schmidhuber 1997, with forget gate; GRU: Cho et al. 2014, the reset gate after the product.

import { add, get, mul, one, put, ragged, sub, wholeBytes, zero } from "./lanes";
import { sigmoid, tanh } from "./mathematics";
import { size } from "./row";

/** y·(1 − y) */
// @ts-ignore: decorator
@inline
function sigmoidSlope<T>(y: v128): v128 { return mul<T>(y, sub<T>(one<T>(), y)); }
/** 1 − y² */
// @ts-ignore: decorator
@inline
function tanhSlope<T>(y: v128): v128 { return sub<T>(one<T>(), mul<T>(y, y)); }

/** Op.LstmCell: gates, c0, act, h1, c1, tanhC1, n, h */
export function lstmCell<T>(p: usize): void {
  let gates = size(p, 0), c0 = size(p, 1), act = size(p, 2), h1 = size(p, 3), c1 = size(p, 4), tanhC1 = size(p, 5);
  const h = size(p, 7), row = h * sizeof<T>(), whole = wholeBytes<T>(h), rest = ragged<T>(h);
  for (let n = size(p, 6); n; n--) {
    let i: usize = 0;
    for (; i < whole; i += 16) lstmLanes<T>(gates + i, c0 + i, act + i, h1 + i, c1 + i, tanhC1 + i, row, 0);
    if (rest) lstmLanes<T>(gates + i, c0 + i, act + i, h1 + i, c1 + i, tanhC1 + i, row, rest);
    gates += 4 * row; act += 4 * row;
    c0 += row; h1 += row; c1 += row; tanhC1 += row;
  }
}

function lstmLanes<T>(gates: usize, c0: usize, act: usize, h1: usize, c1: usize, tanhC1: usize, row: usize, r: usize): void {
  const input = sigmoid<T>(get<T>(gates, r)), forget = sigmoid<T>(get<T>(gates + row, r));
  const cell = tanh<T>(get<T>(gates + 2 * row, r)), output = sigmoid<T>(get<T>(gates + 3 * row, r));
  const c = add<T>(mul<T>(forget, get<T>(c0, r)), mul<T>(input, cell));
  const t = tanh<T>(c);
  put<T>(act, r, input);
  put<T>(act + row, r, forget);
  put<T>(act + 2 * row, r, cell);
  put<T>(act + 3 * row, r, output);
  put<T>(c1, r, c);
  put<T>(tanhC1, r, t);
  put<T>(h1, r, mul<T>(output, t));
}

/** Op.LstmCellGrad: dh1, dc1, act, c0, tanhC1, dgates, dc0, n, h */
export function lstmCellGrad<T>(p: usize): void {
  let dh1 = size(p, 0), dc1 = size(p, 1), act = size(p, 2), c0 = size(p, 3), tanhC1 = size(p, 4), dgates = size(p, 5), dc0 = size(p, 6);
  const h = size(p, 8), row = h * sizeof<T>(), whole = wholeBytes<T>(h), rest = ragged<T>(h);
  for (let n = size(p, 7); n; n--) {
    let i: usize = 0;
    for (; i < whole; i += 16) lstmGradLanes<T>(dh1 ? dh1 + i : 0, dc1 ? dc1 + i : 0, act + i, c0 + i, tanhC1 + i, dgates + i, dc0 + i, row, 0);
    if (rest) lstmGradLanes<T>(dh1 ? dh1 + i : 0, dc1 ? dc1 + i : 0, act + i, c0 + i, tanhC1 + i, dgates + i, dc0 + i, row, rest);
    act += 4 * row; dgates += 4 * row;
    c0 += row; tanhC1 += row; dc0 += row;
    if (dh1) dh1 += row;
    if (dc1) dc1 += row;
  }
}

function lstmGradLanes<T>(dh1: usize, dc1: usize, act: usize, c0: usize, tanhC1: usize, dgates: usize, dc0: usize, row: usize, r: usize): void {
  const input = get<T>(act, r), forget = get<T>(act + row, r), cell = get<T>(act + 2 * row, r), output = get<T>(act + 3 * row, r);
  const t = get<T>(tanhC1, r), dh = dh1 ? get<T>(dh1, r) : zero();
  let dc = mul<T>(mul<T>(dh, output), tanhSlope<T>(t));
  if (dc1) dc = add<T>(dc, get<T>(dc1, r));
  put<T>(dgates, r, mul<T>(mul<T>(dc, cell), sigmoidSlope<T>(input)));
  put<T>(dgates + row, r, mul<T>(mul<T>(dc, get<T>(c0, r)), sigmoidSlope<T>(forget)));
  put<T>(dgates + 2 * row, r, mul<T>(mul<T>(dc, input), tanhSlope<T>(cell)));
  put<T>(dgates + 3 * row, r, mul<T>(mul<T>(dh, t), sigmoidSlope<T>(output)));
  put<T>(dc0, r, mul<T>(dc, forget));
}

/** Op.GruCell: gi, gh, h0, act, h1, n, h */
export function gruCell<T>(p: usize): void {
  let gi = size(p, 0), gh = size(p, 1), h0 = size(p, 2), act = size(p, 3), h1 = size(p, 4);
  const h = size(p, 6), row = h * sizeof<T>(), whole = wholeBytes<T>(h), rest = ragged<T>(h);
  for (let n = size(p, 5); n; n--) {
    let i: usize = 0;
    for (; i < whole; i += 16) gruLanes<T>(gi + i, gh + i, h0 + i, act + i, h1 + i, row, 0);
    if (rest) gruLanes<T>(gi + i, gh + i, h0 + i, act + i, h1 + i, row, rest);
    gi += 3 * row; gh += 3 * row; act += 3 * row;
    h0 += row; h1 += row;
  }
}

function gruLanes<T>(gi: usize, gh: usize, h0: usize, act: usize, h1: usize, row: usize, r: usize): void {
  const reset = sigmoid<T>(add<T>(get<T>(gi, r), get<T>(gh, r)));
  const update = sigmoid<T>(add<T>(get<T>(gi + row, r), get<T>(gh + row, r)));
  const fresh = tanh<T>(add<T>(get<T>(gi + 2 * row, r), mul<T>(reset, get<T>(gh + 2 * row, r))));
  put<T>(act, r, reset);
  put<T>(act + row, r, update);
  put<T>(act + 2 * row, r, fresh);
  put<T>(h1, r, add<T>(mul<T>(sub<T>(one<T>(), update), fresh), mul<T>(update, get<T>(h0, r))));
}

/** Op.GruCellGrad: dh1, act, gh, h0, dgi, dgh, dh0, n, h. dh0 is the part that does not go through the gates. */
export function gruCellGrad<T>(p: usize): void {
  let dh1 = size(p, 0), act = size(p, 1), gh = size(p, 2), h0 = size(p, 3), dgi = size(p, 4), dgh = size(p, 5), dh0 = size(p, 6);
  const h = size(p, 8), row = h * sizeof<T>(), whole = wholeBytes<T>(h), rest = ragged<T>(h);
  for (let n = size(p, 7); n; n--) {
    let i: usize = 0;
    for (; i < whole; i += 16) gruGradLanes<T>(dh1 + i, act + i, gh + i, h0 + i, dgi + i, dgh + i, dh0 + i, row, 0);
    if (rest) gruGradLanes<T>(dh1 + i, act + i, gh + i, h0 + i, dgi + i, dgh + i, dh0 + i, row, rest);
    act += 3 * row; gh += 3 * row; dgi += 3 * row; dgh += 3 * row;
    dh1 += row; h0 += row; dh0 += row;
  }
}

function gruGradLanes<T>(dh1: usize, act: usize, gh: usize, h0: usize, dgi: usize, dgh: usize, dh0: usize, row: usize, r: usize): void {
  const reset = get<T>(act, r), update = get<T>(act + row, r), fresh = get<T>(act + 2 * row, r), dh = get<T>(dh1, r);
  const dFresh = mul<T>(mul<T>(dh, sub<T>(one<T>(), update)), tanhSlope<T>(fresh));
  const dUpdate = mul<T>(mul<T>(dh, sub<T>(get<T>(h0, r), fresh)), sigmoidSlope<T>(update));
  const dReset = mul<T>(mul<T>(dFresh, get<T>(gh + 2 * row, r)), sigmoidSlope<T>(reset));
  put<T>(dgi, r, dReset);
  put<T>(dgh, r, dReset);
  put<T>(dgi + row, r, dUpdate);
  put<T>(dgh + row, r, dUpdate);
  put<T>(dgi + 2 * row, r, dFresh);
  put<T>(dgh + 2 * row, r, mul<T>(dFresh, reset));
  put<T>(dh0, r, mul<T>(dh, update));
}
