import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createSecrets, keepSecrets } from "./secrets.ts";

const folder = mkdtempSync(join(tmpdir(), "gasless-secrets-test-"));
const file = join(folder, "secrets.json");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("secrets of a run from before there was a faucet keep every key, and get the faucet's", async () => {
  const { faucetSeed: _later, ...earlier } = await createSecrets();
  writeFileSync(file, JSON.stringify(earlier), { mode: 0o644 });
  const secrets = await keepSecrets(folder);
  expect(secrets).toEqual({ ...earlier, faucetSeed: expect.stringMatching(/^[\w+/]{43}=$/) as string });
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(secrets);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await keepSecrets(folder)).toEqual(secrets);
});
