import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoPolicy } from "@gasless/db/factories";
import { callApi, toBase64 } from "@gasless/localnet/api-client";
import { workerBindings } from "@gasless/localnet/bindings";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createDatabase } from "../../src/adapters/sql/database.ts";
import { runExplain } from "../../src/entry/operator/explain.ts";
import { asOperator, UsageError } from "../../src/entry/operator/installation.ts";
import { runOrigins } from "../../src/entry/operator/origins.ts";
import { runPolicy } from "../../src/entry/operator/policy.ts";
import { runSponsors } from "../../src/entry/operator/sponsors.ts";
import { memo, transferSol } from "../support/instructions.ts";
import { createConsole } from "../support/manage.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { expectRefusal, post, type Visitor, visit, visitNewProject, wireOf } from "../support/visitor.ts";

let stack: Stack;
let folder: string;
beforeAll(async () => {
  stack = await startStack();
  folder = mkdtempSync(join(tmpdir(), "gasless-operator-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stack.close();
});

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

const COMMANDS = { origins: runOrigins, policy: runPolicy, explain: runExplain, sponsors: runSponsors };

/** Runs a command on the stack's database, as `npm run` would but in this process. */
async function run(command: keyof typeof COMMANDS, ...args: readonly string[]): Promise<Outcome> {
  const { api, rpc, redis, solana, secrets } = stack;
  const addresses = { api, solanaRpc: rpc.url, genesisHash: solana.genesisHash, redis: redis.url };
  const databaseUrl = stack.database.options.connectionString ?? "";
  const database = createDatabase(databaseUrl);
  const lines: string[] = [];
  try {
    const installation = { databaseUrl, variables: workerBindings(addresses, secrets) };
    const code = await COMMANDS[command](
      asOperator(database, "alice"),
      installation,
      args,
      (line) => void lines.push(line),
    );
    return { code, out: lines.join("\n"), error: "" };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { code: 2, out: lines.join("\n"), error: error.message };
  } finally {
    await database.close();
  }
}

function write(document: unknown): string {
  const file = join(folder, `${crypto.randomUUID()}.json`);
  writeFileSync(file, typeof document === "string" ? document : JSON.stringify(document));
  return file;
}

const hello = ({ wallet }: Visitor) => [memo([wallet.address], "hello")];
const memoOnly = { ...demoPolicy, allow: demoPolicy.allow.slice(0, 3) };

describe("npm run policy", () => {
  test("lints, compares, publishes and rolls back; each step counts at the next relay", async () => {
    const visitor = await visitNewProject(stack);
    const { projectId } = visitor.target;
    const noMemos = write({ ...demoPolicy, allow: demoPolicy.allow.slice(3) });

    expect(await run("policy", "diff", projectId, noMemos)).toMatchObject({
      code: 0,
      out: expect.stringContaining(
        '- /allow/0 {"program":"Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo","instruction":"memo"}',
      ),
    });
    expect((await post(visitor, await wireOf(visitor, hello(visitor)))).status).toBe(202);

    expect(await run("policy", "publish", projectId, noMemos)).toMatchObject({
      code: 0,
      out: expect.stringContaining("Version 2 is in force."),
    });
    const other = await visit(visitor.target);
    expectRefusal(await post(other, await wireOf(other, hello(other))), "policy.program_not_allowed");

    expect(await run("policy", "rollback", projectId)).toMatchObject({
      code: 0,
      out: "Version 1 is in force again.",
    });
    const third = await visit(visitor.target);
    expect((await post(third, await wireOf(third, hello(third)))).status).toBe(202);
    const listed = await run("policy", "versions", projectId);
    expect(listed.out).toContain(", in force");
    expect(listed.out).toContain("version 2 of ");
    // What is shown is a file that can be published again.
    expect(JSON.parse((await run("policy", "show", projectId)).out)).toEqual(demoPolicy);
  });

  test("does not publish a policy with errors; --fix prints one that can be published", async () => {
    const { target } = await visitNewProject(stack);
    const file = write({
      ...memoOnly,
      allow: [...memoOnly.allow, { program: memoOnly.allow[0]?.program, instruction: "memmo" }],
    });
    const refused = await run("policy", "publish", target.projectId, file);
    expect(refused).toMatchObject({
      code: 1,
      out: expect.stringContaining("error: /allow/3/instruction (instruction-unknown)"),
    });
    expect(refused.out).toContain("Not published");

    const fixed = await run("policy", "lint", target.projectId, file, "--fix");
    expect(fixed.code).toBe(0);
    expect(await run("policy", "publish", target.projectId, write(fixed.out))).toMatchObject({ code: 0 });
  });

  test("says where a file is no policy, and never half-saves it", async () => {
    const { target } = await visitNewProject(stack);
    const unfit = await run("policy", "publish", target.projectId, write({ ...demoPolicy, maxFee: -1, extra: true }));
    expect(unfit).toMatchObject({ code: 2, error: expect.stringContaining("/maxFee") });
    expect(unfit.error).toContain("extra");
    expect(await run("policy", "publish", target.projectId, write("{"))).toMatchObject({ code: 2 });
    expect(await run("policy", "publish", target.projectId, "/nowhere.json")).toMatchObject({ code: 2 });
    const { rows } = await stack.database.query("select version from policies where project_id = $1", [
      target.projectId,
    ]);
    expect(rows).toEqual([{ version: 1 }]);
  });

  test("publishes nothing that is in force already, and rolls back to nothing that is not there", async () => {
    const { target } = await visitNewProject(stack);
    expect(await run("policy", "publish", target.projectId, write(demoPolicy))).toMatchObject({
      code: 0,
      out: expect.stringContaining("says the same already"),
    });
    expect(await run("policy", "rollback", target.projectId)).toMatchObject({ code: 1 });
    expect(await run("policy", "rollback", target.projectId, "7")).toMatchObject({ code: 1 });
  });

  test.each([
    [[], "Which command?"],
    [["publish"], "Of which project?"],
    [["shwo", "x"], "There is no command shwo: there are show, versions, lint, diff, publish, rollback."],
    [["publish", "x", "f.json", "--netwrok", "solana:localnet"], "Unknown option '--netwrok'."],
    [["publish", "x", "f.json", "--dry-run"], "Unknown option '--dry-run'."],
    [["publish", "x", "f.json", "g.json"], "g.json is one word too many."],
    [["publish", "x", "f.json", "--fix"], "--fix belongs to lint."],
    [["versions", "x", "1"], "1 is one word too many."],
    [["lint", "x", "f.json", "--network"], "argument missing"],
    [["show", "prj_nobody"], "There is no project prj_nobody."],
  ])("with %j explains itself", async (args, message) => {
    const { code, error } = await run("policy", ...args);
    expect(code).toBe(2);
    expect(error).toContain(message);
  });

  test("a version that is there can be changed by nobody, whatever the statement", async () => {
    const { target } = await visitNewProject(stack);
    for (const statement of [
      "update policies set document = '{}' where project_id = $1",
      "delete from policies where project_id = $1",
    ]) {
      await expect(stack.database.query(statement, [target.projectId])).rejects.toMatchObject({ code: "23001" });
    }
  });

  test("of two who publish at once, one is told that the other was first", async () => {
    const { target } = await visitNewProject(stack);
    const publish = (maxFee: string) =>
      stack.database.query("select publish_policy($1, $2, $3, 1)", [
        target.projectId,
        target.network,
        JSON.stringify({ ...demoPolicy, maxFee }),
      ]);
    const outcomes = await Promise.allSettled([publish("20000"), publish("21000")]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "GL013" } });
  });
});

