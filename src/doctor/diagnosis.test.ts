import { expect, it } from "vitest";
import { type Diagnosis, inOrder, withValue } from "./diagnosis.ts";

const diagnosis = (part: Diagnosis["part"], certainty: Diagnosis["certainty"]): Diagnosis => ({
  ...{ part, certainty, finding: "", evidence: [], remedy: "", confirm: [] },
});

it("what is certain comes first, then what others depend on", () => {
  const given = [
    diagnosis("hidden units", "possible"),
    diagnosis("step of the policy", "likely"),
    diagnosis("learning rate", "likely"),
    diagnosis("observation scale", "likely"),
    diagnosis("truncation", "certain"),
    diagnosis("actions", "certain"),
  ];
  expect(inOrder(given).map(({ part }) => part)).toEqual([
    ...["actions", "truncation", "observation scale", "learning rate", "step of the policy", "hidden units"],
  ]);
});

it("a command has each hyperparameter once", () => {
  const words = ["doctor", "ppo", "CartPole-v1", "learningRate=1", "--set", "learningRate=2", "--set", "gamma=0.9"];
  expect(withValue(words, "learningRate", 0.01)).toEqual([
    ...["doctor", "ppo", "CartPole-v1", "--set", "gamma=0.9", "learningRate=0.01"],
  ]);
  expect(withValue(["doctor", "runs/a"], "tau", 0.005)).toEqual(["doctor", "runs/a", "tau=0.005"]);
});
