import { describe, expect, it } from "vitest";
import type { Random } from "../../random/index.ts";
import { Box, Dict, Discrete, MultiDiscrete } from "../../spaces/index.ts";
import type { AnyEnv, Json } from "../env.ts";
import {
  checkEnv,
  DynamicsEnv,
  envIds,
  type Finding,
  finiteDynamics,
  frameStack,
  makeEnv,
  timeLimit,
} from "../index.ts";
import { loadRandom, saveRandom, seededRandom } from "../seeding.ts";

/** A random walk that does everything right; the tests break one thing each. */
class Walk implements AnyEnv {
  readonly observationSpace: AnyEnv["observationSpace"] = new Box(-20, 20, [2]);
  readonly actionSpace: AnyEnv["actionSpace"] = new Discrete(2);
  at = 0;
  steps = 0;
  random: Random = seededRandom(0);

  observe(): unknown {
    return [this.at, this.random.uniform()];
  }
  reset(options: { seed?: number }) {
    if (options.seed !== undefined) this.random = seededRandom(options.seed);
    this.at = 0;
    this.steps = 0;
    return { observation: this.observe(), info: {} };
  }
  step(action: unknown) {
    this.at += action === 1 ? 1 : -1;
    this.steps++;
    const terminated = Math.abs(this.at) >= 5;
    const observation = this.observe();
    return { observation, reward: this.at / 10, terminated, truncated: this.steps >= 20, info: {} };
  }
  render(canvas: CanvasRenderingContext2D): void {
    canvas.fillRect(this.at, 0, canvas.canvas.width, 1);
  }
  actionMask(): Uint8Array {
    return Uint8Array.of(1, 1);
  }
  state(): Json {
    return { at: this.at, steps: this.steps, random: saveRandom(this.random) };
  }
  restore(state: Json): void {
    const { at, steps, random } = state as { at: number; steps: number; random: Json };
    this.at = at;
    this.steps = steps;
    this.random = loadRandom(random);
  }
}

const brief = (findings: readonly Finding[]) => findings.map(({ severity, field }) => `${severity} ${field}`);

/** Findings for a Walk with some members replaced. */
function check(changes: (walk: Walk) => object): Finding[] {
  return checkEnv(() => {
    const walk = new Walk();
    return Object.assign(walk, changes(walk));
  });
}

describe("a good environment", () => {
  it("has no findings, from an instance or from a function", () => {
    expect(checkEnv(new Walk())).toEqual([]);
    expect(checkEnv(() => new Walk())).toEqual([]);
  });

  it.each(envIds())("%s, built in, gets at most information", (id) => {
    const findings = checkEnv(() => makeEnv(id));
    expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
  });

  it("may show a Dict and take several choices", () => {
    const findings = check((walk) => ({
      observationSpace: new Dict({ at: new Box(-5, 5), rest: new MultiDiscrete([2, 2]) }),
      actionSpace: new MultiDiscrete([2, 3]),
      actionMask: () => Uint8Array.of(0, 1, 1, 0, 1),
      observe: () => ({ at: [walk.at], rest: [walk.random.integer(2), 1] }),
      step: (action: Int32Array) => Walk.prototype.step.call(walk, action[0]),
    }));
    expect(findings).toEqual([]);
  });
});

