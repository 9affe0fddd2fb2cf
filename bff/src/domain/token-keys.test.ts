import { describe, expect, test } from "vitest";
import {
  activateKey,
  addKey,
  dueAtMs,
  PUBLISHED_AHEAD_MS,
  removeKey,
  RETIRING_MS,
  type TokenKeyState,
  type TokenKeyStatus,
} from "./token-keys.ts";

const NOW_MS = 1_800_000_000_000;
const key = (kid: string, state: TokenKeyState, sinceMs = NOW_MS): TokenKeyStatus => ({ kid, state, sinceMs });
const statesOf = (keys: readonly TokenKeyStatus[]) => keys.map(({ kid, state }) => `${kid} ${state}`);
const old = key("old", "active", 0);

test("the times are those that backends and operators are told", () => {
  expect([PUBLISHED_AHEAD_MS, RETIRING_MS]).toEqual([15 * 60_000, 15 * 60_000]);
});

test("a roll leads from one signing key to the next, and at each step exactly one signs", () => {
  const added = addKey([old], key("new", "next"));
  if (!added.ok) throw new Error("not added");
  expect(statesOf(added.value)).toEqual(["old active", "new next"]);

  const activatedAtMs = NOW_MS + PUBLISHED_AHEAD_MS;
  const activated = activateKey(added.value, "new", activatedAtMs);
  if (!activated.ok) throw new Error("not activated");
  expect(activated.value).toEqual([key("old", "retiring", activatedAtMs), key("new", "active", activatedAtMs)]);

  const removed = removeKey(activated.value, "old", activatedAtMs + RETIRING_MS);
  expect(removed).toEqual({ ok: true, value: [key("new", "active", activatedAtMs)] });
});

describe("a key", () => {
  test("that is published signs a moment before nobody can have an older copy: it does not", () => {
    const keys = [old, key("new", "next")];
    const atMs = NOW_MS + PUBLISHED_AHEAD_MS;
    expect(activateKey(keys, "new", atMs - 1)).toEqual({ ok: false, reason: { kind: "too_early", atMs } });
    expect(activateKey(keys, "new", NOW_MS - 3_600_000)).toEqual({ ok: false, reason: { kind: "too_early", atMs } });
  });

  test("that retires stays until its last token has run out", () => {
    const keys = [key("old", "retiring"), key("new", "active")];
    const atMs = NOW_MS + RETIRING_MS;
    expect(removeKey(keys, "old", atMs - 1)).toEqual({ ok: false, reason: { kind: "too_early", atMs } });
  });

  test("that signs is never taken away", () => {
    expect(removeKey([old], "old", Number.MAX_SAFE_INTEGER)).toEqual({ ok: false, reason: { kind: "signs" } });
  });

  test("that has never signed can be taken away at once", () => {
    const removed = removeKey([old, key("new", "next")], "new", NOW_MS);
    expect(removed).toEqual({ ok: true, value: [old] });
  });

  test("waits for a time when it is next or retiring, for nothing when it signs", () => {
    expect(dueAtMs(key("k", "next"))).toBe(NOW_MS + PUBLISHED_AHEAD_MS);
    expect(dueAtMs(key("k", "retiring"))).toBe(NOW_MS + RETIRING_MS);
    expect(dueAtMs(old)).toBeUndefined();
  });

  test("that is not next is not made to sign, so that a retired one never comes back", () => {
    const keys = [key("old", "retiring", 0), key("new", "active", 0)];
    expect(activateKey(keys, "old", NOW_MS)).toEqual({ ok: false, reason: { kind: "not_next", state: "retiring" } });
    expect(activateKey(keys, "new", NOW_MS)).toEqual({ ok: false, reason: { kind: "not_next", state: "active" } });
  });

  test("that nobody knows is neither made to sign nor taken away", () => {
    expect(activateKey([old], "none", NOW_MS)).toEqual({ ok: false, reason: { kind: "unknown" } });
    expect(removeKey([old], "none", NOW_MS)).toEqual({ ok: false, reason: { kind: "unknown" } });
  });

  test("is added while none is waiting: two at once would be two rolls", () => {
    expect(addKey([old, key("one", "next")], key("two", "next"))).toEqual({
      ok: false,
      reason: { kind: "next_exists", kid: "one" },
    });
  });
});

test("an activation leaves a key alone that retires since an earlier roll", () => {
  const keys = [key("oldest", "retiring", 5), old, key("new", "next", 0)];
  const activated = activateKey(keys, "new", NOW_MS);
  expect(activated.ok && activated.value[0]).toEqual(key("oldest", "retiring", 5));
});
