import type * as z from "zod";
import type { MANAGE_ROUTES, ManageOperation, ManageRoute } from "../../contract/manage/routes.ts";
import type { NetworkName } from "../../contract/index.ts";
import type { Access, AccessProject, Ports } from "../../ports.ts";
import type { Manager } from "../context.ts";

type Parsed<Route, Part extends string> =
  Route extends Readonly<Record<Part, infer Schema extends z.ZodType>> ? z.output<Schema> : undefined;
type Answer<Route extends ManageRoute> = Route["answer"] extends { readonly schema: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined;

/** One call of the management API, after everything that its route declares has been checked. */
export interface ManageCall<Route extends ManageRoute = ManageRoute> extends Manager {
  readonly ports: Ports;
  readonly access: Access;
  /** Of the path; there where the route is about a project. */
  readonly project: Route["target"] extends "project" ? AccessProject : undefined;
  readonly params: { readonly [Name in keyof Route["params"]]: z.output<Route["params"][Name]> };
  readonly query: Parsed<Route, "query">;
  readonly body: Parsed<Route, "body">;
  /** That this deployment serves. */
  readonly networks: readonly NetworkName[];
}

type Handler<Operation extends ManageOperation> = (
  call: ManageCall<(typeof MANAGE_ROUTES)[Operation]>,
) => Promise<Answer<(typeof MANAGE_ROUTES)[Operation]>>;

export type Handlers<Operation extends ManageOperation = ManageOperation> = {
  readonly [Each in Operation]: Handler<Each>;
};
