// How a kernel reads its instruction: arguments are float64, eight bytes apart.

// @ts-ignore: decorator
@inline
export function int(p: usize, i: usize): i32 { return <i32>load<f64>(p + (i << 3)); }

// @ts-ignore: decorator
@inline
export function size(p: usize, i: usize): usize { return <usize><u32>load<f64>(p + (i << 3)); }

// @ts-ignore: decorator
@inline
export function real(p: usize, i: usize): f64 { return load<f64>(p + (i << 3)); }
