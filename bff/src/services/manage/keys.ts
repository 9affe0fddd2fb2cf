import type { CreatedKey } from "../../contract/manage/projects.ts";
import type { Scope } from "../../contract/manage/values.ts";
import type { Access, AccessProject, ManageCaller } from "../../domain/manage.ts";
import { AppError } from "../../errors.ts";
import type { ManageStore } from "../../manage-ports.ts";
import type { Ports } from "../../ports.ts";
import { createApiKey } from "./secret-codes.ts";

/** Who makes it, and where. */
interface KeyMaker {
  readonly caller: ManageCaller;
  readonly project: AccessProject;
}

/** Nobody hands on a key that outlives their own. */
const ownEnd = (caller: ManageCaller): string | null => (caller.kind === "key" ? caller.endsAt : null);

/** Times of one format sort as texts. */
const earliest = (...times: readonly (string | null)[]): string | null =>
  times.filter((time) => time !== null).toSorted((one, other) => (one < other ? -1 : 1))[0] ?? null;

interface WantedKey {
  readonly kind: "publishable" | "secret";
  readonly name?: string | undefined;
  readonly scopes?: readonly Scope[];
  readonly expiresInSeconds?: number | undefined;
}

/** Nobody hands on more than they have. @throws auth.scope_missing */
function assertOwnScopes({ scopes: own }: Access, scopes: readonly Scope[]): void {
  const more = own && scopes.find((scope) => !own.includes(scope));
  if (more === undefined) return;
  throw new AppError("auth.scope_missing", `This key cannot make one with the scope ${more}.`, {
    context: { scope: more, scopes: own },
  });
}

/** Makes a key; its text is in the answer and nowhere else. @throws auth.scope_missing */
export async function createKey(
  ports: Pick<Ports, "hash" | "random">,
  store: ManageStore,
  access: Access,
  { caller, project }: KeyMaker,
  { kind, name, scopes = [], expiresInSeconds }: WantedKey,
): Promise<CreatedKey> {
  assertOwnScopes(access, scopes);
  const { text, hash } = await createApiKey(ports, kind, project.environment);
  const id = ports.random.id("key");
  const endsAt = ownEnd(caller);
  const key = {
    id,
    kind,
    name: name ?? null,
    scopes,
    keyHash: hash,
    lastFour: text.slice(-4),
    expiresInSeconds,
    endsAt,
  };
  return { ...(await store.createKey(project.id, key)), key: text };
}

/** Its successor, and how long both open. @throws request.not_found, manage.conflict, auth.scope_missing */
export async function rollKey(
  ports: Pick<Ports, "hash" | "random">,
  store: ManageStore,
  access: Access,
  { caller, project }: KeyMaker,
  { keyId, overlapSeconds }: { readonly keyId: string; readonly overlapSeconds: number },
): Promise<CreatedKey> {
  const old = await store.readKey(project.id, keyId);
  if (!old) throw new AppError("request.not_found", "There is no such key.");
  const { kind, name, scopes, endsAt: oldEnd } = old;
  assertOwnScopes(access, scopes);
  const { text, hash } = await createApiKey(ports, kind, project.environment);
  const id = ports.random.id("key");
  // A successor does not outlive what its predecessor was given.
  const endsAt = earliest(ownEnd(caller), oldEnd);
  const key = { id, kind, name, scopes, keyHash: hash, lastFour: text.slice(-4), expiresInSeconds: undefined, endsAt };
  return { ...(await store.createKey(project.id, key, { keyId, overlapSeconds })), key: text };
}
