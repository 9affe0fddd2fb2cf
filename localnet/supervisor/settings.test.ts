import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseFlags, parseSettings, ROOT } from "./settings.ts";

describe("settings", () => {
  test("an empty environment gives the documented defaults", () => {
    expect(parseSettings({ DATABASE_URL: "", REDIS_URL: " " })).toEqual({
      host: "127.0.0.1",
      port: 8787,
      dataFolder: join(ROOT, ".gasless"),
      databaseUrl: undefined,
      redisUrl: undefined,
    });
  });

  test.each(["abc", "-1", "80.5", "65525", "8787 8788"])("PORT=%s is refused with its range", (port) => {
    expect(() => parseSettings({ PORT: port })).toThrow(`PORT must be a whole number from 0 to 65524, not "${port}".`);
  });

  test("flags are read, and the first unknown one is named", () => {
    expect(parseFlags([])).toEqual({ kind: "run", json: false });
    expect(parseFlags(["--json"])).toEqual({ kind: "run", json: true });
    expect(parseFlags(["--json", "--help"])).toEqual({ kind: "help" });
    expect(() => parseFlags(["--json", "now", "--x"])).toThrow("unknown argument: now");
  });
});
