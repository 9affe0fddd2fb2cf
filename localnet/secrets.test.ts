import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createSecrets, keepSecrets } from "./secrets.ts";

const folder = mkdtempSync(join(tmpdir(), "gasless-secrets-test-"));
const file = join(folder, "secrets.json");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("secrets of a run of an earlier version keep every key, and get those that came later", async () => {
  const { faucetSeed: _faucet, metricsToken: _metrics, algorandSponsor: _sponsor, ...earlier } = await createSecrets();
  writeFileSync(file, JSON.stringify(earlier), { mode: 0o644 });
  const secrets = await keepSecrets(folder);
  expect(secrets).toEqual({
    ...earlier,
    faucetSeed: expect.stringMatching(/^[\w+/]{43}=$/) as string,
    metricsToken: expect.stringMatching(/^[\w-]{32}$/) as string,
    algorandSponsor: {
      address: expect.stringMatching(/^[A-Z2-7]{58}$/) as string,
      seed: expect.stringMatching(/^[\w+/]{43}=$/) as string,
    },
  });
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(secrets);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await keepSecrets(folder)).toEqual(secrets);

  const { metricsToken: _new, ...older } = secrets;
  writeFileSync(file, JSON.stringify(older));
  expect(await keepSecrets(folder)).toMatchObject(older);
});

test("the token key of a run before keys had states signs on, as the only one", async () => {
  const { tokenKeys, ...others } = await createSecrets();
  const [{ state: _state, since: _since, ...tokenKey } = expect.fail()] = tokenKeys;
  writeFileSync(file, JSON.stringify({ ...others, tokenKey }));
  const secrets = await keepSecrets(folder);
  const since = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;
  expect(secrets).toEqual({ ...others, tokenKeys: [{ ...tokenKey, state: "active", since }] });
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(secrets);
  expect(await keepSecrets(folder)).toEqual(secrets);
});
