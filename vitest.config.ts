import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["bff/src/**/*.test.ts", "db/**/*.test.ts", "localnet/**/*.test.ts", "tools/**/*.test.ts"],
        },
      },
    ],
  },
});
