import { projectKeys, projects } from "@gasless/db";
import { and, eq, gt, isNull, or, sql } from "drizzle-orm";
import { createRandom } from "../../adapters/ids.ts";
import type { Database } from "../../adapters/sql/database.ts";
import { API_KEY_BYTES, formatApiKey } from "../../domain/api-key.ts";
import { findProject } from "./find-place.ts";
import { chooseCommand, type Command, refuseSurplus, runCommand, type Say, UsageError } from "./installation.ts";

const USAGE = `usage: npm run keys -- <command> <project> [<key>]
  list <project>          the keys of a project, publishable and secret, newest first
  add <project>           makes one more publishable key, and prints it: only its hash is kept
  revoke <project> <key>  ends one, by its id or by the key itself; its pages are refused within five seconds
<project> is an id or a name. Rolling: add, put the new key on the page, and revoke the old one when nothing sends it any
more; sessions go on, each takes the new key when it is next refreshed.
`;

interface Desk {
  readonly database: Database;
  readonly projectId: string;
  readonly typed: string | undefined;
  readonly say: Say;
}

const hashOf = async (key: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)));

/** One that was rolled, or has an end, opens until then. */
const isOpen = or(isNull(projectKeys.revokedAt), gt(projectKeys.revokedAt, sql`now()`));

const countActive = async ({ database, projectId }: Desk): Promise<number> => {
  const isActive = and(eq(projectKeys.projectId, projectId), eq(projectKeys.kind, "publishable"), isOpen);
  return database.run((db) => db.$count(projectKeys, isActive));
};

const COMMANDS: Readonly<Record<string, (desk: Desk) => Promise<number>>> = {
  async list({ database, projectId, say }) {
    const rows = await database.run((db) =>
      db
        .select()
        .from(projectKeys)
        .where(eq(projectKeys.projectId, projectId))
        .orderBy(sql`${projectKeys.createdAt} desc, ${projectKeys.id}`),
    );
    for (const { id, kind, name, lastFour, scopes, createdAt, revokedAt } of rows) {
      const isOver = revokedAt !== null && revokedAt.getTime() <= Date.now();
      const end = revokedAt ? `${isOver ? "revoked" : "active, ends"} ${revokedAt.toISOString()}` : "active";
      const about = [kind === "secret" ? `secret (${scopes.join(" ")})` : "", name ?? ""].filter(Boolean).join(" ");
      say(`${id}  …${lastFour}  since ${createdAt.toISOString()}  ${end}${about === "" ? "" : `  ${about}`}`);
    }
    if (rows.length === 0) say("None: no page can use the project.");
    return 0;
  },
  async add({ database, projectId, say }) {
    const random = createRandom(() => Date.now());
    const [project] = await database.run((db) =>
      db.select({ environment: projects.environment }).from(projects).where(eq(projects.id, projectId)),
    );
    const key = project && formatApiKey("publishable", project.environment, random.bytes(API_KEY_BYTES));
    if (!key) throw new Error("No key could be made. Try again.");
    const row = { id: random.id("key"), projectId, keyHash: await hashOf(key), lastFour: key.slice(-4) };
    await database.run((db) => db.insert(projectKeys).values(row));
    say(key);
    return 0;
  },
  async revoke(desk) {
    const { database, projectId, typed, say } = desk;
    if (typed === undefined) throw new UsageError("Which key?");
    const isIt = or(eq(projectKeys.id, typed), eq(projectKeys.keyHash, await hashOf(typed)));
    const revoked = await database.run((db) =>
      db
        .update(projectKeys)
        .set({ revokedAt: sql`now()` })
        .where(and(eq(projectKeys.projectId, projectId), isOpen, isIt))
        .returning({ id: projectKeys.id }),
    );
    const [key] = revoked;
    if (!key) {
      say("The project has no such key that is active.");
      return 1;
    }
    const isLast = (await countActive(desk)) === 0;
    say(
      `${key.id} is revoked.${isLast ? " It was the last one: no page can use the project until you add another." : ""}`,
    );
    return 0;
  },
};

export const runKeys: Command = async (database, _installation, [name, project, ...more], say) => {
  const command = chooseCommand(COMMANDS, name);
  if (project === undefined) throw new UsageError("Of which project?");
  refuseSurplus(more.slice(name === "revoke" ? 1 : 0));
  return command({ database, projectId: await findProject(database, project), typed: more[0], say });
};

if (import.meta.main) await runCommand(USAGE, runKeys);
