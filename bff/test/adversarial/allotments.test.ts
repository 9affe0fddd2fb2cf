import { randomBytes } from "node:crypto";
import type { SeededProject } from "@gasless/db/factories";
import type { ApiTarget } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Reservation, ReservationOutcome, StoreRefusal } from "../../src/domain/reservation.ts";
import type { Result } from "../../src/domain/result.ts";
import { comeIn, link, nameOf, type Person, unlink } from "../support/people.ts";
import { createConnections, draftReservation } from "../support/reservations.ts";
import { NETWORK, type Stack, startStack } from "../support/stack.ts";
import { EMPTY_LEDGER, ledgerOf } from "../support/visitor.ts";
import { addressOf } from "../support/wire.ts";

const OTHER_NETWORK = "solana:devnet";
const OTHER_SPONSOR = addressOf(40);

let stack: Stack;
let connections: ReturnType<typeof createConnections>;
beforeAll(async () => {
  stack = await startStack();
  connections = createConnections(stack);
});
afterEach(() => connections.close());
afterAll(() => stack.close());

/** A project on two networks. */
async function createProject(): Promise<ApiTarget & SeededProject> {
  const names = { name: `Shop ${crypto.randomUUID()}`, publishableKey: `pk_test_${randomBytes(16).toString("hex")}` };
  await stack.createProject({ ...names, network: OTHER_NETWORK, sponsorAddress: OTHER_SPONSOR });
  return stack.createProject(names);
}

const comeToProject = async (): Promise<Person> => comeIn(await createProject());

interface Asked {
  readonly relay: Reservation;
  readonly outcome: Result<ReservationOutcome, StoreRefusal>;
}

/** Asks SQL for a relay that gives these, past every rule of the worker's. */
async function ask(person: Person, allotments: readonly string[], changes: Partial<Reservation> = {}): Promise<Asked> {
  const relay = await draftReservation(stack, person, { allotments, ...changes });
  return { relay, outcome: await connections.connect().reserveRelay(relay) };
}

const RESERVED = { ok: true, value: { outcome: "reserved" } };

/** Asks, and is given. */
async function take(person: Person, allotments: readonly string[], changes?: Partial<Reservation>): Promise<Asked> {
  const asked = await ask(person, allotments, changes);
  expect(asked.outcome).toMatchObject(RESERVED);
  return asked;
}

const given = (allotment: string) => ({
  ok: false,
  reason: { kind: "refused", refusal: { code: "policy.rent_not_sponsored", context: { allotment } } },
});

const wasReserved = ({ outcome }: Asked): boolean => outcome.ok && outcome.value.outcome === "reserved";

/** Which of these the person has been given, as prepare asks. */
const listGiven = ({ target, tokens, wallet }: Person, allotments: readonly string[], network = NETWORK) =>
  connections
    .connect()
    .listAllotments(
      { projectId: target.projectId, userId: tokens.user.id, network, wallet: nameOf(wallet) },
      allotments,
    );

const FAILURE = { code: "transaction.expired", detail: "It never landed." };

async function sign({ relay: { relayId, leaseToken } }: Asked): Promise<void> {
  const marked = await connections.connect().markSigned({
    relayId,
    leaseToken,
    requestId: `req_${randomBytes(13).toString("hex")}`,
    wallet: "solana:anybody",
    accounts: [],
    transaction: { wire: new Uint8Array(1), transactionId: relayId, group: null },
    lifetimeEnd: 1n,
  });
  expect(marked).toMatchObject({ ok: true, value: expect.any(Date) as Date });
}

/** As a sweeper ends it. */
async function settle({ relay: { relayId } }: Asked, state: "rejected" | "finalized" | "expired"): Promise<void> {
  await stack.database.query(
    "update relays set next_check_at = now(), lease_until = now() - interval '1 second' where id = $1",
    [relayId],
  );
  const leaseToken = crypto.randomUUID();
  const queries = connections.connect();
  expect(await queries.claimRelays(NETWORK, leaseToken, relayId)).toHaveLength(1);
  await queries.settleRelays(leaseToken, [
    { id: relayId, state, chargedFee: "0", chargedRent: "0", failure: FAILURE, checkAfterMs: 0 },
  ]);
}

