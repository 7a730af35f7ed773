import { defineConfig } from "vitest/config";

// With WARDEN_TEST_REPORT set, the runner also writes its own account of the run there, for .ci/run to read.
const report = process.env.WARDEN_TEST_REPORT;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/long/**"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
