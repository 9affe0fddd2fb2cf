import type { Context } from "hono";
import type { NetworkName } from "../contract/index.ts";
import type { ManageStore } from "../manage-ports.ts";
import type { CheckReadiness } from "../services/status/check-readiness.ts";
import type {
  Access,
  AccessClaims,
  Actor,
  FoundProject,
  LimitState,
  ManageCaller,
  Ports,
  Possession,
} from "../ports.ts";

/** What the entry gives to every request. */
interface Deployment {
  readonly ports: Ports;
  readonly networks: readonly NetworkName[];
  readonly checkReadiness: CheckReadiness;
  /** The address that the runtime saw, never one that the caller could choose. */
  readonly clientAddress: string;
}

/** Who manages, under which name in the audit log, and what they work on. */
export interface Manager {
  readonly caller: ManageCaller;
  readonly actor: Actor;
  readonly store: ManageStore;
}

export interface AppEnv {
  readonly Bindings: { readonly deployment: Deployment };
  Variables: {
    requestId: string;
    startedAtMs: number;
    /** The body's bytes; undefined when there is none. */
    body: Uint8Array | undefined;
    caller: FoundProject;
    claims: AccessClaims;
    /** The key that the caller has proved to hold; undefined when nothing asked for a proof and none came. */
    possession: Possession | undefined;
    origin: string;
    isNonceBurnt: boolean;
    /** Of calls of the management API. */
    manager: Manager;
    access: Access;
    /** Of the limits that the call has taken from, the one with the least left. */
    tightest: LimitState | undefined;
  };
}

export type AppContext = Context<AppEnv>;

export const portsOf = (context: AppContext): Ports => context.env.deployment.ports;
