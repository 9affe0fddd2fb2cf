import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createSecrets, keepSecrets } from "@gasless/localnet/secrets";
import { callApi, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { decodeProtectedHeader } from "jose";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { UsageError } from "../../src/entry/operator/installation.ts";
import { findTokenKeyPlace } from "../../src/entry/operator/token-key-place.ts";
import { runTokenKeys } from "../../src/entry/operator/token-keys.ts";
import { startStack } from "../support/stack.ts";

const SCRIPT = "bff/src/entry/operator/token-keys.ts";
const NOW_MS = Date.parse("2026-11-25T10:00:00Z");
const MINUTE_MS = 60_000;

let folder: string;
let first: string;
beforeAll(async () => {
  first = (await run({ TOKEN_KEYS: "" }, ["replace"])).value;
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gasless-token-keys-"));
  return () => rmSync(folder, { recursive: true });
});

interface Outcome {
  readonly code: number;
  readonly said: string;
  /** What went to standard output. */
  readonly value: string;
}

interface Around {
  readonly nowMs?: number;
  readonly isTTY?: boolean;
  readonly stdin?: string;
  readonly options?: readonly string[];
}

/** Runs the command at a time, as `npm run` would but in this process. */
async function run(env: Record<string, string>, words: readonly string[], around: Around = {}): Promise<Outcome> {
  const { nowMs = NOW_MS, isTTY = false, stdin = "", options = [] } = around;
  const said: string[] = [];
  let value = "";
  const stdout = { isTTY, write: (text: string) => void (value += text) };
  const place = findTokenKeyPlace({ env, stdin: Readable.from([stdin]), stdout }, new Set(options));
  try {
    const code = await runTokenKeys({ place, say: (line) => void said.push(line), nowMs }, words);
    return { code, said: said.join("\n"), value: value.trim() };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { code: 2, said: error.message, value: value.trim() };
  }
}

interface StatedKey {
  readonly state: string;
  readonly since: string;
  readonly d: string;
}

const statesOf = (value: string) => (JSON.parse(value) as StatedKey[]).map(({ state, since }) => `${state} ${since}`);

/** The id of the key in a state, as list shows it. */
async function kidOf(value: string, state: string): Promise<string> {
  const { said } = await run({ TOKEN_KEYS: value }, ["list"]);
  return new RegExp(`^(\\S+) ${state}`, "m").exec(said)?.[1] ?? "";
}

describe("npm run token-keys", () => {
  test("rolls from one key to the next, each step only when its time has come", async () => {
    const added = await run({ TOKEN_KEYS: first }, ["add"]);
    expect(added).toMatchObject({ code: 0, said: expect.stringContaining("from 2026-11-25T10:15:00Z on") });
    expect(statesOf(added.value)).toEqual(["active 2026-11-25T10:00:00Z", "next 2026-11-25T10:00:00Z"]);
    const next = await kidOf(added.value, "next");

    const early = await run({ TOKEN_KEYS: added.value }, ["activate", next], { nowMs: NOW_MS + 15 * MINUTE_MS - 1 });
    expect(early).toEqual({ code: 1, said: "Too early: from 2026-11-25T10:15:00Z on.", value: "" });
    const activated = await run({ TOKEN_KEYS: added.value }, ["activate", next], { nowMs: NOW_MS + 15 * MINUTE_MS });
    expect(statesOf(activated.value)).toEqual(["retiring 2026-11-25T10:15:00Z", "active 2026-11-25T10:15:00Z"]);

    const old = await kidOf(activated.value, "retiring");
    expect(await run({ TOKEN_KEYS: activated.value }, ["remove", next])).toMatchObject({ code: 1, value: "" });
    const hasty = await run({ TOKEN_KEYS: activated.value }, ["remove", old], { nowMs: NOW_MS + 30 * MINUTE_MS - 1 });
    expect(hasty).toEqual({ code: 1, said: "Too early: from 2026-11-25T10:30:00Z on.", value: "" });
    const removed = await run({ TOKEN_KEYS: activated.value }, ["remove", old], { nowMs: NOW_MS + 30 * MINUTE_MS });
    expect(statesOf(removed.value)).toEqual(["active 2026-11-25T10:15:00Z"]);
    expect(await kidOf(removed.value, "active")).toBe(next);
  });

  test("makes one key of all when one has leaked, and needs no readable value for it", async () => {
    const { value } = await run({ TOKEN_KEYS: first }, ["add"]);
    const replaced = await run({ TOKEN_KEYS: value }, ["replace"]);
    expect(statesOf(replaced.value)).toEqual(["active 2026-11-25T10:00:00Z"]);
    for (const { d } of JSON.parse(value) as StatedKey[]) expect(replaced.value).not.toContain(d);
    expect(await run({ TOKEN_KEYS: "from an earlier version" }, ["replace"])).toMatchObject({ code: 0 });
  });

  test("shows no secret, neither in a list nor beside the value", async () => {
    const added = await run({ TOKEN_KEYS: first }, ["add"]);
    const listed = await run({ TOKEN_KEYS: added.value }, ["list"], { isTTY: true });
    expect(listed.said).toMatch(/^\S{43} active since [^\n]+\n {2}it signs\n\S{43} next since [^\n]+\n {2}it can be/);
    for (const { d } of JSON.parse(added.value) as StatedKey[]) expect(`${listed.said}${added.said}`).not.toContain(d);
  });

  test("puts the value on a terminal only when it is asked to, and is not fooled by npm's own lines", async () => {
    const env = { TOKEN_KEYS: first };
    expect(await run(env, ["add"], { isTTY: true })).toMatchObject({
      code: 2,
      said: expect.stringContaining("--print"),
      value: "",
    });
    expect((await run(env, ["add"], { isTTY: true, options: ["--print"] })).value).toContain('"state":"next"');
    const byNpm = { ...env, npm_lifecycle_event: "token-keys" };
    expect(await run(byNpm, ["add"])).toMatchObject({ code: 2, said: expect.stringContaining("--silent"), value: "" });
    expect((await run({ ...byNpm, npm_config_loglevel: "silent" }, ["add"])).code).toBe(0);
  });

  test.each([
    [[], "Which command?"],
    [["rotate"], "rotate is no command."],
    [["activate"], "Say which key to activate."],
    [["remove"], "Say which key to remove."],
  ])("with %j explains itself", async (words, message) => {
    expect(await run({ TOKEN_KEYS: first }, words)).toEqual({ code: 2, said: message, value: "" });
  });

  test.each([
    [["activate", "none"], "There is no such key"],
    [["remove", "none"], "There is no such key"],
  ])("with %j changes nothing and says why", async (words, message) => {
    const outcome = await run({ TOKEN_KEYS: first }, words);
    expect(outcome).toEqual({ code: 1, said: expect.stringContaining(message) as string, value: "" });
  });

  test("adds no second key to one that waits, and does not activate what signs", async () => {
    const { value } = await run({ TOKEN_KEYS: first }, ["add"]);
    const next = await kidOf(value, "next");
    expect(await run({ TOKEN_KEYS: value }, ["add"])).toMatchObject({
      code: 1,
      said: `${next} is next already: activate it, or remove it.`,
    });
    const active = await kidOf(value, "active");
    expect(await run({ TOKEN_KEYS: value }, ["activate", active])).toMatchObject({
      code: 1,
      said: "It is active: only a key that is next can be activated.",
    });
    expect(statesOf((await run({ TOKEN_KEYS: value }, ["remove", next])).value)).toHaveLength(1);
  });

  test("refuses a value that makes no sense without repeating it", async () => {
    for (const value of ["", "hunter2", '[{"kty":"hunter2"}]', "[]"]) {
      const { code, said } = await run({ TOKEN_KEYS: value }, ["add"]);
      expect(code).toBe(2);
      expect(said).toContain("TOKEN_KEYS makes no sense");
      expect(said).not.toContain("hunter2");
    }
  });

  test("reads the value from standard input where it is told to", async () => {
    const { said } = await run({}, ["list"], { stdin: `${first}\n`, options: ["--stdin"] });
    expect(said).toContain(" active since 2026-11-25T10:00:00Z");
  });

  test("as a process writes the value, and nothing else, to standard output", async () => {
    const outcome = await new Promise<{ error: unknown; out: string; told: string }>((resolve) => {
      const env = { PATH: process.env["PATH"], TOKEN_KEYS: first };
      execFile(process.execPath, [SCRIPT, "add"], { env }, (error, out, told) => resolve({ error, out, told }));
    });
    expect(outcome.error).toBeNull();
    expect(statesOf(outcome.out)).toHaveLength(2);
    expect(outcome.told).toContain("put it as TOKEN_KEYS at once");
  });
});

describe("npm run token-keys, in the data folder of npm start", () => {
  test("changes the keys there in one step, for their owner alone, and keeps every other secret", async () => {
    const { tokenKeys: _one, ...others } = await keepSecrets(folder);
    const added = await run({ GASLESS_DATA: folder }, ["add"]);
    expect(added).toMatchObject({ code: 0, value: "", said: expect.stringContaining("the next npm start") });
    const { tokenKeys, ...kept } = await keepSecrets(folder);
    expect(tokenKeys.map(({ state }) => state)).toEqual(["active", "next"]);
    expect(kept).toEqual(others);
    const file = join(folder, "secrets.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["secrets.json"]);
    for (const { d } of tokenKeys) expect(added.said).not.toContain(String(d));
  });

  test("says what is missing where nothing was ever started, or not yet by this version", async () => {
    expect(await run({ GASLESS_DATA: folder }, ["list"])).toMatchObject({
      code: 2,
      said: expect.stringContaining("start the stack once"),
    });
    const { tokenKeys, ...earlier } = await createSecrets();
    writeFileSync(join(folder, "secrets.json"), JSON.stringify({ ...earlier, tokenKey: tokenKeys[0] }));
    expect(await run({ GASLESS_DATA: folder }, ["add"])).toMatchObject({
      code: 2,
      said: expect.stringContaining("an earlier version"),
    });
    expect(await run({ GASLESS_DATA: folder }, ["replace"])).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, "secrets.json"), "utf8")).not.toContain('"tokenKey"');
  });
});

test("a worker takes what the command makes, and signs with the key that is active", async () => {
  const added = await run({ TOKEN_KEYS: first }, ["add"]);
  const next = await kidOf(added.value, "next");
  const { value } = await run({ TOKEN_KEYS: added.value }, ["activate", next], { nowMs: NOW_MS + 15 * MINUTE_MS });
  const stack = await startStack({ bindings: { TOKEN_KEYS: value } });
  try {
    const target = await stack.createProject();
    const { accessToken: token } = await signIn(target, await createWallet());
    expect(decodeProtectedHeader(token).kid).toBe(next);
    expect((await callApi(target, "GET", "/v1/sessions/current", { token })).status).toBe(200);
  } finally {
    await stack.close();
  }
});
