// How a kernel reads its instruction: arguments are float64, eight bytes apart.

/** 1.5·2⁵²: in the sum with an integer, the low bits are the integer in two's complement. A conversion with its checks costs more. */
const MAGIC: f64 = 6755399441055744.0;

/** An integer between −2³¹ and 2³² − 1, modulo 2³². */
// @ts-ignore: decorator
@inline
export function int(p: usize, i: usize): i32 { return <i32>reinterpret<i64>(load<f64>(p + (i << 3)) + MAGIC); }

// @ts-ignore: decorator
@inline
export function size(p: usize, i: usize): usize { return <usize><u32>int(p, i); }

// @ts-ignore: decorator
@inline
export function real(p: usize, i: usize): f64 { return load<f64>(p + (i << 3)); }
