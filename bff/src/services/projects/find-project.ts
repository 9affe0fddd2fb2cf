import type { Project } from "../../domain/project.ts";
import { CONSOLE_PROJECT_ID } from "../../contract/manage/console.ts";
import { AppError } from "../../errors.ts";
import type { FoundProject, Ports, StoredProject } from "../../ports.ts";
import { countLookup, forgetLookup } from "../limits/take-limits.ts";

type Reading = Pick<Ports, "log" | "chains" | "api" | "networks">;

/** The console is signed in to from the API's own pages, by the wallets of every network that is served; it sponsors nothing. */
const asConsole = (stored: StoredProject, { api, networks }: Reading): Project => ({
  ...stored,
  origins: [new URL(api).origin],
  networks: networks.map((network) => ({
    network,
    sponsors: [],
    acceptedSponsors: [],
    sponsorPool: [],
    explorer: null,
    policy: undefined,
  })),
});

/** A policy that cannot be read sponsors nothing. */
function readProject(stored: StoredProject, ports: Reading): Project {
  if (stored.id === CONSOLE_PROJECT_ID) return asConsole(stored, ports);
  return {
    ...stored,
    networks: stored.networks.map(({ policy, ...network }) => {
      // A network that this deployment does not serve has nobody who could read its policy, nor use it.
      const read = policy && ports.chains(network.network)?.policies.read(policy.document);
      if (policy && read && !read.ok) {
        ports.log.error("policy.unreadable", {
          projectId: stored.id,
          network: network.network,
          version: policy.version,
        });
      }
      return {
        ...network,
        policy: policy && read?.ok ? { version: policy.version, compiled: read.value.compile() } : undefined,
      };
    }),
  };
}

type ProjectReader = Pick<Ports, "store" | "projects"> & Reading;

async function find(
  ports: ProjectReader,
  cacheKey: string,
  by: Parameters<Ports["store"]["findProject"]>[0],
): Promise<FoundProject | undefined> {
  const cached = ports.projects.get(cacheKey);
  if (cached) return cached === "unknown" ? undefined : cached;
  const stored = await ports.store.findProject(by);
  const found = stored && { project: readProject(stored.project, ports), keyId: stored.keyId };
  ports.projects.set(cacheKey, found ?? "unknown");
  return found;
}

/** Whoever guesses keys is stopped before SQL is asked again; a key that is remembered is found all the same. */
async function findByHash(
  ports: ProjectReader & Pick<Ports, "limiter" | "access" | "background">,
  keyHash: Uint8Array,
  clientAddress: string,
): Promise<FoundProject | undefined> {
  const cacheKey = `key ${keyHash.join(".")}`;
  const isRemembered = ports.projects.get(cacheKey) !== undefined;
  if (!isRemembered) countLookup(ports, clientAddress);
  const found = await find(ports, cacheKey, { keyHash });
  if (!isRemembered && found) {
    forgetLookup(ports, clientAddress);
    if (found.keyId !== null) ports.background(ports.access.touchKey(found.keyId));
  }
  return found;
}

/** The project that a publishable key names. @throws project.key_invalid, and rate.limited where keys are guessed */
export async function findProjectByKey(
  ports: ProjectReader & Pick<Ports, "hash" | "limiter" | "access" | "background">,
  key: string,
  clientAddress: string,
): Promise<FoundProject> {
  const isWellFormed = /^pk_(?:test|live)_[A-Za-z0-9_-]{16,64}$/.test(key);
  const keyHash = isWellFormed ? await ports.hash.sha256(new TextEncoder().encode(key)) : undefined;
  const found = keyHash && (await findByHash(ports, keyHash, clientAddress));
  if (!found) throw new AppError("project.key_invalid", "The project key in Gasless-Key is missing or unknown.");
  return found;
}

/** @throws auth.token_invalid when a token names a project that is not there */
export async function findProjectById(ports: ProjectReader, projectId: string): Promise<FoundProject> {
  const found = await find(ports, `id ${projectId}`, { projectId });
  if (!found) throw new AppError("auth.token_invalid", "The access token is not of this deployment.");
  return found;
}

/** The project as it is now, for the same origin: what was cached of it no longer holds. @throws project.* */
export async function readProjectAgain(ports: ProjectReader, { id }: Project, origin: string): Promise<Project> {
  ports.projects.forget(id);
  const { project } = await findProjectById(ports, id);
  assertActive(project);
  if (!project.origins.includes(origin)) {
    throw new AppError("project.origin_not_allowed", "This origin may no longer use the project.");
  }
  return project;
}

/** @throws project.suspended */
export function assertActive(project: Project): void {
  if (project.status !== "active") throw new AppError("project.suspended", "This project is suspended.");
}
