import { existsSync, readFileSync } from "node:fs";
import { base64 } from "@scure/base";
import { decisions, wallets } from "@gasless/db";
import { and, eq } from "drizzle-orm";
import type { Database } from "../../adapters/sql/database.ts";
import { parseConfig } from "../../config.ts";
import type { Explanation } from "../../contract/index.ts";
import { findProjectById } from "../../services/projects/find-project.ts";
import { type Asker, explainTransaction } from "../../services/relays/explain-relay.ts";
import type { PolicyPlace } from "../../services/policies/check-policy.ts";
import { createIsolate, createPorts } from "../../wire.ts";
import { findPlace } from "./find-place.ts";
import {
  type Command,
  parseNetwork,
  readWords,
  refuseSurplus,
  runCommand,
  type Say,
  UsageError,
} from "./installation.ts";

const USAGE = `usage: npm run explain -- <request id>
       npm run explain -- <project> <wallet> <transaction> [--network <network>]
  <request id>   of a decision of the last 30 days, as its answer carried it: decided again, by today's policy
  <wallet>       such as solana:7v91…; <transaction>: its wire bytes in base64, or a file of them
Explains on the same path as the decision; holds, signs, sends and writes nothing. --json prints the answer as the API has it.
`;

interface Question extends PolicyPlace {
  readonly asker: Asker;
  readonly transaction: Uint8Array;
}

async function readDecision({ run }: Database, id: string, say: Say): Promise<Question> {
  const [row] = await run((db) => db.select().from(decisions).where(eq(decisions.id, id)));
  if (!row) throw new UsageError(`No decision of ${id} is kept.`);
  const { verdict, code, policyVersion, decidedAt, projectId, userId, wallet, transaction } = row;
  say(
    `decided ${decidedAt.toISOString()}: ${verdict}${code === null ? "" : ` (${code})`}, policy version ${policyVersion ?? "none"}`,
  );
  return {
    projectId,
    network: parseNetwork(row.network),
    asker: { userId, wallet, isOperator: true },
    transaction,
  };
}

/** A group is one transaction behind the other, as it is sent to a node. @throws UsageError */
function decode(text: string): Uint8Array {
  try {
    return base64.decode(text);
  } catch {
    throw new UsageError("The transaction is no canonical base64.");
  }
}

async function readQuestion(
  database: Database,
  [first, wallet, given, ...more]: readonly string[],
  network: string | undefined,
  say: Say,
): Promise<Question> {
  refuseSurplus(more);
  if (first?.startsWith("req_") && wallet === undefined) return readDecision(database, first, say);
  if (first === undefined || wallet === undefined || given === undefined)
    throw new UsageError("What is to be explained?");
  const place = await findPlace(database, first, network);
  const [user] = await database.run((db) =>
    db
      .select({ userId: wallets.userId })
      .from(wallets)
      .where(and(eq(wallets.projectId, place.projectId), eq(wallets.wallet, wallet))),
  );
  const transaction = decode(existsSync(given) ? readFileSync(given, "utf8").trim() : given);
  // A wallet that never signed in has used nothing of its budgets.
  return { ...place, asker: { userId: user?.userId ?? "", wallet, isOperator: true }, transaction };
}

const MARKS = { pass: "ok  ", fail: "FAIL", skip: "-   " } as const;

function sayTrace(say: Say, { verdict, policyVersion, cost, trace }: Explanation, baseUnit: string): void {
  for (const { rule, verdict: mark, code, observed, limit, remaining, resetsAt, instruction, hint } of trace) {
    const facts = [
      instruction === undefined ? "" : `instruction ${instruction + 1}`,
      observed === undefined ? "" : `observed ${observed}`,
      limit === undefined ? "" : `limit ${limit}`,
      remaining === undefined ? "" : `remaining ${remaining}`,
      resetsAt === undefined ? "" : `resets ${resetsAt}`,
    ].filter(Boolean);
    say(`${MARKS[mark]} ${[rule, ...facts, code ?? ""].filter(Boolean).join(" · ")}`);
    if (hint !== undefined && mark !== "pass") say(`       ${hint}`);
  }
  say(`${verdict}, by policy version ${policyVersion}: fee ${cost.fee}, rent ${cost.rent} ${baseUnit} at worst`);
}

export const runExplain: Command = async (database, { databaseUrl, variables }, args, say) => {
  const { values, positionals } = readWords(args, { network: { type: "string" }, json: { type: "boolean" } });
  const question = await readQuestion(database, positionals, values.network, say);
  const { ports, close } = createPorts(await createIsolate(parseConfig(variables)), {
    databaseUrl,
    // Nothing here serves pages, and what is counted here is nobody's traffic.
    assets: { fetch: () => Promise.reject(new UsageError("Pages are served by the worker.")) },
    metricsSink: { report: () => Promise.resolve(), read: () => Promise.resolve([]) },
    background: () => undefined,
    wake: () => Promise.resolve(),
  });
  try {
    const { project } = await findProjectById(ports, question.projectId);
    const { asker, network, transaction } = question;
    const { explanation } = await explainTransaction(ports, project, asker, { network, parts: [transaction] });
    if (values.json === true) say(JSON.stringify(explanation, undefined, 2));
    else sayTrace(say, explanation, ports.chains(network)?.baseUnit ?? "base units");
    return explanation.verdict === "sponsor" ? 0 : 1;
  } finally {
    await close();
  }
};

if (import.meta.main) await runCommand(USAGE, runExplain);