describe("npm run explain", () => {
  test("explains a transaction of somebody, rule by rule", async () => {
    const visitor = await visitNewProject(stack);
    const wire = toBase64(await wireOf(visitor, hello(visitor)));
    const told = await run("explain", visitor.target.projectId, `solana:${visitor.wallet.address}`, wire);
    expect(told.error).toBe("");
    expect(told).toMatchObject({
      code: 0,
      out: expect.stringContaining("sponsor, by policy version 1: fee 10000, rent 0"),
    });
    expect(told.out).toContain("ok   sponsor-is-isolated");
  });

  test("explains a past decision by the id of its request, as today's policy would have it", async () => {
    const visitor = await visitNewProject(stack);
    const stealing = [...hello(visitor), transferSol(visitor.sponsor, visitor.wallet.address, 5)];
    const refused = await post(visitor, await wireOf(visitor, stealing));
    const id = refused.headers.get("request-id") ?? "";
    await expect
      .poll(async () => (await stack.database.query("select from decisions where id = $1", [id])).rowCount)
      .toBe(1);
    const told = await run("explain", id);
    expect(told).toMatchObject({ code: 1, out: expect.stringContaining("refuse (policy.fee_payer_misused)") });
    expect(told.out).toContain("FAIL sponsor-is-isolated · instruction 2 · policy.fee_payer_misused");
    expect(JSON.parse((await run("explain", id, "--json")).out.split("\n").slice(1).join("\n"))).toMatchObject({
      verdict: "refuse",
    });
  });

  test("of an id that nobody kept, or of no transaction, explains itself", async () => {
    expect(await run("explain", "req_unknown")).toMatchObject({
      code: 2,
      error: expect.stringContaining("No decision of req_unknown"),
    });
    const { target } = await visitNewProject(stack);
    expect(await run("explain", target.projectId, "solana:x", "%%")).toMatchObject({ code: 2 });
  });
});

