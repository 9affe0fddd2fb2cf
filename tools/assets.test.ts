import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { getPlatformProxy, unstable_readConfig as readConfig } from "wrangler";
import { type AssetServer, createAssets } from "../bff/src/adapters/assets.ts";

const ROOT = join(import.meta.dirname, "..");
const CACHE = join(ROOT, "node_modules/.cache");
const { assets } = readConfig({ config: join(ROOT, "wrangler.toml") });

let folder: string;
let platform: Awaited<ReturnType<typeof getPlatformProxy<{ readonly ASSETS: AssetServer }>>>;

beforeAll(async () => {
  vi.stubEnv("CLOUDFLARE_CF_FETCH_ENABLED", "false");
  vi.stubEnv("WRANGLER_SEND_METRICS", "false");
  mkdirSync(CACHE, { recursive: true });
  folder = mkdtempSync(join(CACHE, "gasless-assets-test-"));
  mkdirSync(join(folder, "files"));
  writeFileSync(join(folder, "files/docs.html"), "a page at {api}");
  writeFileSync(join(folder, "files/docs.csp"), "default-src 'none'");
  writeFileSync(join(folder, "files/openapi.json"), "{}");
  mkdirSync(join(folder, "files/dashboard/assets"), { recursive: true });
  writeFileSync(join(folder, "files/dashboard/assets/app-1.js"), "let app;");
  const configPath = join(folder, "wrangler.json");
  // It has no Worker to run first.
  const { run_worker_first: _, ...own } = { ...assets, directory: join(folder, "files") };
  writeFileSync(configPath, JSON.stringify({ name: "assets", compatibility_date: "2026-07-30", assets: own }));
  platform = await getPlatformProxy({ configPath, persist: false });
});

afterAll(async () => {
  await platform.dispose();
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

/** The embedded worker's assets come from a disk; this is what stands in its place in production. */
describe("Cloudflare's asset server, set up as wrangler.toml says", () => {
  test("gives each document by the name that the worker asks for", async () => {
    const { read } = createAssets(platform.env.ASSETS);
    expect(await read("docs.html")).toBe("a page at {api}");
    expect(await read("docs.csp")).toBe("default-src 'none'");
    expect(await read("openapi.json")).toBe("{}");
  });

  test("gives the dashboard's files out of their folders, and says when there is none", async () => {
    const { find } = createAssets(platform.env.ASSETS);
    expect(await find("dashboard/assets/app-1.js")).toBe("let app;");
    for (const name of ["dashboard/assets/app-2.js", "dashboard/assets/", "dashboard", "dashboard/assets/../../x"]) {
      expect(await find(name)).toBeUndefined();
    }
  });

  test("has nothing under any other name", async () => {
    const { read } = createAssets(platform.env.ASSETS);
    for (const name of ["", "docs", "docs/", "none.html"]) {
      await expect(read(name)).rejects.toMatchObject({ code: "internal.unexpected" });
    }
  });

  test("comes after the worker, whose headers and refusals are on every path", () => {
    expect(assets).toMatchObject({ directory: "bff/dist/assets", binding: "ASSETS", run_worker_first: true });
  });
});
