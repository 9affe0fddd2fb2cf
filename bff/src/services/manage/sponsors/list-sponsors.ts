import type { ManagedSponsor } from "../../../contract/manage/projects.ts";
import type { AccessProject } from "../../../domain/manage.ts";
import type { ManageStore } from "../../../manage-ports.ts";
import type { Ports } from "../../../ports.ts";
import { viewSponsor } from "./view-sponsor.ts";

interface SponsorList {
  readonly data: ManagedSponsor[];
}

/** Who pays for a project, and who else of its organization could. */
export async function listSponsors(
  ports: Pick<Ports, "signers">,
  store: ManageStore,
  project: AccessProject,
): Promise<SponsorList> {
  const sponsors = await store.listSponsors(project);
  return { data: sponsors.map((sponsor) => viewSponsor(ports, sponsor)) };
}

export async function listOrganizationSponsors(
  ports: Pick<Ports, "signers">,
  store: ManageStore,
  organizationId: string,
): Promise<SponsorList> {
  const sponsors = await store.listOrganizationSponsors(organizationId);
  return { data: sponsors.map((sponsor) => viewSponsor(ports, sponsor)) };
}
