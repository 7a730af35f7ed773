import { defineConfig } from "vitest/config";

// What mutation testing runs again and again: the quick tests of shared/policy, the random ones short and repeatable.
export default defineConfig({
  test: {
    include: ["test/policy/**/*.test.ts", "test/oracle/**/*.test.ts"],
    exclude: ["test/policy/hostile.test.ts"],
    testTimeout: 30_000,
    env: { WARDEN_ORACLE_RUNS: "400", WARDEN_ORACLE_SEED: "1", WARDEN_ALGEBRA_RUNS: "60" },
  },
});
