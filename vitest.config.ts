import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Whole programs, which take longest, come first, so that no core waits for them at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => Number(a.project.name === "units") - Number(b.project.name === "units"));
  }
}

/** Replace modules or register what others would find: what they do holds for a whole process. */
const ALONE = [
  ...["src/algorithms/registry.test.ts", "src/envs/registry.test.ts"],
  ...["src/node/atomic-write.test.ts", "src/node/env-module.test.ts", "src/node/metrics-log.test.ts"],
];

export default defineConfig({
  test: {
    pool: "forks",
    // All cores; left to itself, vitest keeps one free.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 120_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: { name: "programs", include: ["test/**/*.test.ts", ...ALONE] },
      },
      // One process for many files: a module is loaded once, which spares a tenth of the time.
      {
        extends: true,
        test: { name: "units", include: ["src/**/*.test.ts"], exclude: ALONE, isolate: false },
      },
    ],
  },
});
