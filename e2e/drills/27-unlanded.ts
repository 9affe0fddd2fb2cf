import assert from "node:assert/strict";
import { prepareRelay } from "@gasless/localnet/api-client";
import { address, type Instruction } from "@solana/kit";
import type { Drill, Scene } from "./drill.ts";
import { buildIntent, createUsers, expectAccepted, type Intent, NO_RATE_LIMITS } from "./intents.ts";
import { sweepNow, untilAllEnded, usageOf } from "./ledger.ts";
import { lie } from "./nodes.ts";
import { inDigits, mapLimited, tally } from "./support.ts";

const RELAYS = { full: 20, short: 3 } as const;
const USERS = 4;
const FINALITY_DEPTH = 8;
/** Beyond every lifetime. */
const LIFE_SLOTS = 200;
const SIGNATURES_FEE = 10_000;
/** Without a limit of its own a transaction is quoted the most that it could use, and pays for what it gets by default. */
const PRICE_MICRO_LAMPORTS = 5_000;
const MOST_UNITS = 1_400_000;
/** A memo's, and a built-in program's for the price itself. Source: SIMD-0170. */
const DEFAULT_UNITS = 200_000 + 3_000;
const feeFor = (units: number): number => SIGNATURES_FEE + (PRICE_MICRO_LAMPORTS * units) / 1_000_000;
const QUOTED_FEE = feeFor(MOST_UNITS);
const REAL_FEE = feeFor(DEFAULT_UNITS);

/** Source: compute budget program, SetComputeUnitPrice: 3, then the price as u64. */
function setComputeUnitPrice(microLamports: number): Instruction {
  const data = new Uint8Array(9);
  data[0] = 3;
  new DataView(data.buffer).setBigUint64(1, BigInt(microLamports), true);
  return { programAddress: address("ComputeBudget111111111111111111111111111111"), data };
}

async function postAll(scene: Scene, users: Awaited<ReturnType<typeof createUsers>>): Promise<Intent[]> {
  const turns = Array.from({ length: RELAYS[scene.scale] }, (_, turn) => users[turn % users.length] ?? assert.fail());
  return mapLimited(turns, USERS, async (user) => {
    const prepared = await prepareRelay(user.target, user.token);
    const intent = await buildIntent(user, prepared, [setComputeUnitPrice(PRICE_MICRO_LAMPORTS)]);
    expectAccepted(await intent.post());
    return intent;
  });
}

/** From here on the node has seen everything that it is asked for, with this commitment; or nothing. */
function sayOfAll({ stack }: Scene, confirmationStatus: "confirmed" | "finalized" | undefined): void {
  lie(stack, stack.rpc, {
    getSignatureStatuses({ result }) {
      const { context, value } = result as { context: { slot: number }; value: unknown[] };
      const status = { slot: context.slot, confirmations: 1, err: null, status: { Ok: null }, confirmationStatus };
      return {
        jsonrpc: "2.0",
        id: 1,
        result: { context, value: value.map(() => (confirmationStatus ? status : null)) },
      };
    },
  });
}

/** Every relay that has not ended is in this state; nothing of it is charged, everything is held. */
async function expectOpen(scene: Scene, state: string): Promise<void> {
  await sweepNow(scene.stack);
  const { rows } = await scene.stack.database.query<{ state: string; charged: number; held: string; slots: number }>(
    `select r.state, count(r.charged_fee)::integer as charged, count(r.slot)::integer as slots,
        sum((select sum(h.amount) from relay_holds h where h.relay_id = r.id and h.charged is null and h.unit = 'fee'))::text as held
      from relays r where r.state in ('signed', 'submitted', 'confirmed') group by r.state`,
  );
  const relays = RELAYS[scene.scale];
  const slots = state === "confirmed" ? relays : 0;
  assert.deepEqual(rows, [{ state, charged: 0, held: String(relays * QUOTED_FEE), slots }]);
}

/** Confirmed, gone, said to be final without a record, gone again. */
async function unland(scene: Scene): Promise<void> {
  sayOfAll(scene, "confirmed");
  await expectOpen(scene, "confirmed");
  sayOfAll(scene, undefined);
  await expectOpen(scene, "submitted");
  sayOfAll(scene, "finalized");
  await expectOpen(scene, "confirmed");
  sayOfAll(scene, undefined);
  await expectOpen(scene, "submitted");
}

async function expectEnds(scene: Scene, relays: number, end: string): Promise<void> {
  const { stack } = scene;
  await untilAllEnded(stack);
  const { rows } = await stack.database.query<{ end: string }>(
    "select state || ', charged ' || charged_fee as end from relays order by id desc limit $1",
    [relays],
  );
  assert.equal(tally(rows.map((row) => row.end)), `${relays} × ${end}`);
}

export const unlanded: Drill = {
  number: 27,
  title: "what was confirmed and is gone again goes back, and is charged when it is final, what it really cost",
  stack: () => ({ slotMs: 0, finalityDepth: FINALITY_DEPTH }),
  async run(scene) {
    const { stack, say } = scene;
    const { chain, faults } = stack.solana;
    const target = await stack.createProject({
      ...NO_RATE_LIMITS,
      limits: [{ subjectKind: "project", window: "lifetime", unit: "fee", amount: 1_000_000_000n }],
    });
    const users = await createUsers(scene, target, USERS);

    faults.stopLanding({ keep: true });
    const relays = (await postAll(scene, users)).length;
    await unland(scene);
    stack.rpc.onRequest(undefined);
    faults.resumeLanding();
    chain.warp(FINALITY_DEPTH - 1);
    await expectOpen(scene, "confirmed");
    chain.warp(1);
    await expectEnds(scene, relays, `finalized, charged ${REAL_FEE}`);
    const say1 = `${relays} relays: confirmed, gone, finalized without a record, gone; held ${inDigits(QUOTED_FEE)} each all the while`;
    say(`${say1}; landed at last, charged ${inDigits(REAL_FEE)} each when final`);

    faults.stopLanding();
    await postAll(scene, users);
    await unland(scene);
    stack.rpc.onRequest(undefined);
    chain.warp(LIFE_SLOTS);
    await expectEnds(scene, relays, "expired, charged 0");
    faults.resumeLanding();
    const [usage] = await usageOf(stack);
    assert.deepEqual([usage?.used, usage?.held], [String(relays * REAL_FEE), "0"]);
    say(`${relays} more that never came back: expired when proven, charged nothing`);
  },
};
