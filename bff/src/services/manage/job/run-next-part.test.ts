import { describe, expect, test } from "vitest";
import type { ClaimedJob } from "../../../domain/job/job.ts";
import { failure, success } from "../../../domain/result.ts";
import { AppError } from "../../../errors.ts";
import type { JobQueuePort, Ports } from "../../../ports.ts";
import { runNextPart } from "./run-next-part.ts";

type Part = Awaited<ReturnType<JobQueuePort["importPart"]>>;

/** One import, whose part ends as it is told to. */
function createWorld(attempts: number, importPart: () => Promise<Part>) {
  const world = { failed: [] as unknown[], told: [] as string[], imported: 0 };
  const job: ClaimedJob = {
    id: "job_1",
    leaseToken: "lease",
    projectId: "prj_1",
    network: "solana:devnet",
    attempts,
    work: { kind: "import" },
  };
  const ports = {
    random: { uuid: () => "lease" },
    log: {
      warn: (event: string) => void world.told.push(event),
      error: (event: string) => void world.told.push(event),
    },
    jobs: {
      claim: async () => job,
      async importPart() {
        world.imported += 1;
        return importPart();
      },
      async failPart(_job: unknown, end: object, error: { detail: string }) {
        world.failed.push({ ...end, detail: error.detail });
      },
    },
  };
  // Nothing else may be needed.
  return { world, run: () => runNextPart(ports as unknown as Ports) };
}

const fault = () => Promise.reject(new AppError("store.unavailable", undefined, { cause: new Error("secret") }));

describe("a part that fails", () => {
  test.each([
    [1, 5],
    [2, 30],
    [3, 120],
    [4, 600],
  ])("for the %i. time is tried again after %i seconds", async (attempts, againInSeconds) => {
    const { world, run } = createWorld(attempts, fault);
    expect(await run()).toBe(true);
    expect([world.failed, world.told]).toMatchObject([[{ againInSeconds }], ["job.part_failed"]]);
  });

  test("for the fifth time makes its job a dead letter, whose error says nothing of the inside", async () => {
    const { world, run } = createWorld(5, fault);
    await run();
    expect([world.failed, world.told]).toMatchObject([[{ state: "dead" }], ["job.dead"]]);
    expect(JSON.stringify(world.failed)).not.toContain("secret");
  });

  test("with the process, five times, is not begun again", async () => {
    const { world, run } = createWorld(6, async () => success("more" as const));
    await run();
    expect([world.imported, world.failed]).toMatchObject([0, [{ state: "dead" }]]);
  });

  test("because it is refused ends its job at once, with the reason", async () => {
    const refusal = { code: "manage.conflict", detail: "The list is full." } as const;
    const { world, run } = createWorld(1, async () => failure({ kind: "refused", refusal }));
    await run();
    expect(world.failed).toEqual([{ state: "failed", detail: "The list is full." }]);
  });
});

test("a part whose lease was lost is nobody's failure", async () => {
  const { world, run } = createWorld(1, async () => success("lost" as const));
  expect(await run()).toBe(true);
  expect([world.failed, world.told]).toEqual([[], []]);
});
