import { sql } from "drizzle-orm";
import { isAddressOf } from "../../adapters/chains/families.ts";
import { createRandom } from "../../adapters/ids.ts";
import type { PolicyPlace } from "../../services/policies/check-policy.ts";
import { findPlace } from "./find-place.ts";
import {
  chooseCommand,
  type Command,
  type Installation,
  parseNetwork,
  readWords,
  refuseSurplus,
  runCommand,
  type Say,
  UsageError,
} from "./installation.ts";

const USAGE = `usage: npm run sponsors -- <command>
  list                                          every sponsor: state, balance, floor, organization, projects
  add <network> <address>                       makes a sponsor known; its key belongs in SPONSOR_KEYS first
  give <address> <organization|nobody>          lets an organization's people decide what it pays for
  join <project> <address> [--network <n>]      lets it pay for a project
  leave <project> <address> [--network <n>]     gives it out no more; what was prepared is accepted for five minutes
  drain <address> · activate <address>          gives it out to nobody, or again
  retire <address>                              for good: drained for five minutes, and no relay under way
  floor <address> <amount>                      what it keeps, in lamports or microalgos
  budget <address> <hour|day|month|lifetime> <relays|fee|rent> <amount>
An organization is named by its id or its name. Rotation: add, join, drain the old one, wait five minutes, retire it, and only then remove its key.
`;

type Row = Readonly<Record<string, string>>;
type Run = (query: ReturnType<typeof sql>) => Promise<readonly Row[]>;

/** What a command works with: the words behind its name, and where they lead. */
interface Desk {
  readonly run: Run;
  readonly say: Say;
  /** @throws UsageError when there is no such word */
  readonly word: (index: number) => string;
  readonly findPlace: (project: string) => Promise<PolicyPlace>;
  readonly installation: Installation;
}

const NOTHING_CHANGED = "Nothing has changed: is the address right, and its state the one that this needs?";

async function changeOne({ run, say }: Desk, query: ReturnType<typeof sql>, done: string): Promise<number> {
  const isDone = (await run(query)).length > 0;
  say(isDone ? done : NOTHING_CHANGED);
  return isDone ? 0 : 1;
}

/** By id or name; null: nobody. @throws UsageError */
async function findOrganization({ run }: Desk, wanted: string): Promise<string | null> {
  if (wanted === "nobody") return null;
  const found = await run(sql`select id from organizations where id = ${wanted} or name = ${wanted} order by id`);
  const [only, ...others] = found.map(({ id }) => id);
  if (only === undefined) throw new UsageError(`There is no organization ${wanted}.`);
  if (others.length > 0) {
    throw new UsageError(`Several organizations are called ${wanted}: give an id of ${[only, ...others].join(", ")}.`);
  }
  return only;
}

/** @throws UsageError */
function parseAmount(text: string): string {
  if (!/^[0-9]{1,20}$/.test(text)) throw new UsageError(`${text} is no amount.`);
  return text;
}

/** Says so when the deployment's own secrets, where they are known, have no key for the address. */
function warnWithoutKey({ installation, say }: Desk, address: string): void {
  const keys = installation.variables["SPONSOR_KEYS"];
  if (typeof keys === "string" && !(address in (JSON.parse(keys) as object))) {
    say("Warning: SPONSOR_KEYS has no key for it here, so it is given out to nobody.");
  }
}

function setState(desk: Desk, state: "active" | "draining"): Promise<number> {
  const address = desk.word(0);
  return changeOne(
    desk,
    sql`update sponsors set state = ${state}
      where address = ${address} and state <> ${state} and state <> 'retired' returning id`,
    `${address} is ${state}.`,
  );
}

