import type { Relay, RelayList, RelayListQuery, RelayQuery } from "../../contract/index.ts";
import { isFinal } from "../../domain/relay.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import type { AccessClaims } from "../../domain/session.ts";
import { requireSession } from "../auth/sessions.ts";
import { settleRelays } from "./settle-relays.ts";
import { viewRelay } from "./view-relay.ts";

/** About one look each second; the jitter keeps many waiting users from asking in step. */
const LOOK_EVERY_MS = 1_000;
const JITTER_MS = 100;

/**
 * The user's relay, at once or when its state is another than `after`. Whoever waits also looks after the relay, so
 * that it never depends on a wake-up.
 * @throws relay.not_found
 */
export async function readRelay(
  ports: Ports,
  claims: AccessClaims,
  relayId: string,
  { wait, after }: RelayQuery,
): Promise<Relay> {
  const { store, clock, random } = ports;
  const deadlineMs = clock.nowMs() + wait * 1000;
  const look = async () => {
    const found = await store.readRelay(claims.projectId, claims.userId, relayId);
    if (!found) throw new AppError("relay.not_found", "There is no such relay of this user.");
    return found;
  };
  let [found] = await Promise.all([look(), requireSession(ports, claims)]);
  const known = after ?? found.relay.state;
  for (;;) {
    const isAnswer = isFinal(found.relay.state) || found.relay.state !== known;
    const leftMs = deadlineMs - clock.nowMs();
    if (isAnswer || leftMs <= 0) return viewRelay(found.relay);
    const dueInMs = found.dueInMs ?? LOOK_EVERY_MS;
    if (dueInMs <= 0 && (await settleRelays(ports, found.relay.network, relayId)) > 0) {
      found = await look();
      continue;
    }
    // When it is due if that is sooner, so that news waits for nobody; somebody else's look is asked about each second.
    const untilLookMs = dueInMs > 0 ? Math.min(dueInMs, LOOK_EVERY_MS) : LOOK_EVERY_MS;
    const jitterMs = ((random.bytes(1)[0] ?? 0) / 256) * JITTER_MS;
    await store.release();
    await clock.sleep(Math.min(leftMs, untilLookMs + jitterMs));
    found = await look();
  }
}

/** The user's relays, newest first. */
export async function listRelays(
  ports: Ports,
  claims: AccessClaims,
  { limit, cursor }: RelayListQuery,
): Promise<RelayList> {
  const [rows] = await Promise.all([
    ports.store.listRelays(claims.projectId, claims.userId, limit + 1, cursor),
    requireSession(ports, claims),
  ]);
  const page = rows.slice(0, limit);
  return { data: page.map(viewRelay), nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}