describe("npm run sponsors", () => {
  test("adds a sponsor, lets it pay, drains it, and retires it only when nothing needs it any more", async () => {
    const visitor = await visitNewProject(stack);
    const { projectId, network } = visitor.target;
    const { address } = await createWallet();
    expect(await run("sponsors", "add", network, address)).toMatchObject({
      code: 0,
      out: expect.stringContaining("Warning: SPONSOR_KEYS has no key for it"),
    });
    expect(await run("sponsors", "add", network, address)).toMatchObject({ code: 1 });
    expect(await run("sponsors", "join", projectId, address)).toMatchObject({ code: 0 });
    expect((await run("sponsors", "list")).out).toContain(`${network} ${address} active`);
    expect(await run("sponsors", "floor", address, "7000000")).toMatchObject({ code: 0 });
    expect(await run("sponsors", "budget", address, "day", "fee", "50000")).toMatchObject({ code: 0 });
    expect(await run("sponsors", "budget", address, "day", "fee", "60000")).toMatchObject({ code: 0 });
    const { rows } = await stack.database.query(
      "select amount from limits l join sponsors s on s.id = l.sponsor_id where s.address = $1",
      [address],
    );
    expect(rows).toEqual([{ amount: "60000" }]);

    expect(await run("sponsors", "retire", address)).toMatchObject({ code: 1 });
    expect(await run("sponsors", "drain", address)).toMatchObject({ code: 0 });
    expect(await run("sponsors", "retire", address)).toMatchObject({ code: 1 });
    await stack.database.query(
      "update sponsors set state_changed_at = now() - interval '301 seconds' where address = $1",
      [address],
    );
    expect(await run("sponsors", "retire", address)).toMatchObject({ code: 0, out: `${address} is retired.` });
    expect(await run("sponsors", "activate", address)).toMatchObject({ code: 1 });
    expect(await run("sponsors", "leave", projectId, address)).toMatchObject({ code: 0 });
  });

  test("gives a sponsor to an organization, and to no other while somebody else's project is paid by it", async () => {
    const organization = await createConsole(stack).organization();
    const [own, foreign] = [await stack.createProject(), await stack.createProject()];
    await organization.own(own);
    const { address } = await createWallet();
    const ownerOf = async () => {
      const { rows } = await stack.database.query<{ owner: string | null }>(
        "select organization_id as owner from sponsors where address = $1",
        [address],
      );
      return rows[0]?.owner;
    };
    expect(await run("sponsors", "add", own.network, address)).toMatchObject({ code: 0 });
    for (const { projectId } of [own, foreign]) await run("sponsors", "join", projectId, address);
    expect(await run("sponsors", "give", address, organization.id)).toMatchObject({
      code: 1,
      out: expect.stringContaining("It pays for projects of somebody else"),
    });
    expect(await ownerOf()).toBe(null);
    await run("sponsors", "leave", foreign.projectId, address);
    expect(await run("sponsors", "give", address, organization.id)).toMatchObject({ code: 0 });
    expect(await ownerOf()).toBe(organization.id);
    expect((await run("sponsors", "list")).out).toContain(`${organization.id}; pays for`);
    expect(await run("sponsors", "give", address, organization.id)).toMatchObject({ code: 1 });
    expect(await run("sponsors", "give", address, "Nobody & Sons")).toMatchObject({ code: 2 });
    expect(await run("sponsors", "give", address, "nobody")).toMatchObject({ code: 0 });
    expect(await ownerOf()).toBe(null);
  });

  test("refuses what is no amount, no network and no command", async () => {
    expect(await run("sponsors", "floor", "x", "-5")).toMatchObject({ code: 2 });
    expect(await run("sponsors", "add", "solana:moon", "x")).toMatchObject({ code: 2 });
    expect(await run("sponsors", "burn")).toMatchObject({
      code: 2,
      error: expect.stringContaining("There is no command burn"),
    });
    expect(await run("sponsors", "drain", "x", "y")).toMatchObject({ code: 2, error: "y is one word too many." });
    expect(await run("sponsors", "list", "--all")).toMatchObject({ code: 2, error: "Unknown option '--all'." });
  });
});

