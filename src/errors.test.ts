import { describe, expect, it } from "vitest";
import { ConfigError, LimpidError, show } from "./errors.ts";

describe("an error", () => {
  it("is one sentence that names field, value, what is allowed, and what to do", () => {
    const error = new ConfigError({ field: "steps", value: "-5", allowed: "a positive integer", fix: "Try 1000." });
    expect(error.message).toBe('steps must be a positive integer; got "-5". Try 1000.');
    expect(error).toMatchObject({ name: "ConfigError", field: "steps", value: "-5", exitCode: 2 });
    expect(error).toBeInstanceOf(LimpidError);
    expect(new LimpidError("so it is").message).toBe("so it is");
  });
});

describe("show", () => {
  const circle: unknown[] = [];
  circle.push(circle);
  let deep: unknown[] = [];
  for (let i = 0; i < 200_000; i++) deep = [deep];

  it.each([
    ["a number", 0.5, "0.5"],
    ["NaN", Number.NaN, "NaN"],
    ["minus zero", -0, "0"],
    ["a big integer", 2n ** 70n, "1180591620717411303424"],
    ["a string", "a\nb", '"a\\nb"'],
    ["numbers that JSON lacks", [1, Number.POSITIVE_INFINITY], '[1,"Infinity"]'],
    ["a short typed array", Uint8Array.of(1, 2), "Uint8Array(2) [1, 2]"],
    ["a long typed array", new Float32Array(9), "Float32Array(9) [0, 0, 0, 0, 0, 0, …]"],
    ["nothing", undefined, "undefined"],
    ["a function", Math.abs, String(Math.abs)],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["a circle", circle, ""],
    ["an array nested beyond the stack", deep, "a deeply nested array"],
    ["an object that cannot be a string", { toJSON: () => 1n, toString: 5, valueOf: 5 }, "a value of type object"],
  ])("%s", (_name, value, text) => {
    expect(show(value)).toBe(text);
  });

  it("cuts what is long", () => {
    expect(show("x".repeat(500))).toBe(`"${"x".repeat(116)}…`);
  });
});
