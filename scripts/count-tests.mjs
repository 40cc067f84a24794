// Prints "N passed, N failed" from the report of Vitest's JSON reporter: `count-tests.mjs <report>`. Fails where a test did.
import { readFileSync } from "node:fs";

let passed = 0;
let failed = 0;
try {
  const { testResults } = JSON.parse(readFileSync(process.argv[2], "utf8"));
  for (const { status, assertionResults } of testResults) {
    passed += assertionResults.filter((test) => test.status === "passed").length;
    const failures = assertionResults.filter((test) => test.status === "failed").length;
    // A file that could not even be loaded has no results and counts as one failure.
    failed += status === "failed" ? Math.max(1, failures) : failures;
  }
} catch (error) {
  console.error(`the test report cannot be read: ${error.message}`);
  failed += 1;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
