/**
 * The machine's view of a double, and exact powers of two. Everything in this room is made of `+ - * /`, comparisons,
 * `Math.floor`, `Math.abs`, `Math.sqrt` and these views, all of which IEEE 754 and ECMAScript define to the last bit.
 */

/** One double, seen as such; shares its memory with {@link words}. */
export const double = new Float64Array(1);

/** The same eight bytes as two 32-bit words; index them with {@link HIGH} and {@link LOW}. */
export const words = new Int32Array(double.buffer);

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Index in {@link words} of the half with sign, exponent and the leading 20 fraction bits. */
export const HIGH = littleEndian ? 1 : 0;

/** Index in {@link words} of the half with the trailing 32 fraction bits. */
export const LOW = 1 - HIGH;

/** `powerOfTwo[n + POWER_BIAS]` is 2^n exactly, for n = -1074 … 1023. */
export const POWER_BIAS = 1074;

/**
 * A table, because building 2^n in {@link words} and reading it back as a double makes the processor wait for the
 * store: 5 ns in functions that take 8.
 */
export const powerOfTwo = new Float64Array(1074 + 1024);
powerOfTwo[0] = 5e-324;
for (let i = 1; i < powerOfTwo.length; i++) powerOfTwo[i] = 2 * powerOfTwo[i - 1];
