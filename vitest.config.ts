import { defineConfig } from "vitest/config";

const BESIDE_THE_CODE = ["bff/src", "db", "localnet", "tools"].map((folder) => `${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: "unit", include: BESIDE_THE_CODE } },
      {
        extends: true,
        test: {
          name: "worker",
          include: ["bff/test/**/*.test.ts", "e2e/**/*.test.ts"],
          globalSetup: "bff/test/support/global-setup.ts",
        },
      },
    ],
  },
});