test("without a database and without a running stack, a command says what it needs", async () => {
  const outcome = await new Promise<Outcome>((resolve) => {
    const env = { PATH: process.env["PATH"], GASLESS_DATA: folder };
    execFile(process.execPath, ["bff/src/entry/operator/policy.ts", "show", "x"], { env }, (error, out, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, out, error: stderr });
    });
  });
  expect(outcome).toMatchObject({
    code: 2,
    error: expect.stringContaining("set DATABASE_URL, or start the stack with npm start"),
  });
});

test("a command whose reader has seen enough ends without a word", async () => {
  const { projectId } = await stack.createProject();
  const env = { PATH: process.env["PATH"], DATABASE_URL: stack.database.options.connectionString };
  const command = spawn(process.execPath, ["bff/src/entry/operator/policy.ts", "show", projectId], { env });
  command.stdout.destroy();
  let said = "";
  command.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(command, "close")) as [number];
  expect({ code, said }).toEqual({ code: 141, said: "" });
});

describe("npm run origins", () => {
  test("keeps what is typed as browsers send it; it counts at once, and not any more when it is removed", async () => {
    const target = await stack.createProject({ origins: [] });
    const config = (origin: string) => callApi({ ...target, origin }, "GET", "/v1/config");
    expect(await run("origins", "list", target.projectId)).toMatchObject({
      code: 0,
      out: expect.stringContaining("None"),
    });
    const added = await run("origins", "add", target.projectId, "https://Bücher.example:443/");
    expect(added).toMatchObject({
      code: 0,
      out: "https://xn--bcher-kva.example may use the project, within five seconds.",
    });
    expect((await run("origins", "add", target.projectId, "https://bücher.example")).out).toContain("already");
    expect(await run("origins", "list", target.projectId)).toMatchObject({ out: "https://xn--bcher-kva.example" });
    expect((await config("https://xn--bcher-kva.example")).status).toBe(200);
    expect(await run("origins", "remove", target.projectId, "https://bücher.example")).toMatchObject({ code: 0 });
    await vi.waitFor(async () => expect((await config("https://xn--bcher-kva.example")).status).toBe(403), {
      timeout: 8_000,
      interval: 250,
    });
    expect(await run("origins", "remove", target.projectId, "https://bücher.example")).toMatchObject({ code: 1 });
  });

  test.each([
    [["add"], "Of which project?"],
    [[], "Which command?"],
    [["list", "a", "b"], "b is one word too many"],
    [["add", "a", "https://a.example", "https://b.example"], "https://b.example is one word too many"],
    [["add", "nobody's", "https://a.example"], "There is no project"],
  ])("says what is wrong with %j", async (args, message) => {
    expect(await run("origins", ...args)).toMatchObject({ code: 2, error: expect.stringContaining(message) });
  });

  test("says where nobody will be able to sign in", async () => {
    const { projectId } = await stack.createProject();
    const add = async (origin: string) => (await run("origins", "add", projectId, origin)).out;
    expect(await add("http://shop.example")).toContain("Nobody can sign in there");
    for (const origin of ["https://shop.example", "http://localhost:3000", "http://127.0.0.1:3000"]) {
      expect(await add(origin)).not.toContain("Nobody can sign in there");
    }
  });

  test("takes no wildcard, no path and no null, and says why", async () => {
    const { projectId } = await stack.createProject();
    const errorOf = async (origin: string) => (await run("origins", "add", projectId, origin)).error;
    expect(await errorOf("https://*.example")).toContain("without a wildcard");
    expect(await errorOf("null")).toContain("nobody's");
    expect(await errorOf("https://shop.example/cart")).toContain("such as https://shop.example");
  });
});
