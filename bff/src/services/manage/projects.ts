import type { ManagedProject } from "../../contract/manage/projects.ts";
import type { Access } from "../../domain/manage.ts";
import { parseOrigin } from "../../domain/origin.ts";
import type { NetworkName } from "../../domain/network.ts";
import { AppError } from "../../errors.ts";
import type { ManageStore } from "../../manage-ports.ts";
import type { Ports } from "../../ports.ts";
import { assertNetworkFits } from "./networks.ts";

/** What wallets show when somebody signs in; it takes plain ASCII. */
function statementFor(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replaceAll(/[^ -~]/g, "")
    .trim();
  return `Sign in to ${plain === "" ? "this app" : plain}. This is free and sends no transaction.`;
}

/** @throws request.not_found */
export async function requireManagedProject(store: ManageStore, projectId: string): Promise<ManagedProject> {
  const project = await store.readProject(projectId);
  if (!project) throw new AppError("request.not_found", "There is no such project.");
  return project;
}

/** Stopping a project, and letting it go on, is for those who answer for it. @throws auth.scope_missing */
export function assertMaySuspend({ role }: Access): void {
  if (role === "owner" || role === "admin") return;
  throw new AppError("auth.scope_missing", "Only owners and admins suspend a project, or let it go on.", {
    context: { scope: null, roles: ["owner", "admin"], role },
  });
}

/** The origin that somebody typed, as browsers send it. @throws request.invalid with what is wrong about it */
export function readOrigin(typed: string, environment: "test" | "live"): string {
  const origin = parseOrigin(typed, environment);
  if (origin.ok) return origin.value;
  throw new AppError("request.invalid", "The request does not fit its schema.", {
    errors: [{ pointer: "/origin", detail: origin.reason }],
  });
}

/** A project that sponsors nothing yet. @throws project.network_not_enabled */
export async function createManagedProject(
  ports: Pick<Ports, "networks" | "random">,
  store: ManageStore,
  organizationId: string,
  wanted: {
    readonly name: string;
    readonly environment: "test" | "live";
    readonly networks: readonly NetworkName[];
  },
): Promise<ManagedProject> {
  const { name, environment } = wanted;
  const networks = [...new Set(wanted.networks)];
  for (const network of networks) assertNetworkFits(ports, environment, network);
  const id = ports.random.id("prj");
  await store.createProject({ id, organizationId, name, environment, networks, statement: statementFor(name) });
  return requireManagedProject(store, id);
}
