import { createAuditQueries, createAuditReading } from "../../adapters/sql/audit.ts";
import type { Database } from "../../adapters/sql/database.ts";
import { createSecrets } from "../../adapters/secrets.ts";
import { parseConfig } from "../../config.ts";
import { type AuditFault, toHex } from "../../domain/audit.ts";
import type { AuditPort, AuditReadPort } from "../../ports.ts";
import { verifyAudit } from "../../services/audit/verify-audit.ts";
import { findProject } from "./find-place.ts";
import {
  chooseCommand,
  type Command,
  type Installation,
  refuseSurplus,
  runCommand,
  type Say,
  UsageError,
} from "./installation.ts";

const DEPLOYMENT = "deployment";
const SHOWN = 50;
const BATCH = 1_000;
const USAGE = `usage: npm run audit -- <command> [<project> | ${DEPLOYMENT}]
  list <chain>      the newest ${SHOWN} changes, and who made them
  verify [<chain>]  whether the log is as it was sealed; names every entry that is not. Without a chain: all of them
  export <chain>    every sealed entry as a line of JSON: sequence, hash, entry
A chain is what was changed of one project (an id or a name), or of the ${DEPLOYMENT}: its sponsors and their budgets.
`;

interface Desk {
  readonly audit: AuditPort;
  readonly log: AuditReadPort;
  readonly database: Database;
  readonly installation: Installation;
  readonly wanted: string | undefined;
  readonly say: Say;
}

/** @throws UsageError */
async function findChain({ database, wanted }: Desk): Promise<string> {
  if (wanted === undefined) throw new UsageError("Of which project?");
  return wanted === DEPLOYMENT ? DEPLOYMENT : findProject(database, wanted);
}

interface Said {
  readonly at: string;
  readonly actor: { readonly kind: string; readonly name: string };
  readonly action: string;
  readonly target: string;
  readonly details: unknown;
}

function describeEntry(id: string, entry: string): string {
  try {
    const { at, actor, action, target, details } = JSON.parse(entry) as Said;
    return `${at}  ${action} ${target}  by ${actor.kind} ${actor.name}\n  ${JSON.stringify(details)}`;
  } catch {
    return `${id} is not what was appended (see verify): ${entry}`;
  }
}

function describeFault(fault: AuditFault): string {
  switch (fault.fault) {
    case "altered":
      return `entry ${fault.sequence} (${fault.id}) is not what was sealed`;
    case "missing":
      return `entries ${fault.from} to ${fault.to} are missing`;
    case "head_wrong":
      return `its head does not stand at entry ${fault.sequence}, where the chain ends`;
    case "signature_missing":
      return `entry ${fault.sequence} is not signed yet: verify again in a minute`;
    case "signature_unknown":
      return `the signature at entry ${fault.sequence} is by key ${fault.kid}, which SECRETS do not have`;
    case "signature_wrong":
    default:
      return `the signature at entry ${fault.sequence} is not ours, or not of this chain`;
  }
}

/** The same JSON, of which a terminal changes nothing. */
const inAscii = (json: string): string =>
  json.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

async function* listChains(log: AuditReadPort): AsyncGenerator<string> {
  let after = "";
  for (;;) {
    const chains = await log.listChains(after);
    yield* chains;
    const last = chains.at(-1);
    if (last === undefined) return;
    after = last;
  }
}

async function verifyChain({ audit, log, installation, say }: Desk, chain: string): Promise<boolean> {
  const ports = {
    audit,
    log,
    secrets: createSecrets(parseConfig(installation.variables).secrets),
    hash: { sha256: async (data: Uint8Array) => new Uint8Array(await crypto.subtle.digest("SHA-256", data.slice())) },
  };
  const { entries, head, faults } = await verifyAudit(ports, chain);
  const end = head ? toHex(head.hash) : "no head";
  say(`${chain}: ${entries} entries to ${end}${faults.length === 0 ? ", as they were sealed" : ""}`);
  for (const fault of faults) say(`  ${describeFault(fault)}`);
  return faults.length === 0;
}

const COMMANDS: Readonly<Record<string, (desk: Desk) => Promise<number>>> = {
  async list(desk) {
    const entries = await desk.log.listNewest(await findChain(desk), SHOWN);
    for (const { id, entry } of entries) desk.say(describeEntry(id, entry));
    if (entries.length === 0) desk.say("Nothing was changed since the log began.");
    return 0;
  },
  async verify(desk) {
    const chains = desk.wanted === undefined ? listChains(desk.log) : [await findChain(desk)];
    let broken = 0;
    for await (const chain of chains) broken += (await verifyChain(desk, chain)) ? 0 : 1;
    const unsealed = await desk.log.countUnsealed();
    if (unsealed > 0) desk.say(`${unsealed} entries wait to be sealed, which happens each minute.`);
    return broken === 0 ? 0 : 1;
  },
  async export(desk) {
    const chain = await findChain(desk);
    for (let after = 0n; ;) {
      const entries = await desk.audit.listSealed(chain, after, BATCH);
      for (const { sequence, hash, entry } of entries) {
        desk.say(inAscii(JSON.stringify({ sequence: Number(sequence), hash: toHex(hash), entry })));
      }
      const last = entries.at(-1);
      if (!last) return 0;
      after = last.sequence;
    }
  },
};

export const runAudit: Command = async (database, installation, [name, wanted, ...more], say) => {
  const command = chooseCommand(COMMANDS, name);
  refuseSurplus(more);
  const ports = { audit: createAuditQueries(database), log: createAuditReading(database) };
  return command({ ...ports, database, installation, wanted, say });
};

if (import.meta.main) await runCommand(USAGE, runAudit);
