import { describe, expect, it } from "vitest";
import { type Fault, faults, healthy } from "../../test/support/doctor/cases.ts";
import { type Diagnosis, type DoctorSubject, examine } from "./index.ts";

/** Not among those that thresholds were chosen with; more seeds, faults and runs: `npm run study:doctor`. */
const SEED = 31;
const QUICK = [
  "PPO, CartPole",
  "PPO with its defaults, CartPole",
  "A2C, CartPole",
  "REINFORCE, CartPole",
  "DQN, CartPole",
  "DQN, MountainCar",
  "TD3, Pendulum",
  "Q-learning, FrozenLake",
  "TRPO, CartPole",
  "an actor-critic of one's own, CartPole",
];

const nameOf = ({ part, hyperparameter }: Diagnosis) => [part, hyperparameter ?? ""];

describe("the doctor", () => {
  it.each(faults.map((fault) => [fault.fault, fault] as [string, Fault]))(
    "names what is at fault first: %s",
    (_, fault) => {
      const [first] = examine(fault.subject(SEED)).diagnoses;
      expect(fault.parts).toContain(first?.part);
      if (fault.hyperparameter !== undefined) expect(first?.hyperparameter).toBe(fault.hyperparameter);
      expect(first!.evidence.length).toBeGreaterThan(0);
      expect(first!.remedy).toMatch(/^[A-Z].*\.$/);
      expect(first!.confirm[0]).toBe("doctor");
    },
  );

  it.each(QUICK)("is silent about %s", (name) => {
    const { diagnoses, examined } = examine(healthy[name]!(SEED));
    expect(diagnoses.map(({ finding }) => finding)).toEqual([]);
    expect(examined.join("\n")).toMatch(/random play\nthe learner: [78] probe environments\nthe run: its first/);
  });

  it("finds the same again", () => {
    const subject = healthy["Q-learning, FrozenLake"]!(3);
    expect(examine(subject)).toEqual(examine(subject));
  });

  it("says what it cannot examine", () => {
    const planner: DoctorSubject = { run: { algorithm: "value-iteration", env: "FrozenLake-v1" } };
    expect(examine(planner).examined).toContain(
      "not the learner: value-iteration learns from what the probes do not have: model",
    );
    const alone = examine({ env: "CartPole-v1" });
    expect(alone.examined).toHaveLength(1);
    expect(alone.diagnoses).toEqual([]);
  });

  it("reads the metrics of a whole run in the place of its beginning", () => {
    const subject = healthy["Q-learning, FrozenLake"]!(1);
    const metrics = Array.from({ length: 10 }, (_, i) => ({ "policy/approxKl": i < 5 ? 0.01 : 0.5 }));
    expect(examine({ ...subject, metrics }).diagnoses.map(nameOf)).toEqual([["step of the policy", ""]]);
    const calm = metrics.map(() => ({ "policy/approxKl": 0.01 }));
    expect(examine({ ...subject, metrics: calm }).diagnoses).toEqual([]);
  });

  it("confirms with the hyperparameters of the run", () => {
    const run = { algorithm: "ppo", env: "CartPole-v1", hidden: [8], learningRate: "lin_0.1", steps: 4000 };
    const [first] = examine({ run }).diagnoses;
    const command = ["doctor", "ppo", "CartPole-v1", "hidden=[8]", "steps=4000"];
    expect(first!.confirm.slice(0, -1)).toEqual(command);
    expect(first!.confirm.at(-1)).toMatch(/^learningRate=/);
  });

  it("refuses a configuration in one sentence", () => {
    expect(() => examine({ run: { algorithm: "ppo", env: "CartPole-v1", gamma: 2 } })).toThrow(
      /^gamma must be a number from 0 to 1; got 2$/,
    );
    expect(() => examine({ env: "CartPole-v9" })).toThrow(/^env must be one of/);
  });
});
