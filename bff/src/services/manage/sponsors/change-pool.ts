import type { AccessProject } from "../../../domain/manage.ts";
import { AppError } from "../../../errors.ts";
import type { ManageStore, StoredSponsor } from "../../../manage-ports.ts";
import type { Ports } from "../../../ports.ts";
import { listSponsors } from "./list-sponsors.ts";

type PoolPorts = Pick<Ports, "signers" | "projects">;

const notFound = (): AppError => new AppError("request.not_found", "There is no such sponsor, or it is not yours.");
const conflict = (detail: string): AppError => new AppError("manage.conflict", detail);

/** One of the organization's own. @throws request.not_found, also of somebody else's that nobody here knows of */
async function requireOwn(store: ManageStore, { organizationId }: AccessProject, id: string): Promise<StoredSponsor> {
  const own = organizationId === null ? [] : await store.listOrganizationSponsors(organizationId);
  const found = own.find((sponsor) => sponsor.id === id);
  if (!found) throw notFound();
  return found;
}

/** @throws manage.conflict when it could not pay for anything */
function assertCanPay({ signers }: PoolPorts, { state, address, balance, balanceFloor }: StoredSponsor): void {
  if (state !== "active") throw conflict(`This sponsor is ${state}: it pays for nothing new.`);
  if (!signers.canSign(address)) throw conflict("This deployment does not have the sponsor's key.");
  if (balance !== null && balance <= balanceFloor) throw conflict("The sponsor's balance is below its floor. Fund it.");
}

async function changed(ports: PoolPorts, store: ManageStore, project: AccessProject) {
  ports.projects.forget(project.id);
  return listSponsors(ports, store, project);
}

/** Idempotent. @throws request.not_found, manage.conflict */
export async function addSponsor(ports: PoolPorts, store: ManageStore, project: AccessProject, sponsorId: string) {
  const sponsor = await requireOwn(store, project, sponsorId);
  assertCanPay(ports, sponsor);
  await store.changePool(project.id, sponsor.network, { added: sponsorId });
  return changed(ports, store, project);
}

/**
 * Offers it no more; what was prepared with it is accepted for five minutes. @throws request.not_found, manage.conflict
 * when it pays no more, or somebody else decides about it
 */
export async function drainSponsor(ports: PoolPorts, store: ManageStore, project: AccessProject, sponsorId: string) {
  const sponsor = await requireMember(store, project, sponsorId);
  await store.changePool(project.id, sponsor.network, { removed: sponsorId });
  return changed(ports, store, project);
}

/** Another one takes over in one step. @throws request.not_found, manage.conflict */
export async function rotateSponsor(
  ports: PoolPorts,
  store: ManageStore,
  project: AccessProject,
  { from, to }: { readonly from: string; readonly to: string },
) {
  const former = await requireMember(store, project, from);
  const next = await requireOwn(store, project, to);
  if (from === to) throw conflict("A sponsor does not take over from itself.");
  if (next.network !== former.network) throw conflict("The sponsors are of different networks.");
  assertCanPay(ports, next);
  await store.changePool(project.id, former.network, { added: to, removed: from });
  return changed(ports, store, project);
}

async function requireMember(store: ManageStore, project: AccessProject, id: string): Promise<StoredSponsor> {
  const found = (await store.listSponsors(project)).find((sponsor) => sponsor.id === id);
  if (!found) throw notFound();
  if (!found.isMember) throw conflict("This sponsor does not pay for the project.");
  if (!found.isOwn) throw conflict("This sponsor is not the organization's: only the operator takes it away.");
  return found;
}
