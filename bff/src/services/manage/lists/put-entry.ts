import type { ListEntry } from "../../../contract/manage/lists.ts";
import { type NetworkName, walletOf } from "../../../domain/network.ts";
import { AppError } from "../../../errors.ts";
import type { ListName, ManageStore, NetworkPlace } from "../../../manage-ports.ts";
import type { Ports } from "../../../ports.ts";
import { normalizeAddress } from "../wallets.ts";
import { readTime } from "./read-time.ts";

/** A wallet is named with its family elsewhere; on a list of one network that says nothing more. */
export function bareAddress(network: NetworkName, text: string): string {
  const prefix = walletOf(network, "");
  return text.trim().startsWith(prefix) ? text.trim().slice(prefix.length) : text.trim();
}

/** @throws request.not_found */
export async function assertNetworkOf(store: ManageStore, { projectId, network }: NetworkPlace): Promise<void> {
  const networks = await store.listNetworks(projectId);
  if (networks.some((own) => own.network === network)) return;
  throw new AppError("request.not_found", "The project does not have this network.");
}

/** A project's sponsor is an account of each of its transactions. @throws manage.conflict where one of these is denied */
export async function assertNoSponsor(
  store: ManageStore,
  list: ListName,
  { projectId, network }: NetworkPlace,
  addresses: readonly string[],
): Promise<void> {
  if (list !== "denied") return;
  const sponsors = await store.listSponsors({ id: projectId, organizationId: null });
  const paying = new Set(sponsors.filter((own) => own.isMember && own.network === network).map((own) => own.address));
  const sponsor = addresses.find((address) => paying.has(address));
  if (sponsor === undefined) return;
  throw new AppError(
    "manage.conflict",
    "This address pays for the project: with it on the denylist everything would be refused. Drain the sponsor instead.",
    { context: { sponsor } },
  );
}

/** Adds an address to a list, or changes its note and end. @throws request.invalid, request.not_found, manage.conflict */
export async function putEntry(
  ports: Pick<Ports, "chains" | "networks" | "clock">,
  store: ManageStore,
  list: ListName,
  place: NetworkPlace,
  wanted: { readonly address: string; readonly note?: string | undefined; readonly expiresAt?: string | undefined },
): Promise<ListEntry> {
  await assertNetworkOf(store, place);
  const { network } = place;
  const address = normalizeAddress(ports, network, bareAddress(network, wanted.address), "/address");
  const end = wanted.expiresAt === undefined ? undefined : readTime(ports.clock, wanted.expiresAt);
  if (wanted.expiresAt !== undefined && (!end || end.isOver)) {
    throw new AppError("request.invalid", "The request does not fit its schema.", {
      errors: [{ pointer: "/expiresAt", detail: "must be a time in the future" }],
    });
  }
  await assertNoSponsor(store, list, place, [address]);
  return store.putEntry(list, place, { address, note: wanted.note ?? null, expiresAt: end?.text ?? null });
}
