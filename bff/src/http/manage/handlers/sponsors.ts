import { addSponsor, drainSponsor, rotateSponsor } from "../../../services/manage/sponsors/change-pool.ts";
import { listOrganizationSponsors, listSponsors } from "../../../services/manage/sponsors/list-sponsors.ts";
import type { Handlers } from "../handler.ts";

export const sponsorHandlers: Handlers<
  "listSponsors" | "listOrganizationSponsors" | "addSponsor" | "drainSponsor" | "rotateSponsor"
> = {
  listSponsors: ({ ports, store, project }) => listSponsors(ports, store, project),
  listOrganizationSponsors: ({ ports, store, params }) => listOrganizationSponsors(ports, store, params.organizationId),
  addSponsor: ({ ports, store, project, params }) => addSponsor(ports, store, project, params.sponsorId),
  drainSponsor: ({ ports, store, project, params }) => drainSponsor(ports, store, project, params.sponsorId),
  rotateSponsor: ({ ports, store, project, params, body }) =>
    rotateSponsor(ports, store, project, { from: params.sponsorId, to: body.to }),
};
