// Changes of type.

import { join, lowHalf, highHalf } from "./mathematics";
import { size } from "./row";

/** Op.FromInt: x (int32), out, n */
export function fromInt<T>(p: usize): void {
  let x = size(p, 0), out = size(p, 1), n = size(p, 2);
  for (; n >= 4; n -= 4) {
    const v = v128.load(x);
    if (sizeof<T>() == 4) v128.store(out, f32x4.convert_i32x4_s(v));
    else {
      v128.store(out, f64x2.convert_low_i32x4_s(v));
      v128.store(out, f64x2.convert_low_i32x4_s(v128.shuffle<i32>(v, v, 2, 3, 2, 3)), 16);
    }
    x += 16;
    out += 4 * sizeof<T>();
  }
  for (; n; n--) { store<T>(out, <T>load<i32>(x)); x += 4; out += sizeof<T>(); }
}

/** Op.FromBytes: x (uint8), out, n */
export function fromBytes<T>(p: usize): void {
  let x = size(p, 0), out = size(p, 1), n = size(p, 2);
  if (sizeof<T>() == 4) {
    for (; n >= 8; n -= 8) {
      const v = v128.load_ext<u8>(x);
      v128.store(out, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(v)));
      v128.store(out, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(v)), 16);
      x += 8;
      out += 32;
    }
  }
  for (; n; n--) { store<T>(out, <T>load<u8>(x)); x++; out += sizeof<T>(); }
}

/** Op.Convert: x, out, n; T is the type of out */
export function convert<T>(p: usize): void {
  let x = size(p, 0), out = size(p, 1), n = size(p, 2);
  if (sizeof<T>() == 4) {
    for (; n >= 4; n -= 4) { v128.store(out, join(v128.load(x), v128.load(x, 16))); x += 32; out += 16; }
    for (; n; n--) { store<f32>(out, <f32>load<f64>(x)); x += 8; out += 4; }
  } else {
    for (; n >= 4; n -= 4) {
      const v = v128.load(x);
      v128.store(out, lowHalf(v));
      v128.store(out, highHalf(v), 16);
      x += 16;
      out += 32;
    }
    for (; n; n--) { store<f64>(out, <f64>load<f32>(x)); x += 4; out += 8; }
  }
}