/** Every way in which a relay ends without having given anything. */
const GIVING_BACK: readonly (readonly [string, (asked: Asked) => Promise<void>])[] = [
  [
    "was rejected",
    async ({ relay: { relayId, leaseToken } }) => {
      expect(await connections.connect().rejectRelay(relayId, leaseToken, FAILURE, 422, "{}")).toBe(true);
    },
  ],
  [
    "was abandoned",
    async ({ relay: { relayId, leaseToken } }) => {
      expect(await connections.connect().abandonRelay(relayId, leaseToken)).toBe(true);
    },
  ],
  ["died with its process before it was signed", (asked) => settle(asked, "rejected")],
  [
    "has expired",
    async (asked) => {
      await sign(asked);
      await settle(asked, "expired");
    },
  ],
];

describe("what each user is given once", () => {
  test("is given by one of eight relays that ask at the very same time, in whatever order they name it", async () => {
    for (let round = 0; round < 5; round++) {
      const person = await comeToProject();
      const asked = await Promise.all(
        Array.from({ length: 8 }, (_, index) => ask(person, index % 2 === 0 ? ["a", "b"] : ["b", "a"])),
      );
      expect(asked.filter(wasReserved)).toHaveLength(1);
      for (const { outcome } of asked.filter((one) => !wasReserved(one))) expect(outcome).toMatchObject(given("a"));
      expect(await listGiven(person, ["a", "b"])).toEqual(new Set(["a", "b"]));
    }
  });

  test("is not given again while its relay is open, nor after it has landed", async () => {
    const person = await comeToProject();
    const first = await take(person, ["asset 7"]);
    expect((await ask(person, ["asset 7"])).outcome).toMatchObject(given("asset 7"));
    await sign(first);
    expect((await ask(person, ["asset 7"])).outcome).toMatchObject(given("asset 7"));
    await settle(first, "finalized");
    expect((await ask(person, ["asset 7"])).outcome).toMatchObject(given("asset 7"));
    expect((await ask(person, ["asset 8", "asset 7"])).outcome).toMatchObject(given("asset 7"));
  });

  test("is told to a request that repeats itself by its key as the relay that it was, not as a refusal", async () => {
    const person = await comeToProject();
    const first = await take(person, ["asset 7"]);
    await sign(first);
    const { idempotencyKey, messageHash } = first.relay;
    const again = await ask(person, ["asset 7"], { idempotencyKey, messageHash });
    expect(again.outcome).toEqual({ ok: true, value: { outcome: "replay", relayId: first.relay.relayId } });
  });

  test("is named twice by a relay and is still one", async () => {
    const person = await comeToProject();
    await take(person, ["asset 7", "asset 7"]);
    expect(await listGiven(person, ["asset 7"])).toEqual(new Set(["asset 7"]));
  });

  test.each(GIVING_BACK)("comes back from a relay that %s, and then is given once more", async (_, end) => {
    const person = await comeToProject();
    await end(await take(person, ["asset 7", "asset 8"]));
    expect(await listGiven(person, ["asset 7", "asset 8"])).toEqual(new Set());
    const asked = await Promise.all(Array.from({ length: 6 }, () => ask(person, ["asset 8", "asset 7"])));
    expect(asked.filter(wasReserved)).toHaveLength(1);
    expect((await ask(person, ["asset 7"])).outcome).toMatchObject(given("asset 7"));
  });

  test("is not taken back from who has it by the end of a relay that had it before", async () => {
    const person = await comeToProject();
    const former = await take(person, ["asset 7"]);
    expect(
      await connections.connect().rejectRelay(former.relay.relayId, former.relay.leaseToken, FAILURE, 422, "{}"),
    ).toBe(true);
    await take(person, ["asset 7"]);
    await stack.database.query("delete from idempotency_keys where relay_id = $1", [former.relay.relayId]);
    await stack.database.query("delete from relays where id = $1", [former.relay.relayId]);
    expect((await ask(person, ["asset 7"])).outcome).toMatchObject(given("asset 7"));
  });

  test("leaves nothing of a relay that is refused for it: no other gift, no hold, no key", async () => {
    const person = await comeToProject();
    const first = await take(person, ["asset 7"]);
    const { idempotencyKey, messageHash } = (await ask(person, ["asset 6", "asset 7"])).relay;
    expect(await listGiven(person, ["asset 6", "asset 7"])).toEqual(new Set(["asset 7"]));
    expect(await ledgerOf(stack, person.target)).toMatchObject({ relays: { received: 1 }, keys: 1 });
    await take(person, ["asset 6"], { idempotencyKey, messageHash });
    expect(await connections.connect().abandonRelay(first.relay.relayId, first.relay.leaseToken)).toBe(true);
  });

  test("leaves nothing of a relay that a budget refuses", async () => {
    const target = await stack.createProject({
      limits: [{ subjectKind: "user", window: "lifetime", unit: "rent", amount: 100_000n }],
    });
    const person = await comeIn(target);
    const refused = await ask(person, ["asset 7"], { rent: 100_001n });
    expect(refused.outcome).toMatchObject({ reason: { refusal: { code: "budget.lifetime_exhausted" } } });
    expect(await ledgerOf(stack, target)).toEqual(EMPTY_LEDGER);
    await take(person, ["asset 7"], { rent: 100_000n });
  });

  test("is another one for another user, on another network and in another project", async () => {
    const target = await createProject();
    const [person, neighbour] = [await comeIn(target), await comeIn(target)];
    await take(person, ["asset 7"]);
    await take(neighbour, ["asset 7"]);
    await take(person, ["asset 7"], { network: OTHER_NETWORK, sponsor: OTHER_SPONSOR });
    // The same wallet: elsewhere it is somebody else.
    const elsewhere = await comeIn(await createProject(), person.wallet);
    expect(await listGiven(elsewhere, ["asset 7"])).toEqual(new Set());
    await take(elsewhere, ["asset 7"]);
    expect((await ask(person, ["asset 7"])).outcome).toMatchObject(given("asset 7"));
  });

  test("is one for all wallets of a user, and stays with a wallet that leaves and comes to somebody else", async () => {
    const target = await createProject();
    const owner = await comeIn(target);
    const second = await createWallet();
    await take(owner, ["asset 7"]);
    await link(owner, second);
    const asSecond = await comeIn(target, second);
    expect((await ask(asSecond, ["asset 7"])).outcome).toMatchObject(given("asset 7"));
    expect((await unlink(owner, owner.wallet)).status).toBe(204);
    const stranger = await comeIn(target);
    await link(stranger, owner.wallet);
    const asOwner = await comeIn(target, owner.wallet);
    expect(asOwner.tokens.user.id).toBe(stranger.tokens.user.id);
    expect((await ask(asOwner, ["asset 7"])).outcome).toMatchObject(given("asset 7"));
    expect(await listGiven(asOwner, ["asset 7"])).toEqual(new Set(["asset 7"]));
  });
});

