import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Whole programs, which take longest, come first, so that no core waits for them at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => Number(a.project.name === "together") - Number(b.project.name === "together"));
  }
}

/** Have a process to themselves: they replace modules, register what others would find, or need much of the memory that a process has. */
const ALONE = [
  ...["src/algorithms/**/*.test.ts", "src/doctor/**/*.test.ts", "src/inspection/**/*.test.ts"],
  ...["src/labs/**/*.test.ts", "src/training/**/*.test.ts", "src/tensor/memory.test.ts", "src/envs/registry.test.ts"],
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
        test: { name: "alone", include: ["test/**/*.test.ts", ...ALONE] },
      },
      // One process for many files: modules are loaded once.
      {
        extends: true,
        test: { name: "together", include: ["src/**/*.test.ts"], exclude: ALONE, isolate: false },
      },
    ],
  },
});
