import { describe, expect, test } from "vitest";
import type { FoundProject } from "../ports.ts";
import { createProjectCache } from "./project-cache.ts";

// Only the id is looked at.
const found = (id: string): FoundProject => ({ project: { id } as FoundProject["project"], keyId: null });

function createCache() {
  const clock = { nowMs: 1_000 };
  return { clock, cache: createProjectCache(() => clock.nowMs) };
}

describe("what an isolate remembers of a project", () => {
  test("is at most five seconds old", () => {
    const { clock, cache } = createCache();
    cache.set("a", found("p"));
    clock.nowMs += 4_999;
    expect(cache.get("a")).toEqual(found("p"));
    clock.nowMs += 1;
    expect(cache.get("a")).toBeUndefined();
  });

  test("is also that there is none, so that guessing keys asks the database once", () => {
    const { cache } = createCache();
    cache.set("a", "unknown");
    expect(cache.get("a")).toBe("unknown");
  });

  test("is forgotten under each of its names, and nothing else is", () => {
    const { cache } = createCache();
    cache.set("by key", found("p"));
    cache.set("by id", found("p"));
    cache.set("other", found("q"));
    cache.set("none", "unknown");
    cache.forget("p");
    expect(["by key", "by id", "other", "none"].map((key) => cache.get(key))).toEqual([
      undefined,
      undefined,
      found("q"),
      "unknown",
    ]);
  });

  test("is bounded, however many keys are guessed", () => {
    const { cache } = createCache();
    for (let index = 0; index <= 2_000; index++) cache.set(`key ${index}`, "unknown");
    expect(cache.get("key 0")).toBeUndefined();
    expect(cache.get("key 2000")).toBe("unknown");
  });
});
