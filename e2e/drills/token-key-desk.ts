import assert from "node:assert/strict";
import { execFile } from "node:child_process";

const COMMAND = "bff/src/entry/operator/token-keys.ts";

interface StatedKey {
  readonly since: string;
}

/** The operator's desk: the command itself, and the value of TOKEN_KEYS that it gave last. */
export interface TokenKeyDesk {
  value(): string;
  /** Does one step; gives the command's exit code. */
  run(...words: readonly string[]): Promise<number>;
  /** The key in a state, as the command told. @throws AssertionError when there is none */
  kidOf(state: string): string;
  /** Lets so much time go by for the keys. */
  wait(durationMs: number): void;
}

export async function openDesk(keys: readonly object[]): Promise<TokenKeyDesk> {
  let value = JSON.stringify(keys);
  let told = "";
  const run = (...words: readonly string[]): Promise<number> =>
    new Promise((resolve) => {
      const env = { PATH: process.env["PATH"], TOKEN_KEYS: value };
      execFile(process.execPath, [COMMAND, ...words], { env }, (error, out, said) => {
        if (!error && words[0] !== "list") value = out.trim();
        if (!error) told = out + said;
        resolve(error ? Number(error.code) : 0);
      });
    });
  assert.equal(await run("list"), 0);
  return {
    value: () => value,
    run,
    kidOf(state) {
      const [, kid] = new RegExp(`^(\\S{43}) ${state} `, "m").exec(told) ?? [];
      assert(kid, `no key is ${state}`);
      return kid;
    },
    wait(durationMs) {
      const aged = (JSON.parse(value) as readonly StatedKey[]).map((key) => {
        return { ...key, since: new Date(Date.parse(key.since) - durationMs).toISOString() };
      });
      value = JSON.stringify(aged);
    },
  };
}
