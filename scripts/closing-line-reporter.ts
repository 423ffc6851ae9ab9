import { writeSync } from "node:fs";
import type { SerializedError } from "vitest";
import type { Reporter, TestModule, TestRunEndReason, Vitest } from "vitest/node";

/**
 * Prints `N passed, N failed` as the very last line of a run. Whatever keeps a run from being a success counts as
 * failed: a test, a hook, a file that could not be loaded, an unhandled error, a run of no tests at all, and a run that
 * ended in any other way with a failing exit code. It never says `0 failed` then.
 */
export class ClosingLineReporter implements Reporter {
  #passed = 0;
  #failed = 0;
  #hasEnded = false;

  onInit(vitest: Vitest): void {
    if (vitest.config.watch) return;
    // At exit, because a global teardown still prints, and may still fail, after the run has ended.
    process.once("exit", (exitCode) => {
      if (!this.#hasEnded || (exitCode !== 0 && this.#failed === 0)) this.#failed++;
      if (this.#failed > 0) process.exitCode = exitCode === 0 ? 1 : exitCode;
      writeWhole(`\n${this.#passed} passed, ${this.#failed} failed\n`);
    });
  }

  onTestRunEnd(
    testModules: readonly TestModule[],
    unhandledErrors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    this.#hasEnded = true;
    this.#passed = 0;
    this.#failed = unhandledErrors.length;
    for (const testModule of testModules) this.#count(testModule);
    if (this.#failed === 0 && (this.#passed === 0 || reason !== "passed")) this.#failed = 1;
  }

  #count(testModule: TestModule): void {
    for (const test of testModule.children.allTests()) {
      const { state } = test.result();
      if (state === "passed") this.#passed++;
      if (state === "failed") this.#failed++;
      // Collected and never finished: the worker died under it.
      if (state === "pending") this.#failed++;
    }
    const suites = [...testModule.children.allSuites(), testModule];
    this.#failed += suites.filter((suite) => suite.errors().length > 0).length;
  }
}

/** Standard output may be a pipe that takes no more at the moment. */
function writeWhole(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
    }
  }
}