describe("what a user has been given", () => {
  const preview = ({ target, tokens, wallet }: Person, allotments: readonly string[]) =>
    connections.connect().previewRelay({
      projectId: target.projectId,
      userId: tokens.user.id,
      wallet: nameOf(wallet),
      network: NETWORK,
      policyVersion: 1,
      sponsor: stack.secrets.sponsorAddress,
      accounts: [],
      allotments,
    });

  test("is told of what was asked alone, to whose it is", async () => {
    const target = await createProject();
    const [person, neighbour] = [await comeIn(target), await comeIn(target)];
    await take(person, ["asset 7", "asset 9"]);
    expect(await listGiven(person, ["asset 7", "asset 8"])).toEqual(new Set(["asset 7"]));
    expect(await listGiven(person, [])).toEqual(new Set());
    expect(await listGiven(neighbour, ["asset 7"])).toEqual(new Set());
    expect(await listGiven(person, ["asset 7"], OTHER_NETWORK)).toEqual(new Set());
  });

  test("is foretold to a relay that would ask for it again, without holding anything", async () => {
    const person = await comeToProject();
    expect(await preview(person, ["asset 7"])).toMatchObject({ givenAllotment: undefined });
    const first = await take(person, ["asset 7", "asset 9"]);
    expect(await preview(person, ["asset 9", "asset 8", "asset 7"])).toMatchObject({ givenAllotment: "asset 7" });
    expect(await preview(person, ["asset 8"])).toMatchObject({ givenAllotment: undefined });
    expect(await preview(person, [])).toMatchObject({ givenAllotment: undefined });
    await take(person, ["asset 8"]);
    expect(await connections.connect().abandonRelay(first.relay.relayId, first.relay.leaseToken)).toBe(true);
    expect(await preview(person, ["asset 7"])).toMatchObject({ givenAllotment: undefined });
  });
});