const COMMANDS: Readonly<Record<string, (desk: Desk) => Promise<number>>> = {
  async list({ run, say }) {
    const rows = await run(sql`select s.id, s.network, s.address, s.state, s.balance_floor::text as floor,
        coalesce(b.balance::text, 'unknown') as balance,
        coalesce((select o.name || ' ' || o.id from organizations o where o.id = s.organization_id), 'nobody') as owner,
        (select coalesce(string_agg(p.name, ', ' order by p.name), 'nobody') from project_sponsors m
          join projects p on p.id = m.project_id where m.sponsor_id = s.id and m.removed_at is null) as projects
      from sponsors s left join sponsor_balances b on b.sponsor_id = s.id order by s.network, s.created_at`);
    for (const { id, network, address, state, balance, floor, owner, projects } of rows) {
      say(
        `${network} ${address} ${state} ${id}\n  balance ${balance}, floor ${floor}; of ${owner}; pays for ${projects}`,
      );
    }
    return 0;
  },
  async add(desk) {
    const network = parseNetwork(desk.word(0));
    const address = desk.word(1);
    if (!isAddressOf(network, address)) throw new UsageError(`${address} is no address of ${network}.`);
    const id = createRandom(Date.now).id("spn");
    warnWithoutKey(desk, address);
    return changeOne(
      desk,
      sql`insert into sponsors (id, network, address) values (${id}, ${network}, ${address})
        on conflict do nothing returning id`,
      `${address} is a sponsor of ${network}.`,
    );
  },
  async give(desk) {
    const address = desk.word(0);
    const organizationId = await findOrganization(desk, desk.word(1));
    const [foreign] = await desk.run(sql`select string_agg(p.name, ', ' order by p.name) as projects
      from project_sponsors m join sponsors s on s.id = m.sponsor_id join projects p on p.id = m.project_id
      where s.address = ${address} and m.removed_at is null and p.organization_id is distinct from ${organizationId}
      having count(*) > 0`);
    if (foreign && organizationId !== null) {
      desk.say(`It pays for projects of somebody else: ${foreign["projects"]}. Let it leave them first.`);
      return 1;
    }
    return changeOne(
      desk,
      sql`update sponsors set organization_id = ${organizationId}
        where address = ${address} and state <> 'retired' and organization_id is distinct from ${organizationId}
        returning id`,
      organizationId === null
        ? `${address} is nobody's: the operator alone decides.`
        : `${address} is of ${organizationId}.`,
    );
  },
  async join(desk) {
    const { projectId, network } = await desk.findPlace(desk.word(0));
    const address = desk.word(1);
    return changeOne(
      desk,
      sql`insert into project_sponsors (project_id, network, sponsor_id)
        select ${projectId}, s.network, s.id from sponsors s
          where s.network = ${network} and s.address = ${address} and s.state <> 'retired'
        on conflict (project_id, network, sponsor_id) do update set removed_at = null returning sponsor_id`,
      `${address} pays for the project.`,
    );
  },
  async leave(desk) {
    const { projectId, network } = await desk.findPlace(desk.word(0));
    const address = desk.word(1);
    return changeOne(
      desk,
      sql`update project_sponsors m set removed_at = now() from sponsors s
        where s.id = m.sponsor_id and s.address = ${address} and m.project_id = ${projectId}
          and m.network = ${network} and m.removed_at is null returning m.sponsor_id`,
      `${address} is given out no more; what was prepared with it is accepted for five minutes.`,
    );
  },
  drain: (desk) => setState(desk, "draining"),
  activate: (desk) => setState(desk, "active"),
  retire(desk) {
    const address = desk.word(0);
    return changeOne(
      desk,
      sql`select id from sponsors where address = ${address} and state = 'draining' and retire_sponsor(id)`,
      `${address} is retired.`,
    );
  },
  floor(desk) {
    const address = desk.word(0);
    const amount = parseAmount(desk.word(1));
    return changeOne(
      desk,
      sql`update sponsors set balance_floor = ${amount} where address = ${address} returning id`,
      `${address} keeps ${amount}.`,
    );
  },
  budget(desk) {
    const address = desk.word(0);
    const window = parseOneOf(desk.word(1), ["hour", "day", "month", "lifetime"]);
    const unit = parseOneOf(desk.word(2), ["relays", "fee", "rent"]);
    const amount = parseAmount(desk.word(3));
    const id = createRandom(Date.now).id("lim");
    return changeOne(
      desk,
      sql`insert into limits (id, sponsor_id, network, subject_kind, "window", unit, amount)
        select ${id}, s.id, s.network, 'sponsor', ${window}, ${unit}, ${amount} from sponsors s
          where s.address = ${address}
        on conflict on constraint limits_one_of_a_kind do update set amount = excluded.amount returning id`,
      `${address} spends at most ${amount} (${unit}) in a ${window}.`,
    );
  },
};

/** @throws UsageError */
function parseOneOf(text: string, names: readonly string[]): string {
  if (!names.includes(text)) throw new UsageError(`${text} is none of ${names.join(", ")}.`);
  return text;
}

/** How many words each command takes. */
const WORDS: Readonly<Record<string, number>> = {
  list: 0,
  add: 2,
  give: 2,
  join: 2,
  leave: 2,
  drain: 1,
  activate: 1,
  retire: 1,
  floor: 2,
  budget: 4,
};

export const runSponsors: Command = async (database, installation, args, say) => {
  const { values, positionals } = readWords(args, { network: { type: "string" } });
  const [name = "", ...words] = positionals;
  const command = chooseCommand(COMMANDS, name);
  refuseSurplus(words.slice(WORDS[name]));
  return command({
    run: async (statement) => (await database.run((db) => db.execute<Row>(statement))).rows,
    say,
    word(index) {
      const found = words[index];
      if (found === undefined) throw new UsageError(`${name} needs more words.`);
      return found;
    },
    findPlace: (project) => findPlace(database, project, values.network),
    installation,
  });
};

if (import.meta.main) await runCommand(USAGE, runSponsors);
