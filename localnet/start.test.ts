import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { address, createSolanaRpc, lamports } from "@solana/kit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signIn } from "./api-client.ts";
import { assertPortFree } from "./ports.ts";
import { findSurvivors, launch, type Launched } from "./supervisor/launch-support.ts";
import { ensureBundle } from "./supervisor/worker-bundle.ts";
import { createWallet } from "./wallet.ts";
import { createAlgorandWallet } from "./algorand-client.ts";

const folders: string[] = [];
const running: Launched[] = [];

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gasless-start-test-"));
  folders.push(folder);
  return folder;
}

function start(env: Readonly<Record<string, string>>, args?: readonly string[]): Launched {
  const launched = launch(env, args);
  running.push(launched);
  return launched;
}

interface Line {
  readonly api: string;
  readonly demo: string;
  readonly rpc: { readonly solana: string; readonly algorand: string };
  readonly publishableKey: string;
  readonly origin: string;
  readonly network: string;
  readonly metricsToken: string;
}

async function readLine(launched: Launched): Promise<Line> {
  await launched.waitFor("\n");
  return JSON.parse(launched.stdout()) as Line;
}

async function expectPortsFree({ api, demo, rpc }: Line): Promise<void> {
  for (const url of [api, demo, rpc.solana, rpc.algorand])
    await assertPortFree("127.0.0.1", Number(new URL(url).port), url);
}

function openChain(line: Line, data: string) {
  const { sponsorAddress } = JSON.parse(readFileSync(join(data, "secrets.json"), "utf8")) as { sponsorAddress: string };
  const sponsor = address(sponsorAddress);
  const rpc = createSolanaRpc(line.rpc.solana);
  return {
    give: (amount: bigint) => rpc.requestAirdrop(sponsor, lamports(amount)).send(),
    readBalance: async () => (await rpc.getBalance(sponsor, { commitment: "confirmed" }).send()).value,
  };
}

