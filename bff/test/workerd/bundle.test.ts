import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** What belongs to wallets, to tests, or to the world around the worker. */
const FOREIGN =
  /node_modules\/(?:algosdk|algorand-msgpack|tweetnacl|js-sha|near-api-js|ethers|viem|litesvm|@solana|@perawallet|@walletconnect)[/@-]|^(?:localnet|e2e|widget|demo-site)\//;

test("the worker holds neither a wallet's libraries nor the doubles of the localnet", () => {
  const text = readFileSync(join(import.meta.dirname, "../../dist/worker.meta.json"), "utf8");
  const { outputs } = JSON.parse(text) as { outputs: Record<string, { inputs: Record<string, unknown> }> };
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  expect(inputs.length).toBeGreaterThan(100);
  expect(inputs.filter((path) => FOREIGN.test(path))).toEqual([]);
});
