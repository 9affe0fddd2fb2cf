import {
  projectKeys,
  projectNetworks,
  projectOrigins,
  projects,
  projectSponsors,
  policies,
  sponsorBalances,
  sponsors,
} from "@gasless/db";
import { and, eq, gt, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { ProjectSponsor, SponsorKey } from "../../domain/project.ts";
import type { StorePort, StoredProject } from "../../ports.ts";
import type { Database } from "./database.ts";

interface StoredNetwork {
  readonly network: StoredProject["networks"][number]["network"];
  /** Amounts as decimal strings: JSON's numbers would round them. */
  readonly sponsors: readonly (Omit<ProjectSponsor, "balance" | "balanceFloor"> & {
    readonly balance: string | null;
    readonly balanceFloor: string;
  })[];
  readonly accepted: readonly string[];
  readonly pool: readonly SponsorKey[] | null;
  readonly explorer: string | null;
  readonly policyVersion: number | null;
  readonly policy: unknown;
}

/** One statement reads a project with all that a request may need of it. */
export function createProjectQueries({ run }: Database): Pick<StorePort, "findProject"> {
  const origins = sql<string[]>`array(select ${projectOrigins.origin} from ${projectOrigins}
    where ${projectOrigins.projectId} = ${projects.id} order by 1)`;
  const networks = sql<StoredNetwork[]>`coalesce((select jsonb_agg(jsonb_build_object(
      'network', ${projectNetworks.network}, 'explorer', ${projectNetworks.explorer},
      'sponsors', coalesce((select jsonb_agg(jsonb_build_object('id', own.id, 'address', own.address,
          'state', case when member.removed_at is null then own.state else 'draining' end,
          'balance', known.balance::text, 'balanceFloor', own.balance_floor::text,
          'isSpent', is_sponsor_spent(own.id)) order by own.id)
        from ${projectSponsors} member join ${sponsors} own on own.id = member.sponsor_id and own.state <> 'retired'
          left join ${sponsorBalances} known on known.sponsor_id = own.id
        where member.project_id = ${projectNetworks.projectId} and member.network = ${projectNetworks.network}
          and (member.removed_at is null or member.removed_at > now() - interval '5 minutes')), '[]'),
      'accepted', array(select accepted_sponsors(${projectNetworks.projectId}, ${projectNetworks.network})),
      'pool', (select jsonb_agg(jsonb_build_object('address', pool.address, 'state', pool.state) order by pool.id)
        from ${sponsors} pool where pool.network = ${projectNetworks.network}),
      'policyVersion', ${policies.version}, 'policy', ${policies.document}) order by ${projectNetworks.addedAt}, ${projectNetworks.network})
    from ${projectNetworks} left join ${policies} on ${policies.projectId} = ${projectNetworks.projectId}
      and ${policies.network} = ${projectNetworks.network} and ${policies.version} = ${projectNetworks.policyVersion}
    where ${projectNetworks.projectId} = ${projects.id}), '[]')`;

  return {
    async findProject(by) {
      const isKeyed = "keyHash" in by;
      const ownKey = isKeyed
        ? and(
            eq(projectKeys.projectId, projects.id),
            eq(projectKeys.keyHash, by.keyHash),
            eq(projectKeys.kind, "publishable"),
            or(isNull(projectKeys.revokedAt), gt(projectKeys.revokedAt, sql`now()`)),
          )
        : sql`false`;
      const [row] = await run((db) =>
        db
          .select({ project: projects, keyId: projectKeys.id, origins, networks })
          .from(projects)
          .leftJoin(projectKeys, ownKey)
          .where(isKeyed ? isNotNull(projectKeys.id) : eq(projects.id, by.projectId)),
      );
      if (!row) return undefined;
      const { createdAt: _createdAt, organizationId: _organizationId, ...project } = row.project;
      return {
        keyId: row.keyId,
        project: {
          ...project,
          origins: row.origins,
          networks: row.networks.map(({ network, sponsors: own, accepted, pool, explorer, policyVersion, policy }) => ({
            network,
            sponsors: own.map((sponsor) => ({
              ...sponsor,
              balance: sponsor.balance === null ? null : BigInt(sponsor.balance),
              balanceFloor: BigInt(sponsor.balanceFloor),
            })),
            acceptedSponsors: accepted,
            sponsorPool: pool ?? [],
            explorer,
            policy: policyVersion === null ? undefined : { version: policyVersion, document: policy },
          })),
        },
      };
    },
  };
}
