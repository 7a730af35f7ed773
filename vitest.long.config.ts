import { defineConfig } from "vitest/config";

// What takes minutes to hours: `npm run test:long`.
export default defineConfig({
  test: { include: ["test/long/**/*.long.test.ts"], testTimeout: 0, hookTimeout: 0 },
});
