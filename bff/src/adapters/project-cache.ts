import type { FoundProject, ProjectCache } from "../ports.ts";

const LIFE_MS = 5_000;
/** Of what is known, and again of what is not: guessed keys cannot push real projects out. */
const MAX_ENTRIES = 2_000;

interface Entry {
  readonly found: FoundProject | "unknown";
  readonly untilMs: number;
}

/** Projects of this isolate, at most five seconds old. What is unknown is remembered as well, so that guessing keys stays cheap. */
export function createProjectCache(nowMs: () => number): ProjectCache {
  const known = new Map<string, Entry>();
  const unknown = new Map<string, Entry>();
  return {
    get(key) {
      const entry = known.get(key) ?? unknown.get(key);
      return entry && entry.untilMs > nowMs() ? entry.found : undefined;
    },
    set(key, found) {
      const [entries, others] = found === "unknown" ? [unknown, known] : [known, unknown];
      others.delete(key);
      if (entries.size >= MAX_ENTRIES) entries.clear();
      entries.set(key, { found, untilMs: nowMs() + LIFE_MS });
    },
    forget(projectId) {
      for (const [key, { found }] of known) {
        if (found !== "unknown" && found.project.id === projectId) known.delete(key);
      }
    },
  };
}
