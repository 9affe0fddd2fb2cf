import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { RelayBody } from "@gasless/localnet/api-client";
import { launch, type Launched } from "@gasless/localnet/supervisor/launch-support";
import { afterAll, beforeAll, expect, test } from "vitest";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface Ready {
  readonly api: string;
  readonly origin: string;
  readonly publishableKey: string;
}

let folder: string;
let stack: Launched;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gasless-readme-"));
  stack = launch({ GASLESS_DATA: folder }, ["--json"]);
  await stack.waitFor("\n");
});
afterAll(async () => {
  await stack.end("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

/** The calls as the README prints them; only the three values at the top are this stack's. */
function sixCalls({ api, origin, publishableKey }: Ready): string {
  const [, section = ""] = README.split("## The API in six calls");
  const [, calls = ""] = /```bash\n([\s\S]*?)```/.exec(section) ?? [];
  const values: Readonly<Record<string, string>> = { API: api, ORIGIN: origin, KEY: publishableKey };
  return calls.replaceAll(/^(API|ORIGIN|KEY)=.*$/gm, (_line, name: string) => `${name}=${values[name]}`);
}

test("the six calls of the README land a transaction, as they are printed", { timeout: 60_000 }, async () => {
  const script = `set -euo pipefail\n${sixCalls(JSON.parse(stack.stdout()) as Ready)}`;
  const env = { ...process.env, GASLESS_DATA: folder };
  const { stdout } = await promisify(execFile)("bash", ["-c", script], { cwd: ROOT, env });
  const [relay, allowance] = stdout.replace("}{", "}\n{").trim().split("\n");
  expect(JSON.parse(relay ?? "") as RelayBody).toMatchObject({ state: "finalized", fee: { charged: "10000" } });
  expect(JSON.parse(allowance ?? "")).toMatchObject({
    network: "solana:localnet",
    limits: [
      { unit: "fee", used: "10000" },
      { unit: "relays", used: "1" },
      { unit: "rent", used: "0" },
    ],
  });
});
