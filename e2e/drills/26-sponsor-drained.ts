import assert from "node:assert/strict";
import { buildTransaction, type Prepared, toBase64 } from "@gasless/localnet/api-client";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import { address, createNoopSigner } from "@solana/kit";
import { getTransferSolInstruction } from "@solana-program/system";
import type { Drill, Scene } from "./drill.ts";
import { createIntent, createUser, expectAccepted, outcomeOf, type User } from "./intents.ts";
import { relaysOf, untilState, usageOf } from "./ledger.ts";
import type { Delivery } from "./receiver.ts";
import { inDigits, inMs, timed, until } from "./support.ts";

const FEE = 10_000n;
/** What is left above the floor when the money has gone: not quite enough for three. */
const ROOM = 2n * FEE + 5_000n;
const TOP_UP = 1_000_000_000n;
/** What the scheduled run may take: production's comes each minute, and its alert must be there within it. */
const ALERT_MS = 10_000;

interface Thief {
  readonly key: LocalWallet;
  /** Takes so much that the sponsor keeps `left`. */
  leave(left: bigint): Promise<void>;
}

/** Somebody has the sponsor's key, and takes its money past the ledger. */
async function findThief(scene: Scene): Promise<Thief> {
  const { stack, taken } = scene;
  const [sponsor] = stack.sponsors;
  assert(sponsor);
  const key = await createWallet(Buffer.from(sponsor.seed, "base64"));
  const accomplice = await createWallet();
  await stack.airdrop(accomplice.address, 1_000_000_000n);
  return {
    key,
    async leave(left) {
      const amount = (await stack.balanceOf(sponsor.address)) - left;
      const { value } = await stack.callRpc<{ value: Prepared["lifetime"] }>("getLatestBlockhash", []);
      const transfer = getTransferSolInstruction({
        source: createNoopSigner(key.address),
        destination: address(accomplice.address),
        amount,
      });
      const lifetime = { feePayer: accomplice.address, lifetime: value };
      const wire = await buildTransaction(lifetime, [transfer], [key, accomplice]);
      await stack.callRpc("sendTransaction", [toBase64(wire), { encoding: "base64", skipPreflight: true }]);
      await untilFinalized(scene, left);
      taken.set(sponsor.address, (taken.get(sponsor.address) ?? 0n) + amount);
    },
  };
}

const untilFinalized = ({ stack }: Scene, balance: bigint): Promise<true> =>
  until("the finalized balance", async () => {
    const { value } = await stack.callRpc<{ value: number }>("getBalance", [stack.secrets.sponsorAddress]);
    return BigInt(value) === balance || undefined;
  });

async function expectRelayed(scene: Scene, user: User): Promise<void> {
  const { post } = await createIntent(scene, user);
  await untilState(scene.stack, expectAccepted(await post()).id, "finalized");
}

async function expectUnderfunded(scene: Scene, user: User): Promise<void> {
  const before = { usage: await usageOf(scene.stack), relays: await relaysOf(scene.stack) };
  const { post } = await createIntent(scene, user);
  const answer = await post();
  assert.equal(outcomeOf(answer), "sponsor.underfunded");
  assert.equal(answer.status, 503);
  assert(Number(answer.headers.get("retry-after")) >= 1);
  assert.deepEqual({ usage: await usageOf(scene.stack), relays: await relaysOf(scene.stack) }, before);
}

/** The next run of the cron, and what it tells whoever is on call. */
async function watchOnce({ stack, receiver }: Scene): Promise<{ told: readonly Delivery[]; tookMs: number }> {
  const before = receiver.deliveries.length;
  const { tookMs } = await timed(() => stack.worker().runScheduled());
  return { told: receiver.deliveries.slice(before), tookMs };
}

const namesOf = (told: readonly Delivery[]): string[] => told.map(({ kind, state }) => `${kind} ${state}`).toSorted();

function expectDiscreet(told: readonly Delivery[], hidden: readonly string[]): void {
  for (const { body } of told)
    assert(
      hidden.every((text) => !body.includes(text)),
      "an alert names an address",
    );
}

export const sponsorDrained: Drill = {
  number: 26,
  title: "a sponsor that was drained pays down to its floor, and whoever is on call knows within a minute",
  async run(scene) {
    const { stack, say, taken } = scene;
    const user = await createUser(scene);
    const thief = await findThief(scene);
    const sponsor = thief.key.address;
    const { rows } = await stack.database.query<{ floor: string }>("select balance_floor::text as floor from sponsors");
    const floor = BigInt(rows[0]?.floor ?? 0);
    await expectRelayed(scene, user);
    assert.deepEqual(namesOf((await watchOnce(scene)).told), []);

    await thief.leave(floor + ROOM);
    await expectRelayed(scene, user);
    await expectRelayed(scene, user);
    await expectUnderfunded(scene, user);
    const kept = await stack.balanceOf(sponsor);
    assert(kept >= floor, "it went below its floor");
    say(
      `drained to ${inDigits(ROOM)} lamports above its floor: two relays, then sponsor.underfunded, nothing held; it keeps ${inDigits(kept - floor)} above the floor`,
    );
    const alarm = await watchOnce(scene);
    const expected = ["ledger.difference open", "sponsor.balance_floor open", "sponsor.balance_low open"];
    assert.deepEqual(namesOf(alarm.told), expected);
    assert.deepEqual(namesOf((await watchOnce(scene)).told), [], "told twice within the hour");
    await thief.leave(floor / 2n);
    await expectUnderfunded(scene, user);
    say(`alerts came with the next scheduled run, within ${inMs(alarm.tookMs)}: ${namesOf(alarm.told).join(", ")}`);

    await stack.airdrop(sponsor, TOP_UP);
    taken.set(sponsor, (taken.get(sponsor) ?? 0n) - TOP_UP);
    const again = await timed(() => expectRelayed(scene, user));
    await untilFinalized(scene, await stack.balanceOf(sponsor));
    const topped = await watchOnce(scene);
    assert.deepEqual(namesOf(topped.told), ["sponsor.balance_floor resolved", "sponsor.balance_low resolved"]);
    say(`topped up: a relay was final ${inMs(again.tookMs)} later; ${namesOf(topped.told).join(", ")}`);
    expectDiscreet([...alarm.told, ...topped.told], [sponsor, user.wallet.address]);
    assert(Math.max(alarm.tookMs, topped.tookMs) < ALERT_MS, "an alert took too long");
  },
};
