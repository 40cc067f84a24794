import { describe, expect, it } from "vitest";
import { ConfigError } from "../errors.ts";
import { commandLine, readAssignments, readInteger, readNumber } from "./options.ts";

describe("readAssignments", () => {
  it.each([
    ["gamma=0.99", { gamma: 0.99 }],
    ["learningRate=.5", { learningRate: 0.5 }],
    ["learningRate=3e-4", { learningRate: 3e-4 }],
    ["learningRate=lin_0.001", { learningRate: "lin_0.001" }],
    ['learningRate={"schedule":"linear","from":1}', { learningRate: { schedule: "linear", from: 1 } }],
    ["normalizeReward=true", { normalizeReward: true }],
    ["targetKl=null", { targetKl: null }],
    ["hidden=64,64", { hidden: [64, 64] }],
    ["hidden=[64,64]", { hidden: [64, 64] }],
    ["hidden=64, 32", { hidden: [64, 32] }],
    ["hidden=64", { hidden: 64 }],
    ["hidden=64,wide", { hidden: [64, "wide"] }],
    ["activation=relu", { activation: "relu" }],
    ["activation=a=b", { activation: "a=b" }],
    ["activation=", { activation: "" }],
    ["broken={", { broken: "{" }],
  ])("%s", (text, fields) => {
    expect(readAssignments([text])).toEqual(fields);
  });

  it("lets a later one win", () => {
    expect(readAssignments(["gamma=1", "gamma=0.5"])).toEqual({ gamma: 0.5 });
    expect(readAssignments()).toEqual({});
  });

  it.each(["gamma", "=3", " =3", ""])("refuses %j", (text) => {
    expect(() => readAssignments([text])).toThrow(ConfigError);
    expect(() => readAssignments([text])).toThrow(/^--set must be name=value, as in learningRate=0.001; got "/);
  });
});

describe("numbers", () => {
  it("stay text where they are none, so that a message shows what was given", () => {
    expect(["1e3", "-5", "0x10", "abc", "", " ", "Infinity", "NaN"].map(readNumber)).toEqual([
      1000,
      -5,
      16,
      "abc",
      "",
      " ",
      "Infinity",
      "NaN",
    ]);
  });

  it("are integers where integers are needed", () => {
    expect(readInteger("seed", "0", 0)).toBe(0);
    expect(() => readInteger("seed", "-1", 0)).toThrow('seed must be an integer from 0 on; got "-1"');
    expect(() => readInteger("episodes", "0", 1)).toThrow('episodes must be a positive integer; got "0"');
    expect(() => readInteger("episodes", "many", 1)).toThrow('episodes must be a positive integer; got "many"');
  });
});

describe("commandLine", () => {
  it("quotes what a shell would take apart", () => {
    const line = commandLine("train", "--resume", "runs/my run", "--set", "it's", "a/b-c_d.e=1");
    expect(line.slice(line.indexOf("train"))).toBe("train --resume 'runs/my run' --set 'it'\\''s' a/b-c_d.e=1");
  });
});
