import assert from "node:assert/strict";
import type { Drill, Scene } from "./drill.ts";
import { createIntents, createUsers, outcomeOf, type User } from "./intents.ts";
import { type Usage, usageOf } from "./ledger.ts";
import { mapLimited, tally } from "./support.ts";

const FEE = 10_000n;
/** How many of them one limit has room for. */
const ROOM = 3;
const ASKED = 20;
const CONCURRENCY = 10;

const SUBJECTS = ["user", "project", "policy"] as const;
const UNITS = { relays: 1n, fee: FEE } as const;

/** Both units for every subject, all of them wide. */
const wideLimits = SUBJECTS.flatMap((subjectKind) =>
  (["relays", "fee"] as const).map((unit) => ({
    subjectKind,
    window: "lifetime" as const,
    unit,
    amount: 1_000n * UNITS[unit],
  })),
);

interface Case {
  readonly name: string;
  readonly refusal: string;
  /** Makes one limit of the project, or its sponsor's own, so narrow that it has room for `ROOM`. */
  readonly narrow: (scene: Scene, projectId: string, sponsorId: string) => Promise<unknown>;
}

const narrowLimit = (subjectKind: string, unit: keyof typeof UNITS): Case => ({
  name: `${unit} of the ${subjectKind}`,
  refusal: "budget.lifetime_exhausted",
  narrow: ({ stack }, projectId) =>
    stack.database.query("update limits set amount = $4 where project_id = $1 and subject_kind = $2 and unit = $3", [
      projectId,
      subjectKind,
      unit,
      BigInt(ROOM) * UNITS[unit],
    ]),
});

const CASES: readonly Case[] = [
  ...SUBJECTS.flatMap((subject) => [narrowLimit(subject, "relays"), narrowLimit(subject, "fee")]),
  {
    name: "fee of the sponsor itself",
    refusal: "sponsor.unavailable",
    narrow: ({ stack }, _projectId, sponsorId) =>
      stack.database.query(
        `insert into limits (id, sponsor_id, network, subject_kind, "window", unit, amount)
          values ('lim_of_sponsor', $1, 'solana:localnet', 'sponsor', 'lifetime', 'fee', $2)`,
        [sponsorId, BigInt(ROOM) * FEE],
      ),
  },
];

const postAll = async (users: readonly User[]): Promise<string[]> =>
  mapLimited(await createIntents(users, ASKED), CONCURRENCY, async ({ post }) => outcomeOf(await post()));

/** What a limit of this unit has taken of the relays that went through, spent or still held. */
const isExactly = (relays: number, { unit, used, held }: Usage): boolean =>
  BigInt(used) + BigInt(held) === BigInt(relays) * (unit === "fee" ? FEE : 1n);

export const oneLimitFull: Drill = {
  number: 2,
  title: "a limit that is full takes nothing from any other",
  stack: () => ({ slotMs: 400, finalityDepth: 8 }),
  async run(scene) {
    const { stack, say } = scene;
    const bystander = await stack.createProject({ limits: wideLimits });
    const [neighbour] = await createUsers(scene, bystander, 1);
    assert(neighbour);
    for (const { name, refusal, narrow } of CASES) {
      const target = await stack.createProject({ limits: wideLimits });
      await narrow(scene, target.projectId, target.sponsorId);
      const users = await createUsers(scene, target, 1);
      const outcomes = await postAll(users);
      assert.equal(
        tally(outcomes),
        tally([...Array(ROOM).fill("202"), ...Array(ASKED - ROOM).fill(refusal)] as string[]),
      );
      const own = (await usageOf(stack)).filter((usage) => usage.project_id === target.projectId);
      assert.equal(own.length, wideLimits.length);
      for (const usage of own) assert(isExactly(ROOM, usage), `${name}: ${JSON.stringify(usage)}`);
      say(`${name}: ${tally(outcomes)}; each of the ${own.length} limits has taken ${ROOM}`);
    }
    // The sponsor's own budget stays full for everybody.
    await stack.database.query("update limits set amount = $1 where sponsor_id is not null", [1_000n * FEE]);
    const untouched = (await usageOf(stack)).filter((usage) => usage.project_id === bystander.projectId);
    assert.deepEqual(untouched, [], "a project that asked for nothing has been charged");
    assert.equal(tally(await postAll([neighbour])), `${ASKED} × 202`);
  },
};