describe("what is wrong is found, said, and how to mend it", () => {
  const step = (change: (result: ReturnType<Walk["step"]>, walk: Walk) => object | undefined) => (walk: Walk) => ({
    step(action: unknown) {
      const result = Walk.prototype.step.call(walk, action);
      return { ...result, ...change(result, walk) };
    },
  });
  let calls = 0;
  const faults: [string, string, (walk: Walk) => object][] = [
    ["a missing space", "error observationSpace", () => ({ observationSpace: undefined })],
    ["a space that is none", "error actionSpace", () => ({ actionSpace: { n: 2 } })],
    ["a missing method", "error step", () => ({ step: undefined })],
    ["a method that is none", "error render", () => ({ render: 3 })],
    ["state without restore", "error restore", () => ({ restore: undefined })],
    ["a wrong shape", "error observation", () => ({ observe: () => [1] })],
    ["NaN", "error observation", () => ({ observe: () => [1, Number.NaN] })],
    ["a value outside the bounds", "warning observation bounds [0]", () => ({ observe: () => [21, 0] })],
    ["reset that returns the bare observation", "error reset", () => ({ reset: () => [0, 0] })],
    ["step that returns nothing", "error step", () => ({ step: () => undefined })],
    ["a flag that is a number", "error terminated", step(() => ({ terminated: 0 }))],
    ["a missing flag", "error truncated", step(() => ({ truncated: undefined }))],
    ["a reward that is NaN", "error reward", step(() => ({ reward: Number.NaN }))],
    ["a reward that is no number", "error reward", step(() => ({ reward: undefined }))],
    [
      "an exception in step",
      "error step",
      () => ({
        step: () => {
          throw new Error("x");
        },
      }),
    ],
    [
      "an exception in reset",
      "error reset",
      () => ({
        reset: () => {
          throw "text";
        },
      }),
    ],
    [
      "an exception in render",
      "error render",
      () => ({
        render: () => {
          throw new Error("x");
        },
      }),
    ],
    [
      "a drawing with NaN",
      "warning render",
      () => ({ render: (c: CanvasRenderingContext2D) => c.fillRect(0, Number.NaN, 1, 1) }),
    ],
    ["an empty drawing", "warning render", () => ({ render: () => undefined })],
    ["episodes without end", "warning terminated", step(() => ({ terminated: false, truncated: false }))],
    [
      "huge observations",
      "warning observation scale",
      (walk) => ({
        observationSpace: new Box(-1e6, 1e6, [2]),
        observe: () => [walk.at * 1e4, walk.random.uniform()],
      }),
    ],
    [
      "bytes as they are",
      "info observation scale",
      (walk) => ({
        observationSpace: new Box(0, 255, [2], "uint8"),
        observe: () => [walk.random.integer(256), 0],
      }),
    ],
    ["huge rewards", "warning reward scale", step(({ reward }) => ({ reward: reward * 1e6 }))],
    ["no reward at all", "info reward", step(() => ({ reward: 0 }))],
    ["randomness from elsewhere", "error reset.seed", () => ({ observe: () => [0, (calls++ % 97) / 100] })],
    ["no randomness", "warning reset.seed", (walk) => ({ observe: () => [walk.at, 0] })],
    [
      "a generator made anew in every reset",
      "warning reset",
      (walk) => ({
        reset({ seed = walk.steps * 0 + 7 }) {
          return Walk.prototype.reset.call(walk, { seed });
        },
      }),
    ],
    [
      "one buffer for all observations",
      "error observation aliasing",
      (walk) => {
        const buffer = new Float32Array(2);
        return {
          observe() {
            buffer[0] = walk.at;
            buffer[1] = walk.random.uniform();
            return buffer;
          },
        };
      },
    ],
    [
      "a state that forgets something",
      "error restore",
      (walk) => ({
        restore: (state: Json) => Walk.prototype.restore.call(walk, { ...(state as object), at: 0 } as Json),
      }),
    ],
    [
      "a state that forgets the random numbers",
      "error restore",
      (walk) => ({
        restore(state: Json) {
          const { random } = walk;
          Walk.prototype.restore.call(walk, state);
          walk.random = random;
        },
      }),
    ],
    [
      "a state that is alive",
      "error state",
      (walk) => {
        const live = { at: 0, steps: 0, random: null as Json };
        return { state: () => Object.assign(live, Walk.prototype.state.call(walk)) };
      },
    ],
    ["a state with a Map", "error state", () => ({ state: () => ({ seen: new Map() }) as unknown as Json })],
    ["a state with NaN", "error state", () => ({ state: () => ({ list: [1, Number.NaN] }) })],
    ["a state that is undefined", "error state", () => ({ state: () => undefined as unknown as Json })],
    ["no state at all", "info state", () => ({ state: undefined, restore: undefined })],
    ["a mask of the wrong size", "error actionMask", () => ({ actionMask: () => Uint8Array.of(1) })],
    ["a mask that is a plain array", "error actionMask", () => ({ actionMask: () => [1, 1] })],
    ["a mask that allows nothing", "error actionMask", () => ({ actionMask: () => Uint8Array.of(0, 0) })],
    ["a mask where there can be none", "error actionMask", () => ({ actionSpace: new Box(-1, 1) })],
    [
      "actions that no algorithm chooses",
      "error actionSpace",
      () => ({ actionSpace: new Dict({ a: new Discrete(2) }), actionMask: undefined }),
    ],
    ["unbounded actions", "warning actionSpace", () => ({ actionSpace: new Box(-Infinity, 1), actionMask: undefined })],
    ["actions in another range", "info actionSpace", () => ({ actionSpace: new Box(-2, 2), actionMask: undefined })],
  ];
  it.each(faults)("%s", (_name, expected, changes) => {
    const findings = check(changes);
    expect(brief(findings)).toContain(expected);
    for (const { message, fix } of findings) {
      expect(message.length).toBeGreaterThan(10);
      expect(fix).toMatch(/^[A-Z].*\.$/s);
    }
    const others = brief(findings).filter((finding) => finding.startsWith("error") && finding !== expected);
    expect(others).toEqual([]);
  });

  it("once, though every step has another value", () => {
    let n = 0;
    const findings = check(() => ({ observe: () => [n++, 0, 0] }));
    expect(brief(findings).filter((finding) => finding.startsWith("error"))).toEqual(["error observation"]);
    const outside = check(() => ({
      observationSpace: new Box(0, 1, [100]),
      observe: () => new Float32Array(100).fill(2 + n, n % 100, (n++ % 100) + 1),
    })).filter(({ field }) => field.startsWith("observation bounds"));
    expect(outside).toHaveLength(4);
  });

  it("in one line, though an exception has several", () => {
    const step = () => {
      throw new Error("first\n  second");
    };
    expect(check(() => ({ step }))[0]!.message).toBe("step threw Error: first second");
  });

  it("two instances that share something", () => {
    let shared = 0;
    const findings = checkEnv(() => {
      const walk = new Walk();
      const mine = shared++ * 0.25;
      return Object.assign(walk, { observe: () => [mine, walk.random.uniform()] });
    });
    expect(brief(findings)).toEqual(["error reset.seed"]);
    expect(findings[0].message).toMatch(/two instances/);
  });

  it("a function that throws, returns nothing, or the same object twice", () => {
    const failing = () => {
      throw new Error("no file");
    };
    expect(brief(checkEnv(failing))).toEqual(["error env"]);
    expect(brief(checkEnv((() => undefined) as unknown as () => AnyEnv))).toEqual(["error env"]);
    expect(brief(checkEnv(null as unknown as AnyEnv))).toEqual(["error env"]);
    const one = new Walk();
    expect(brief(checkEnv(() => one))).toEqual(["error env"]);
  });

  it("a hostile object does not get through", () => {
    const hostile = new Proxy(new Walk(), {
      get(target, name) {
        if (name === "render") throw new Error("trap");
        const value = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    expect(() => checkEnv(hostile)).not.toThrow();
    expect(brief(checkEnv(hostile))[0]).toMatch(/^error/);
  });
});

it("a missing time limit is mended by timeLimit", () => {
  const endless = () => {
    const walk = new Walk();
    const step = (action: unknown) => ({
      ...Walk.prototype.step.call(walk, action),
      terminated: false,
      truncated: false,
    });
    return Object.assign(walk, { step, observationSpace: new Box(-2000, 2000, [2]) }) as AnyEnv;
  };
  expect(brief(checkEnv(endless))).toContain("warning terminated");
  expect(brief(checkEnv(() => timeLimit(endless(), 20)))).toEqual([]);
});

describe("stacked frames", () => {
  const stacked = () => timeLimit(frameStack(makeEnv("MountainCar-v0") as never, 3), 50);
  const found = (make: () => AnyEnv) => checkEnv(make).filter(({ field }) => field === "stackedFrames");

  it("are what frameStack makes", () => {
    expect(stacked().stackedFrames).toBe(3);
    expect(found(stacked)).toEqual([]);
  });

  it("are noticed where they are none", () => {
    const messages = (stackedFrames: number, make: () => AnyEnv) =>
      found(() => Object.assign(make(), { stackedFrames })).map(({ severity, message }) => `${severity} ${message}`);
    expect(messages(2, () => new Walk())).toEqual([
      expect.stringMatching(/^error .* does not begin with its first frame/),
    ]);
    expect(messages(4, () => new Walk())).toEqual([
      expect.stringMatching(/^error stackedFrames is 4, .* the 2 entries/),
    ]);
    const still = () => Object.assign(new Walk(), { observe: () => [0, 0] });
    expect(messages(2, still)).toEqual([]);
    const jumping = () => {
      const walk = new Walk();
      return Object.assign(walk, { observe: () => (walk.steps === 0 ? [0, 0] : [walk.steps, walk.steps]) });
    };
    expect(messages(2, jumping)).toEqual([expect.stringMatching(/^error .* are not the newer ones of that before/)]);
  });
});

it("errors come first", () => {
  const findings = check(() => ({
    render: () => undefined,
    state: undefined,
    restore: undefined,
    observe: () => [21],
  }));
  expect(brief(findings).map((finding) => finding.split(" ")[0])).toEqual(["error", "warning", "warning", "info"]);
});

describe("an environment that says it is deterministic", () => {
  const sure = (random: Random | undefined) => ({
    deterministic: true,
    observe: () => [0, random ? random.uniform() : 0],
  });

  it("may give the same episodes for all seeds", () => {
    expect(check(() => sure(undefined))).toEqual([]);
    expect(brief(check(() => ({ ...sure(undefined), deterministic: undefined })))).toEqual(["warning reset.seed"]);
  });

  it("must not give different ones", () => {
    const findings = check((walk) => ({ deterministic: true, observe: () => [walk.at, walk.random.uniform()] }));
    expect(brief(findings)).toEqual(["error deterministic"]);
    expect(findings[0]!.message).toBe("deterministic is true, but other seeds give other episodes");
  });
});

describe("episodes that are only long", () => {
  const walk = (length: number, hasEnd: boolean) =>
    finiteDynamics(
      {
        states: length,
        actions: 2,
        initial: Float64Array.from({ length }, (_, state) => +(state === 0)),
        outcomes(state, action) {
          const next = Math.min(Math.max(state + 2 * action - 1, 0), length - 1);
          return [{ probability: 1, state: next, reward: -1, terminated: hasEnd && next === length - 1 }];
        },
      },
      (canvas, state) => canvas.fillRect(state, 0, 1, 1),
    );
  const fields = (length: number, hasEnd: boolean) =>
    brief(checkEnv(() => new DynamicsEnv("Walk", walk(length, hasEnd)) as AnyEnv));

  it("are nothing to mend where a table shows their end", () => {
    expect(fields(200, true)).toEqual([]);
  });

  it("are, where it shows that there is none", () => {
    expect(fields(200, false)).toEqual(["warning terminated"]);
  });
});
