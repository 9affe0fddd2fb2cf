import { configDefaults, defineConfig } from "vitest/config";
import { LongestFirst } from "./tools/longest-first.ts";

const BESIDE_THE_CODE = ["bff/src", "dashboard", "db", "demo-site", "localnet", "tools", "widget"].map(
  (folder) => `${folder}/**/*.test.ts`,
);
/** In a browser, against a whole deployment. */
const STORIES = "e2e/stories/**/*.test.ts";
const globalSetup = "bff/test/support/global-setup.ts";

export default defineConfig({
  test: {
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: "unit", include: BESIDE_THE_CODE } },
      {
        extends: true,
        test: {
          name: "worker",
          isolate: false,
          include: ["bff/test/**/*.test.ts", "e2e/**/*.test.ts"],
          exclude: [...configDefaults.exclude, STORIES],
          globalSetup,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          isolate: false,
          include: [STORIES],
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
