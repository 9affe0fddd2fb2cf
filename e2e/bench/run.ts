import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "@gasless/db/migrate";
import {
  type ApiTarget,
  buildTransaction,
  expectStatus,
  memoBy,
  postRelay,
  prepareRelay,
  signIn,
} from "@gasless/localnet/api-client";
import { createDatabase } from "@gasless/localnet/postgres/databases";
import { startPostgres } from "@gasless/localnet/postgres/server";
import { printSideBySide } from "@gasless/localnet/testing/side-by-side";
import { type Stack, startStack, TEMPLATE } from "@gasless/localnet/testing/stack";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import { build } from "../../tools/build.ts";
import { cpuMsOf } from "./cpu.ts";
import { compareRelays, compareReservations, createBenchProject, DENY_ENTRIES } from "./deny-entries.ts";
import { type Load, runLoad } from "./load.ts";
import { countWaits } from "./waits.ts";

const SIGN_INS = 400;
const RELAYS = 600;
const RELAYS_PER_USER = 20;
const CONCURRENCY = 16;
const UNLIMITED = 10_000_000;
const SETTLE_DEADLINE_MS = 60_000;
/** By this much at most a reservation may grow with a project's deny entries. */
const MAX_GROWTH = 1.1;

const line = (name: string, { perSecond, medianMs, p95Ms, count }: Load): void =>
  console.log(
    `${name.padEnd(10)} ${perSecond.toFixed(0)} per second (${count}, ${CONCURRENCY} at a time; median ${medianMs.toFixed(1)} ms, p95 ${p95Ms.toFixed(1)} ms)`,
  );

async function benchSignIns(target: ApiTarget): Promise<{ wallet: LocalWallet; token: string }[]> {
  const wallets = await Promise.all(Array.from({ length: SIGN_INS }, () => createWallet()));
  const users: { wallet: LocalWallet; token: string }[] = [];
  const load = await runLoad(wallets, CONCURRENCY, async (wallet) => {
    users.push({ wallet, token: (await signIn(target, wallet)).accessToken });
  });
  line("sign-ins", load);
  return users;
}

async function benchRelays(
  stack: Stack,
  target: ApiTarget,
  users: readonly { wallet: LocalWallet; token: string }[],
): Promise<void> {
  const [first] = users;
  if (!first) throw new Error("nobody has signed in");
  const prepared = await prepareRelay(target, first.token);
  // Users take turns, as they would: one user's relays wait for each other at that user's own limits.
  const senders = users.slice(0, RELAYS / RELAYS_PER_USER);
  const posts = await Promise.all(
    Array.from({ length: RELAYS_PER_USER }, (_, turn) =>
      senders.map(async ({ wallet, token }) => ({
        token,
        wire: await buildTransaction(prepared, [memoBy(wallet, `bench ${turn}`)], [wallet]),
      })),
    ).flat(),
  );
  const cpuBeforeMs = cpuMsOf(stack.worker().pid);
  const load = await runLoad(posts, CONCURRENCY, async ({ token, wire }) => {
    expectStatus(await postRelay(target, token, wire), 202);
  });
  const acceptedAtMs = performance.now();
  await untilSettled(stack);
  line("relays", load);
  console.log(`settled    ${((performance.now() - acceptedAtMs) / 1000).toFixed(1)} s after the last was accepted`);
  const cpuMs = (cpuMsOf(stack.worker().pid) - cpuBeforeMs) / RELAYS;
  console.log(`CPU        ${cpuMs.toFixed(2)} ms of workerd per relay, from the request to the settlement`);
}

/** In a process of its own, with nothing beside it: it calls the code itself, which only the BFF's own folder may do. */
async function benchAlone(script: string): Promise<void> {
  const child = spawn(process.execPath, [`bff/test/bench/${script}`], { stdio: ["ignore", "inherit", "inherit"] });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) process.exitCode = 1;
}

async function benchDenyEntries(stack: Stack): Promise<void> {
  const [full, empty] = [await createBenchProject(stack, DENY_ENTRIES), await createBenchProject(stack, 0)];
  const entries = `${DENY_ENTRIES.toLocaleString("en")} deny entries / none`;
  const reservations = await compareReservations(stack, full, empty);
  printSideBySide(`CPU of reserve_relay(), ${entries}`, reservations, { unit: "us", max: MAX_GROWTH });
  printSideBySide(`POST /v1/relays, ${entries}`, await compareRelays(full, empty), { unit: "ms" });
}

async function untilSettled({ database }: Stack): Promise<void> {
  const deadlineMs = performance.now() + SETTLE_DEADLINE_MS;
  while (performance.now() < deadlineMs) {
    const { rows } = await database.query<{ state: string; count: string }>(
      "select state, count(*) from relays group by state",
    );
    if (rows.every(({ state }) => state === "finalized")) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the relays have not settled in time");
}

const bundleBytes = build();
await benchAlone("decision.ts");
await benchAlone("sign-in-methods.ts");
const dataFolder = mkdtempSync(join(tmpdir(), "gasless-bench-"));
const postgres = await startPostgres({ dataFolder });
try {
  await migrateDatabase(await createDatabase(postgres.url, TEMPLATE));
  const stack = await startStack({ postgresUrl: postgres.url, template: TEMPLATE, slotMs: 400, finalityDepth: 32 });
  try {
    console.log(`bundle     ${bundleBytes} bytes gzipped`);
    const waits = await countWaits(stack);
    console.log(`waits      POST /v1/sessions ${waits.sessions}, POST /v1/relays ${waits.relays}, with warm caches`);
    await untilSettled(stack);
    await benchDenyEntries(stack);
    await untilSettled(stack);
    const target = await stack.createProject({
      limits: [{ subjectKind: "user", window: "day", unit: "relays", amount: 1_000n }],
      addressRequestsPerMinute: UNLIMITED,
      userRelaysPerMinute: UNLIMITED,
    });
    await benchRelays(stack, target, await benchSignIns(target));
  } finally {
    await stack.close();
  }
} finally {
  await postgres.stop();
  rmSync(dataFolder, { recursive: true, force: true });
}
