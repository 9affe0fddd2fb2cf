import { expect, test } from "vitest";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import { app } from "../app.ts";

const ports: Pick<Ports, "api" | "clock" | "random" | "log" | "assets"> = {
  api: "https://api.example",
  clock: { nowMs: () => 1_800_000_000_000, format: String, sleep: async () => undefined },
  random: { bytes: (length) => new Uint8Array(length), id: (prefix) => `${prefix}_1`, uuid: () => "uuid" },
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  assets: {
    read: async () => Promise.reject(new AppError("internal.unexpected")),
    find: async () => Promise.reject(new AppError("internal.unexpected")),
  },
};

test.each(["/docs", "/docs/guide", "/docs/management", "/openapi.json"])(
  "%s that is not there is an error that nobody keeps",
  async (path) => {
    // These routes ask for no other port.
    const deployment = { ports: ports as Ports, networks: [], clientAddress: "203.0.113.7" };
    const response = await app.request(path, {}, { deployment });
    expect(response.status).toBe(500);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(await response.json()).toMatchObject({ code: "internal.unexpected" });
  },
);