// A test that failed halfway must not leave a stack behind.
afterAll(async () => {
  for (const { child, tree } of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    for (const pid of tree().toReversed()) process.kill(pid, "SIGKILL");
  }
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe("npm start", () => {
  const data = makeFolder();
  const seed = new Uint8Array(32).fill(7);
  const OWN_PAGE = "http://localhost:5173";
  let first: Launched;
  let line: Line;
  let userId: string;

  const signInAt = async (at: Line) => (await signIn(at, await createWallet(seed))).user.id;

  beforeAll(async () => {
    await ensureBundle(AbortSignal.timeout(60_000));
    first = start({ GASLESS_DATA: data }, ["--json", "--origin", OWN_PAGE]);
    line = await readLine(first);
  });

  test("one line of JSON says where everything is", () => {
    const port = Number(new URL(line.api).port);
    expect(first.stdout()).toMatch(/^\{.*\}\n$/);
    expect(line).toEqual({
      api: `http://127.0.0.1:${port}`,
      demo: `http://127.0.0.1:${port + 1}`,
      dashboard: `http://127.0.0.1:${port}/dashboard`,
      rpc: { solana: `http://127.0.0.1:${port + 10}`, algorand: `http://127.0.0.1:${port + 20}` },
      publishableKey: expect.stringMatching(/^pk_test_[\w-]{16,}$/) as string,
      origin: `http://127.0.0.1:${port + 1}`,
      network: "solana:localnet",
      metricsToken: expect.stringMatching(/^[\w-]{32}$/) as string,
      claimCode: expect.stringMatching(/^[\w-]{27}$/) as string,
    });
  });

  test("the metrics open to the token of the line, and tell of the sponsor", async () => {
    const read = (token: string) => fetch(`${line.api}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    expect((await read("another-token-of-nobody")).status).toBe(401);
    const page = await (await read(line.metricsToken)).text();
    expect(page).toMatch(/^gasless_sponsor_balance\{network="solana:localnet",sponsor="spn_\w+"\} 10000000000$/m);
    expect(page).toMatch(/^gasless_sponsor_balance\{network="algorand:localnet",sponsor="spn_\w+"\} 1000000000$/m);
    for (const network of ["solana:localnet", "algorand:localnet"]) {
      expect(page).toMatch(
        new RegExp(`^gasless_heartbeat_timestamp_seconds\\{listener="sweeper ${network}"\\} \\d+`, "m"),
      );
    }
  });

  test("the demo page is where the line says, embeds the widget, and may call the API", async () => {
    expect(line.demo).toBe(line.origin);
    const page = await fetch(line.demo);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain(`<script type="module" src="${line.origin}/gasless-wallet.js"></script>`);
    userId = await signInAt(line);
    expect(userId).toMatch(/^usr_/);
  });

  test("a page of the developer's own may call the API, another one may not", async () => {
    expect(await signInAt({ ...line, origin: OWN_PAGE })).toBe(userId);
    await expect(signInAt({ ...line, origin: "http://localhost:5174" })).rejects.toThrow("origin_not_allowed");
  });

  test("the demo page's faucet gives tokens", async () => {
    const { address } = await createWallet(seed);
    const response = await fetch(`${line.demo}/faucet`, {
      method: "POST",
      headers: { origin: line.demo, "content-type": "application/json" },
      body: JSON.stringify({ address }),
    });
    expect(await response.json()).toMatchObject({ amount: "1000", decimals: 2 });
  });

  test("the page for Algorand is beside it, and its stamps are for who has opted in", async () => {
    const page = await (await fetch(`${line.demo}/algorand`)).text();
    expect(page).toContain(`data-algod-url="${line.rpc.algorand}"`);
    const response = await fetch(`${line.demo}/algorand/faucet`, {
      method: "POST",
      headers: { origin: line.demo, "content-type": "application/json" },
      body: JSON.stringify({ address: createAlgorandWallet(seed).address }),
    });
    expect(response.status).toBe(409);
  });

  test("the sponsor has money, and the faucet gives more", async () => {
    const chain = openChain(line, data);
    expect(await chain.readBalance()).toBe(10_000_000_000n);
    await chain.give(5n);
    await expect.poll(chain.readBalance).toBe(10_000_000_005n);
  });

  test("secrets are for their owner alone", () => {
    expect(statSync(join(data, "secrets.json")).mode & 0o777).toBe(0o600);
    expect(statSync(join(data, "worker.log")).mode & 0o777).toBe(0o600);
  });

  test("a second start on the same data is refused, and the first one goes on", async () => {
    const second = start({ GASLESS_DATA: data }, ["--json"]);
    expect(await second.ended()).toBe(1);
    expect(second.stderr()).toContain(`${data} is in use by another npm start (process `);
    expect(second.stdout()).toBe("");
    expect((await fetch(`${line.api}/live`)).status).toBe(200);
  });

  test("a taken port is reported in one sentence", async () => {
    const { port } = new URL(line.api);
    const second = start({ GASLESS_DATA: makeFolder(), PORT: port }, ["--json"]);
    expect(await second.ended()).toBe(1);
    expect(second.stderr()).toBe(`npm start: Port ${port} (API) is taken by another process; stop it or set PORT=…\n`);
  });

  test("SIGTERM to npm ends everything, with exit code 0", async () => {
    const tree = first.tree();
    expect(tree.length).toBeGreaterThan(5);
    expect(await first.end("SIGTERM")).toBe(0);
    expect(await findSurvivors(tree)).toEqual([]);
    await expectPortsFree(line);
    expect(first.stdout().split("\n")).toHaveLength(2);
  });

  test("a restart keeps the key, the users and the chain; SIGKILL to the supervisor leaves nothing", async () => {
    const again = start({ GASLESS_DATA: data }, ["--json"]);
    const second = await readLine(again);
    expect(second.publishableKey).toBe(line.publishableKey);
    expect(await signInAt(second)).toBe(userId);
    expect(await openChain(second, data).readBalance()).toBe(10_000_000_005n);

    const tree = again.tree();
    const supervisor = tree.find((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("node\0localnet/start"),
    );
    process.kill(supervisor ?? 0, "SIGKILL");
    expect(await again.ended()).not.toBe(0);
    expect(await findSurvivors(tree)).toEqual([]);
    await expectPortsFree(second);
  });

  test(
    "after a crash it starts on the same data and proves a first relay; Ctrl-C ends it",
    { timeout: 60_000 },
    async () => {
      const stack = start({ GASLESS_DATA: data });
      await stack.waitFor("Ctrl-C stops it.");
      const text = stack.stdout();
      expect(text).toContain(line.publishableKey);
      expect(text).toMatch(/transaction +[1-9A-HJ-NP-Za-km-z]{64,88}\n/);
      expect(text).toMatch(/relay +rly_\w+, finalized in slot \d+/);
      expect(text).toMatch(/user's balance +0 lamports before, 0 after/);
      expect(text).toMatch(/sponsor's balance +10000000005 lamports before, 9999990005 after/);
      expect(text).toMatch(/fee charged +10000 lamports/);
      expect(Number(/memory +(\d+) MB/.exec(text)?.[1])).toBeLessThan(1000);

      const tree = stack.tree();
      expect(await stack.end("SIGINT")).toBe(0);
      expect(await findSurvivors(tree)).toEqual([]);
    },
  );

  test("a stop during the start ends what was started, with exit code 0", async () => {
    const folder = makeFolder();
    const stack = start({ GASLESS_DATA: folder }, ["--json"]);
    const log = join(folder, "postgres", "postgres.log");
    for (let poll = 0; poll < 4_000 && !existsSync(log); poll += 1) await sleep(5);
    const tree = stack.tree();
    expect(await stack.end("SIGTERM")).toBe(0);
    expect(await findSurvivors(tree)).toEqual([]);
    expect(stack.stdout()).toBe("");
  });

  test("an unknown flag gets the usage", async () => {
    const stack = start({ GASLESS_DATA: makeFolder() }, ["--jsn"]);
    expect(await stack.ended()).toBe(2);
    expect(stack.stderr()).toMatch(/^npm start: unknown argument: --jsn\n\nUsage: /);
  });
});
