import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { demoPolicy } from "@gasless/db/factories";
import { callApi, expectStatus, MEMO_PROGRAM } from "@gasless/localnet/api-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Scope } from "../../src/contract/manage/values.ts";
import { memo } from "../support/instructions.ts";
import { createConsole, type Organization } from "../support/manage.ts";
import { NETWORK, type Stack, startStack } from "../support/stack.ts";
import { expectRefusal, post, type Visitor, visit, wireOf } from "../support/visitor.ts";

interface CodeBlock {
  readonly language: string;
  readonly title: string;
  readonly code: string;
}

const readChapter = (name: string): string =>
  readFileSync(new URL(`../../../docs/integrators/${name}.md`, import.meta.url), "utf8");
const blocksOf = (text: string): readonly CodeBlock[] =>
  Array.from(text.matchAll(/```(\w+) ?(.*)\n([\s\S]*?)\n```/g), ([, language = "", title = "", code = ""]) => ({
    language,
    title,
    code,
  }));

const KEYS = blocksOf(readChapter("keys"));
const [SETUP = expect.fail("the shell's functions are printed")] = KEYS;
/** The first recipe of the guide. */
const MEMOS_ALONE: unknown = JSON.parse(blocksOf(readChapter("policies"))[0]?.code ?? "");
/** Another program than the one of the recipe. */
const OLDER_MEMO = "Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo";

let stack: Stack;
let organization: Organization;
let folder: string;
beforeAll(async () => {
  stack = await startStack();
  organization = await createConsole(stack).organization();
  folder = mkdtempSync(join(tmpdir(), "gasless-guide-"));
  writeFileSync(join(folder, "policy.json"), JSON.stringify(demoPolicy));
  for (const { language, title, code } of KEYS) {
    if (language === "js") writeFileSync(join(folder, title.replace(/:.*$/, "")), code);
  }
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await stack.close();
});

/** A project whose policy takes one memo program, and who has just been refused with another. */
async function visitWithRefusal(): Promise<Visitor & { readonly projectId: string }> {
  const project = await stack.createProject({ policy: MEMOS_ALONE });
  await organization.own(project);
  const visitor = await visit(project);
  const wire = await wireOf(visitor, [memo([visitor.wallet.address], "hello", OLDER_MEMO)]);
  expectRefusal(await post(visitor, wire), "policy.program_not_allowed");
  return { ...visitor, projectId: project.projectId };
}

/** Runs blocks of the page as they are printed, with this project's values in the first; gives what each wrote, by title. */
async function runBlocks(
  projectId: string,
  scopes: readonly Scope[],
  blocks: readonly CodeBlock[],
): Promise<ReadonlyMap<string, string>> {
  const secretKey = await organization.key(projectId, scopes);
  const values: Readonly<Record<string, string>> = {
    API: stack.api,
    PROJECT: projectId,
    NETWORK,
    SECRET_KEY: secretKey,
  };
  const setup = SETUP.code.replaceAll(/^export (\w+)=.*$/gm, (_line, name: string) => `export ${name}='${values[name]}'`);
  const parts = blocks.map(({ title, code }) => `printf '\\n=== %s\\n' ${JSON.stringify(title)}\n${code}`);
  const script = ["set -euo pipefail", setup, ...parts].join("\n");
  const { stdout } = await promisify(execFile)("bash", ["-c", script], { cwd: folder });
  const outputs = stdout.split("\n=== ").slice(1);
  return new Map(outputs.map((output) => [output.split("\n", 1)[0] ?? "", output.slice(output.indexOf("\n") + 1)]));
}

const shellBlocks = (blocks: readonly CodeBlock[]): readonly CodeBlock[] =>
  blocks.filter(({ language, title }) => language === "sh" && title !== SETUP.title);

const outputOf = (outputs: ReadonlyMap<string, string>, start: string): string =>
  Array.from(outputs).find(([title]) => title.startsWith(start))?.[1] ?? expect.fail(`no block begins with ${start}`);

