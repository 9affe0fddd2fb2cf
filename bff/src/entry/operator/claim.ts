import { createClaimCode } from "@gasless/db/claim";
import { Client } from "pg";
import { findInstallation, runProcess, sayOnTerminal, UsageError } from "./installation.ts";

const USAGE = `usage: npm run claim
  prints a code that makes whoever enters it on the dashboard the first owner of this installation, once.
A new code ends those before it. When there is an owner already: ask them for an invitation.
`;

const CONNECT_DEADLINE_MS = 5_000;

/** Prints a claim code for a database; gives the exit code. */
export async function runClaim(databaseUrl: string, say: (line: string) => void): Promise<number> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_DEADLINE_MS });
  await client.connect();
  try {
    const code = await createClaimCode(client);
    say(code ?? "This installation has an owner already: ask them for an invitation.");
    return code === undefined ? 1 : 0;
  } finally {
    await client.end();
  }
}

if (import.meta.main) {
  await runProcess(USAGE, () => {
    if (process.argv.length > 2) throw new UsageError(`${process.argv[2]} is one word too many.`);
    return runClaim(findInstallation(process.env).databaseUrl, sayOnTerminal);
  });
}
