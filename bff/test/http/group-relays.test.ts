import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { call, comeToNewProject, type Person } from "../support/people.ts";
import { createConnections, draftReservation } from "../support/reservations.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let connections: ReturnType<typeof createConnections>;
beforeAll(async () => {
  stack = await startStack();
  connections = createConnections(stack);
});
afterEach(() => connections.close());
afterAll(() => stack.close());

/** A relay that is signed, under the names that its chain gave it. */
async function signRelay(
  person: Person,
  names: { readonly transactionId: string; readonly group: { groupId: string; transactionIds: string[] } | null },
): Promise<string> {
  const queries = connections.connect();
  const relay = await draftReservation(stack, person);
  const { relayId, leaseToken } = relay;
  expect(await queries.reserveRelay(relay)).toMatchObject({ ok: true });
  const marked = await queries.markSigned({
    relayId,
    leaseToken,
    requestId: `req of ${relayId}`,
    wallet: "solana:anybody",
    accounts: [],
    transaction: { wire: new Uint8Array(1), ...names },
    lifetimeEnd: 1n,
  });
  expect(marked).toMatchObject({ ok: true, value: expect.any(Date) as Date });
  return relayId;
}

const readRelay = async (person: Person, id: string) => (await call(person, "GET", `/v1/relays/${id}`)).body;

test("a relay of a group tells the ids of the whole of it in order, instead of one; another one tells its one", async () => {
  const person = await comeToNewProject(stack);
  const group = { groupId: "Z3JvdXA=", transactionIds: ["sponsor's", "B", "A", "C"] };
  const ofGroup = await signRelay(person, { transactionId: "sponsor's", group });
  const alone = await signRelay(person, { transactionId: "alone", group: null });

  const [grouped, single] = [await readRelay(person, ofGroup), await readRelay(person, alone)];
  expect(grouped).toMatchObject({ id: ofGroup, state: "signed", ...group });
  expect(grouped).not.toHaveProperty("transactionId");
  expect(single).toMatchObject({ id: alone, state: "signed", transactionId: "alone" });
  expect(single).not.toHaveProperty("groupId");
  expect(single).not.toHaveProperty("transactionIds");

  const list = await call<{ data: readonly { id: string }[] }>(person, "GET", "/v1/relays");
  expect(list.body.data).toEqual(
    [grouped, single].toSorted((one, other) => (String(one["id"]) < String(other["id"]) ? 1 : -1)),
  );
});
