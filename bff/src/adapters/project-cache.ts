import type { FoundProject, ProjectCache } from "../ports.ts";

const LIFE_MS = 5_000;
const MAX_ENTRIES = 2_000;

/** Projects of this isolate, at most five seconds old. What is unknown is remembered as well, so that guessing keys stays cheap. */
export function createProjectCache(nowMs: () => number): ProjectCache {
  const entries = new Map<string, { found: FoundProject | "unknown"; untilMs: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      return entry && entry.untilMs > nowMs() ? entry.found : undefined;
    },
    set(key, found) {
      if (entries.size >= MAX_ENTRIES) entries.clear();
      entries.set(key, { found, untilMs: nowMs() + LIFE_MS });
    },
    forget(projectId) {
      for (const [key, { found }] of entries) {
        if (found !== "unknown" && found.project.id === projectId) entries.delete(key);
      }
    },
  };
}