test("the commands about secret keys do what they say, with the scopes that they name", { timeout: 60_000 }, async () => {
  const { projectId, target } = await visitWithRefusal();
  const blocks = shellBlocks(KEYS);
  const named = blocks.flatMap(({ title }) => title.match(/[a-z]+:(?:read|write)/g) ?? []) as Scope[];
  const outputs = await runBlocks(projectId, [...new Set(named)], blocks);

  expect(outputOf(outputs, "Read the project")).toContain('{"origin":"https://preview.shop.example"}');
  expect(outputOf(outputs, "Deny an address")).toContain('"note":"Drained the faucet"');
  expect(JSON.parse(outputOf(outputs, "Import a list"))).toMatchObject({
    state: "succeeded",
    result: { kind: "import", added: 1 },
  });
  expect(outputOf(outputs, "Check and publish")).toContain('"isNew":true');
  const rolled = outputOf(outputs, "Roll").trim();
  expect(rolled).toMatch(/^pk_test_[0-9A-Za-z]{30}$/);
  const config = await callApi({ ...target, publishableKey: rolled }, "GET", "/v1/config");
  expect(expectStatus(config, 200)).toMatchObject({ project: { id: projectId } });
});

test("a script signs in as a member by the commands of the guide", { timeout: 60_000 }, async () => {
  const { code = expect.fail("the commands are printed") } = KEYS.find(({ title }) => title === "As a member") ?? {};
  const script = `set -euo pipefail\n${code.replace(/^API=.*$/m, `API='${stack.api}'`)}\necho\nwallet address`;
  const env = { ...process.env, GASLESS_DATA: folder };
  const { stdout } = await promisify(execFile)("bash", ["-c", script], { env });
  const [me, address] = stdout.trim().split("\n");
  expect(JSON.parse(me ?? "")).toMatchObject({ user: { wallets: [`solana:${address}`] }, organizations: [] });
});

test("the report in JavaScript counts what was refused", async () => {
  const { projectId } = await visitWithRefusal();
  const SECRET_KEY = await organization.key(projectId, ["traffic:read"]);
  const env = { ...process.env, API: stack.api, PROJECT: projectId, SECRET_KEY };
  const { stdout } = await promisify(execFile)(process.execPath, ["report.mjs"], { cwd: folder, env });
  expect(stdout).toMatch(/policy\.program_not_allowed\W+1\b/);
});

test("the commands about refusals lead from a decision to a draft that would have sponsored it", { timeout: 60_000 }, async () => {
  const { projectId } = await visitWithRefusal();
  const blocks = shellBlocks(blocksOf(readChapter("reasons")));
  const named = blocks.flatMap(({ title }) => title.match(/[a-z]+:(?:read|write)/g) ?? []) as Scope[];
  const outputs = await runBlocks(projectId, [...new Set(named)], blocks);

  expect(outputOf(outputs, "The newest refusals")).toContain('"code":"policy.program_not_allowed"');
  expect(outputOf(outputs, "Which rules failed")).toContain(": policy.program_not_allowed");
  expect(outputOf(outputs, "What would another policy say").trim()).toBe("sponsor");
  expect(outputOf(outputs, "Backtest the draft").trim()).toBe("1");
});

test("the page's first relay is about the program that the first recipe takes", () => {
  expect(readChapter("quick-start")).toContain(`programAddress: "${MEMO_PROGRAM}"`);
  expect(JSON.stringify(MEMOS_ALONE)).toContain(MEMO_PROGRAM);
});

test("the limits that the documentation names are those of the worker", async () => {
  const project = await stack.createProject();
  await organization.own(project);
  const key = await organization.key(project.projectId, ["project:read", "policies:write", "policies:read"]);
  const policyOf = async (method: string, path: string, body?: object): Promise<string | null> => {
    const url = `${stack.api}/v1/manage/projects/${project.projectId}${path}`;
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return answer.headers.get("ratelimit-policy");
  };
  const permissions = readFileSync(new URL("../../../docs/permissions.md", import.meta.url), "utf8");
  const documented = (name: string): string =>
    new RegExp(`\`${name}\` ([0-9]+(?:,[0-9]{3})*)`).exec(permissions)?.[1]?.replace(",", "") ?? expect.fail(name);
  expect(await policyOf("GET", "")).toBe(`"manage-read";q=${documented("read")};w=60`);
  expect(await policyOf("POST", `/networks/${NETWORK}/drafts`, {})).toBe(`"manage-write";q=${documented("write")};w=60`);
  expect(await policyOf("POST", "/explain", {})).toBe(`"manage-heavy";q=${documented("heavy")};w=60`);
  const said = /^A key has ([\d,]+) reading, (\d+) writing and (\d+) heavy[^]* have (\d+) heavy/m.exec(readChapter("keys"));
  const [, ...amounts] = said ?? [];
  const names = ["read", "write", "heavy", "heavy-shared"];
  expect(amounts.map((amount) => amount.replace(",", ""))).toEqual(names.map(documented));
});
