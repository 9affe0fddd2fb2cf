import { randomBytes } from "node:crypto";
import { createDatabase } from "../../src/adapters/sql/database.ts";
import { createRelayQueries } from "../../src/adapters/sql/relays.ts";
import type { Reservation } from "../../src/domain/reservation.ts";
import type { Person } from "./people.ts";
import { NETWORK, type Stack } from "./stack.ts";

/** A relay of this person's that no worker has looked at: only SQL is left to refuse it. */
export async function draftReservation(
  { database, secrets }: Stack,
  { target: { projectId }, tokens }: Person,
  changes: Partial<Reservation> = {},
): Promise<Reservation> {
  const { rows } = await database.query<{ revision: string }>("select revision from projects where id = $1", [
    projectId,
  ]);
  return {
    relayId: `rly_${randomBytes(13).toString("hex")}`,
    projectId,
    revision: BigInt(rows[0]?.revision ?? 0),
    userId: tokens.user.id,
    sessionId: tokens.session.id,
    network: NETWORK,
    policyVersion: 1,
    sponsor: secrets.sponsorAddress,
    idempotencyKey: crypto.randomUUID(),
    fingerprint: new Uint8Array(32),
    messageHash: randomBytes(32),
    transaction: new Uint8Array(1),
    accounts: [],
    allotments: [],
    fee: 10_000n,
    rent: 0n,
    leaseToken: crypto.randomUUID(),
    ...changes,
  };
}

/** The statements of a worker's requests, each on a connection of its own until `close`. */
export function createConnections({ database }: Stack) {
  const open: ReturnType<typeof createDatabase>[] = [];
  return {
    connect() {
      const connection = createDatabase(String(database.options.connectionString));
      open.push(connection);
      return createRelayQueries(connection);
    },
    close: async () => void (await Promise.all(open.splice(0).map((connection) => connection.close()))),
  };
}
