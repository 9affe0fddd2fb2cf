import { projectOrigins, projects } from "@gasless/db";
import { and, eq } from "drizzle-orm";
import type { Database } from "../../adapters/sql/database.ts";
import { isSecureOrigin, parseOrigin } from "../../domain/origin.ts";
import { findProject } from "./find-place.ts";
import { chooseCommand, type Command, refuseSurplus, runCommand, type Say, UsageError } from "./installation.ts";

const USAGE = `usage: npm run origins -- <command> <project> [<origin>]
  list <project>             whose pages may use the project
  add <project> <origin>     such as https://shop.example; names of other scripts are kept as punycode
  remove <project> <origin>  its pages are refused from then on, within five seconds
<project> is an id or a name.
`;

interface Desk {
  readonly database: Database;
  readonly projectId: string;
  readonly typed: string | undefined;
  readonly say: Say;
}

/** @throws UsageError */
async function readOrigin({ database, projectId, typed }: Desk): Promise<string> {
  if (typed === undefined) throw new UsageError("Which origin?");
  const [project] = await database.run((db) =>
    db.select({ environment: projects.environment }).from(projects).where(eq(projects.id, projectId)),
  );
  const origin = parseOrigin(typed, project?.environment ?? "live");
  if (!origin.ok) throw new UsageError(`${typed} cannot be an origin of this project. ${origin.reason}`);
  return origin.value;
}

const COMMANDS: Readonly<Record<string, (desk: Desk) => Promise<number>>> = {
  async list({ database, projectId, say }) {
    const rows = await database.run((db) =>
      db
        .select({ origin: projectOrigins.origin })
        .from(projectOrigins)
        .where(eq(projectOrigins.projectId, projectId))
        .orderBy(projectOrigins.origin),
    );
    for (const { origin } of rows) say(origin);
    if (rows.length === 0) say("None: no page can use the project.");
    return 0;
  },
  async add(desk) {
    const origin = await readOrigin(desk);
    const added = await desk.database.run((db) =>
      db
        .insert(projectOrigins)
        .values({ projectId: desk.projectId, origin })
        .onConflictDoNothing()
        .returning({ origin: projectOrigins.origin }),
    );
    desk.say(
      added.length > 0
        ? `${origin} may use the project, within five seconds.`
        : `${origin} may use the project already.`,
    );
    if (!isSecureOrigin(origin)) {
      desk.say("Nobody can sign in there: browsers give pages over http no cryptography, except on localhost.");
    }
    return 0;
  },
  async remove(desk) {
    const origin = await readOrigin(desk);
    const removed = await desk.database.run((db) =>
      db
        .delete(projectOrigins)
        .where(and(eq(projectOrigins.projectId, desk.projectId), eq(projectOrigins.origin, origin)))
        .returning({ origin: projectOrigins.origin }),
    );
    desk.say(removed.length > 0 ? `${origin} may use the project no more.` : `${origin} was not on the list.`);
    return removed.length > 0 ? 0 : 1;
  },
};

export const runOrigins: Command = async (database, _installation, [name, project, ...more], say) => {
  const command = chooseCommand(COMMANDS, name);
  if (project === undefined) throw new UsageError("Of which project?");
  refuseSurplus(more.slice(name === "list" ? 0 : 1));
  return command({ database, projectId: await findProject(database, project), typed: more[0], say });
};

if (import.meta.main) await runCommand(USAGE, runOrigins);
