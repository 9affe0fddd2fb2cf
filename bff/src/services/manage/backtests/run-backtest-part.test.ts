import { describe, expect, test } from "vitest";
import type { BacktestProgress, ClaimedJob, KeptDecision } from "../../../domain/job/job.ts";
import type { BacktestResult } from "../../../contract/manage/jobs.ts";
import type { Ports } from "../../../ports.ts";
import { runBacktestPart } from "./run-backtest-part.ts";

const NETWORK = "solana:devnet";
const SPONSOR = "sponsor";
const INPUT = { document: "draft", days: 7, from: "a", until: "z" };

const decision = (index: number, changes: Partial<KeptDecision> = {}): KeptDecision => ({
  id: `req_${String(index).padStart(6, "0")}`,
  decidedAt: `t${String(index).padStart(6, "0")}`,
  wallet: "solana:user",
  linkedWallets: [],
  policyVersion: 1,
  transaction: Uint8Array.of(0),
  code: null,
  fee: 5n,
  rent: 0n,
  ...changes,
});

/** Policies are texts that say what they refuse; a transaction that is not there cannot be read. */
function createWorld(kept: readonly KeptDecision[], msPerPage = 0) {
  const world = {
    nowMs: 0,
    isHeld: false,
    heldWhileJudging: 0,
    yields: 0,
    versionsRead: [] as number[],
    saved: [] as { progress: BacktestProgress; done: number; result: BacktestResult | undefined }[],
  };
  const readOf = (document: string, signers: readonly string[]) => ({
    cost: { fee: 7n, rent: 1n },
    isSignedByUser: signers.includes("user"),
    withLinkedWallets: (linked: readonly string[]) =>
      readOf(document, linked.includes("linked") ? ["user"] : ["nobody"]),
    judgeByRules() {
      if (world.isHeld) world.heldWhileJudging += 1;
      if (!signers.includes("user")) return { code: "transaction.signature_missing" };
      return document === "draft" || document === "version 1" ? undefined : { code: "policy.program_not_allowed" };
    },
  });
  const chain = {
    policies: { read: (document: string) => ({ ok: true, value: { compile: () => document } }) },
    read: ([transaction]: readonly Uint8Array[], scene: { policy: string; acceptedSponsors: readonly string[] }) => {
      expect(scene.acceptedSponsors).toEqual([SPONSOR]);
      if (transaction?.length === 0) return { ok: false, reason: { code: "transaction.malformed" } };
      return { ok: true, value: readOf(scene.policy, transaction?.[0] === 9 ? ["linked"] : ["user"]) };
    },
  };
  const ports = {
    chains: () => chain,
    clock: { nowMs: () => world.nowMs, sleep: async () => void (world.yields += 1) },
    store: {
      findProject: async () => ({
        project: { networks: [{ network: NETWORK, sponsorPool: [{ address: SPONSOR, state: "retired" }] }] },
      }),
      async release() {
        world.isHeld = false;
      },
    },
    jobs: {
      async listDecisions(_job: unknown, { after }: { after: { id: string } | undefined }, limit: number) {
        world.nowMs += msPerPage;
        world.isHeld = true;
        return kept.filter(({ id }) => id > (after?.id ?? "")).slice(0, limit);
      },
      async readPolicy(_job: unknown, version: number) {
        world.versionsRead.push(version);
        return `version ${version}`;
      },
      async saveBacktest(_job: unknown, progress: BacktestProgress, done: number, result: BacktestResult | undefined) {
        world.saved.push({ progress, done, result });
        return true;
      },
    },
  };
  const job = { id: "job_1", projectId: "prj_1", network: NETWORK } as ClaimedJob;
  // Nothing else may be needed.
  const run = (progress: BacktestProgress = {}) => runBacktestPart(ports as unknown as Ports, job, INPUT, progress);
  return { world, run };
}

const many = (count: number) => Array.from({ length: count }, (_, index) => decision(index + 1));

describe("a part of a backtest", () => {
  test("ends in time, and the next ones come to what one alone would", async () => {
    const inOne = createWorld(many(1_700));
    await inOne.run();
    const inParts = createWorld(many(1_700), 1_000);
    do {
      await inParts.run(JSON.parse(JSON.stringify(inParts.world.saved.at(-1)?.progress ?? {})) as BacktestProgress);
    } while (!inParts.world.saved.at(-1)?.result);
    expect(inParts.world.saved.map(({ done }) => done)).toEqual([1_000, 1_700]);
    expect(inOne.world.saved.map(({ done }) => done)).toEqual([1_700]);
    expect(inParts.world.saved.at(-1)?.result).toEqual(inOne.world.saved[0]?.result);
  });

  test("holds no connection while it judges, and lets others in again and again", async () => {
    const { world, run } = createWorld(many(600));
    await run();
    expect(world.heldWhileJudging).toBe(0);
    expect(world.yields).toBeGreaterThanOrEqual(600 / 25);
  });

  test("of a project without decisions is its end", async () => {
    const { world, run } = createWorld([]);
    await run();
    expect(world.saved).toMatchObject([{ done: 0, result: { decisions: 0, samples: [] } }]);
  });
});

describe("a decision", () => {
  const resultOf = async (...kept: readonly Partial<KeptDecision>[]) => {
    const { world, run } = createWorld(kept.map((changes, index) => decision(index + 1, changes)));
    await run();
    return { result: world.saved[0]?.result, versionsRead: world.versionsRead };
  };

  test("that was sponsored costs what was quoted, one that would be what it is worth now", async () => {
    const { result } = await resultOf(
      {},
      { code: "policy.program_not_allowed", policyVersion: 2, fee: null, rent: null },
    );
    expect(result).toMatchObject({
      stillSponsored: { count: 1, fee: "5", rent: "0" },
      newlySponsored: { count: 1, fee: "7", rent: "1" },
    });
  });

  test("is held against the policy of its time only where that tells whether a policy refused it, once a version", async () => {
    const refused = { code: "policy.fee_payer_misused", policyVersion: 1 };
    const { result, versionsRead } = await resultOf({}, { code: "budget.user_exhausted" }, refused, refused);
    expect(result).toMatchObject({ stillSponsored: { count: 1 }, refusedOtherwise: { count: 3 } });
    expect(versionsRead).toEqual([1]);
  });

  test("that was refused without a policy would be sponsored by one", async () => {
    const { result } = await resultOf({ code: "policy.not_published", policyVersion: null });
    expect(result).toMatchObject({ newlySponsored: { count: 1 } });
  });

  test("may be signed by a wallet that was linked on this network", async () => {
    const transaction = Uint8Array.of(9);
    const { result } = await resultOf(
      { transaction, linkedWallets: ["algorand:other", "solana:linked"] },
      { transaction, linkedWallets: ["algorand:linked"], code: "transaction.signature_missing" },
    );
    expect(result).toMatchObject({ stillSponsored: { count: 1 }, stillRefused: { count: 1 } });
  });

  test("that cannot be read stays what it was", async () => {
    const { result } = await resultOf({ transaction: new Uint8Array(), code: "transaction.too_large" });
    expect(result).toMatchObject({ unreadable: 1, codes: [{ code: "transaction.too_large", before: 1, after: 1 }] });
  });
});
