import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { IdlReading, Published } from "../../../src/contract/manage/policies.ts";
import { demoPolicy } from "@gasless/db/factories";
import { type Console, createConsole, type Manager, type Organization } from "../../support/manage.ts";
import { expectProblem } from "../../support/problems.ts";
import { NETWORK, type Stack, startStack } from "../../support/stack.ts";

let stack: Stack;
let desk: Console;
let organization: Organization;
let developer: Manager;
let path: string;
beforeAll(async () => {
  stack = await startStack();
  desk = createConsole(stack);
  organization = await desk.organization();
  developer = await organization.member("developer");
  const project = await stack.createProject();
  await organization.own(project);
  path = `/projects/${project.projectId}/networks/${NETWORK}/policies`;
});
afterAll(() => stack.close());

const PROGRAM = "4vJ9JU1bJJE96FWSJKvHsmmFADCg4gpZQff4P3bkLKi";
const IDL = {
  version: "0.1.0",
  name: "tickets",
  instructions: [
    {
      name: "buyTicket",
      accounts: [{ name: "buyer", isMut: true, isSigner: true }],
      args: [{ name: "seat", type: "u16" }],
    },
    { name: "buyMany", accounts: [], args: [{ name: "seats", type: { vec: "u16" } }] },
  ],
};

const readIdl = (body: unknown, token = developer.token) => desk.call<IdlReading>(token, "POST", `${path}/idl`, body);

describe("an IDL", () => {
  test("becomes a program that can be published as it is, with what was left out and why", async () => {
    const { status, body } = await readIdl({ idl: IDL, programAddress: PROGRAM });
    expect(status).toBe(200);
    expect(body).toEqual({
      program: {
        address: PROGRAM,
        name: "tickets",
        instructions: [
          {
            name: "buyTicket",
            // SHA-256 of "global:buy_ticket" begins with these eight bytes.
            discriminator: expect.stringMatching(/^[0-9a-f]{16}$/),
            arguments: [{ name: "seat", type: "u16" }],
            accounts: ["buyer"],
          },
        ],
      },
      skipped: [{ instruction: "buyMany", reason: "seats is a list" }],
    });
    const entry = { program: PROGRAM, instruction: "buyTicket", sessionWalletIs: ["buyer"] };
    const document = { ...demoPolicy, allow: [...demoPolicy.allow, entry], programs: [body.program] };
    const published = await desk.call<Published>(developer.token, "POST", `${path}/publish`, {
      document,
      expectedVersion: 1,
    });
    expect(published.status, JSON.stringify(published.body)).toBe(201);
  });

  test("that cannot be read is refused with its place", async () => {
    const cases = [
      [{ idl: IDL }, "/programAddress"],
      [{ idl: { name: "x" }, programAddress: PROGRAM }, "/idl/instructions"],
      [{ idl: { kind: "rootNode", program: {} }, programAddress: PROGRAM }, "/idl/program/instructions"],
      [{ idl: IDL, programAddress: "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA" }, "/programAddress"],
    ] as const;
    for (const [body, pointer] of cases) {
      const { errors } = expectProblem(await readIdl(body), 422, "manage.policy_invalid");
      expect(errors?.map((error) => error.pointer)).toEqual([pointer]);
    }
  });

  test("of two megabytes that is nested, cyclic and wide is answered all the same", async () => {
    const nested = `${'{"option":'.repeat(20_000)}"u8"${"}".repeat(20_000)}`;
    const wide = Array.from({ length: 2_000 }, (_, index) => ({
      name: `T${index}`,
      type: {
        kind: "struct",
        fields: Array.from({ length: 15 }, () => ({ name: "f", type: { defined: `T${index + 1}` } })),
      },
    }));
    const instruction = `{"name":"deep","discriminator":[1],"accounts":[],"args":[{"name":"a","type":${nested}}]}`;
    const cyclic = JSON.stringify({
      name: "wide",
      discriminator: [2],
      accounts: [],
      args: [{ name: "a", type: { defined: "T0" } }],
    });
    const plain = '{"name":"plain","discriminator":[3],"accounts":[],"args":[]}';
    const idl = `{"instructions":[${instruction},${cyclic},${plain}],"types":${JSON.stringify(wide)}}`;
    const text = `{"programAddress":"${PROGRAM}","idl":${idl}}`;
    expect(text.length).toBeGreaterThan(1_000_000);
    const { status, body } = await readIdl(text);
    expect(status).toBe(200);
    expect(body.skipped.map((skipped) => skipped.instruction)).toEqual(["deep", "wide"]);
    expectProblem(await readIdl(`{"idl":{},"programAddress":"${"x".repeat(2_100_000)}"}`), 413, "request.too_large");
  });

  test("of a network whose policies describe no programs is of no use", async () => {
    const answer = await desk.call(developer.token, "POST", path.replace(NETWORK, "algorand:localnet").concat("/idl"), {
      idl: IDL,
    });
    expectProblem(answer, 422, "manage.policy_invalid");
  });

  test("is read for a viewer too, and for no key without the scope", async () => {
    const viewer = await organization.member("viewer");
    expect((await readIdl({ idl: IDL, programAddress: PROGRAM }, viewer.token)).status).toBe(200);
    const key = await organization.key(path.split("/")[2] ?? "", ["project:read"]);
    expectProblem(await readIdl({ idl: IDL, programAddress: PROGRAM }, key), 403, "auth.scope_missing");
  });
});
