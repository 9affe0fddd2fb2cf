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

  test.each(["abc", "-1", "80.5", "65515", "8787 8788"])("PORT=%s is refused with its range", (port) => {
    expect(() => parseSettings({ PORT: port })).toThrow(`PORT must be a whole number from 0 to 65514, not "${port}".`);
  });

  test("flags are read, and the first unknown one is named", () => {
    expect(parseFlags([])).toEqual({ kind: "run", json: false, origins: [] });
    expect(parseFlags(["--json"])).toEqual({ kind: "run", json: true, origins: [] });
    expect(parseFlags(["--json", "--help"])).toEqual({ kind: "help" });
    expect(() => parseFlags(["--json", "now", "--x"])).toThrow("unknown argument: now");
  });

  test("each origin of a developer's own page is taken as a browser sends it", () => {
    const typed = {
      "http://localhost:5173": "http://localhost:5173",
      "https://dapp.example": "https://dapp.example",
      "http://[::1]:3000": "http://[::1]:3000",
      "https://xn--bcher-kva.example": "https://xn--bcher-kva.example",
      "https://bücher.example": "https://xn--bcher-kva.example",
      "https://Dapp.example:443/": "https://dapp.example",
    };
    const args = ["--json", ...Object.keys(typed).flatMap((origin) => ["--origin", origin])];
    expect(parseFlags(args)).toEqual({ kind: "run", json: true, origins: Object.values(typed) });
  });

  test.each([
    ["a path", "http://localhost:5173/page"],
    ["a query", "http://localhost:5173?page"],
    ["an escape", "https://d%61pp.example"],
    ["a wildcard", "https://*.example"],
    ["credentials", "https://me@dapp.example"],
    ["another scheme", "file://dapp"],
    ["an opaque origin", "null"],
    ["the next flag", "--json"],
    ["nothing", ""],
  ])("an origin with %s is refused", (_what, origin) => {
    const message = `--origin takes an exact origin such as http://localhost:5173, not "${origin}"`;
    expect(() => parseFlags(["--origin", origin])).toThrow(message);
    expect(() => parseFlags(["--origin"])).toThrow("--origin takes an exact origin");
  });
});
