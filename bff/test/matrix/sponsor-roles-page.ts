import { type Call, readCalls } from "../../src/domain/policy/call.ts";
import { KNOWN_PROGRAMS, TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from "../../src/domain/policy/programs/known-programs.ts";
import type { ArgumentValue } from "../../src/domain/policy/programs/shape.ts";
import { SPONSOR_ROLES, type SponsorRole, switchOf } from "../../src/domain/policy/sponsor-roles.ts";
import { fillerKey, KNOWN_INSTRUCTIONS, sampleAccounts, sampleData } from "./known-calls.ts";

interface Sample {
  readonly values?: Readonly<Record<string, ArgumentValue>>;
  readonly tokenProgram?: string;
}

/** A call of one of the role's instructions. */
function callOf({ program, instructions, account }: SponsorRole, { values, tokenProgram }: Sample): Call {
  const known = KNOWN_INSTRUCTIONS.find(
    (one) =>
      one.program.address === program && one.shape.name === instructions[0] && one.shape.accounts.includes(account),
  );
  if (!known) throw new Error(`${program} has no ${instructions[0]}`);
  const accounts = sampleAccounts(known.shape).map((key, index) =>
    known.shape.accounts[index] === "tokenProgram" ? (tokenProgram ?? key) : key,
  );
  const [call] = readCalls(
    {
      version: 0,
      signatures: [],
      message: new Uint8Array(),
      requiredSignatures: 1,
      accounts: [...accounts, program],
      blockhash: "",
      lookupTables: [],
      instructions: [
        {
          programIndex: accounts.length,
          accountIndexes: [...accounts.keys()],
          data: Uint8Array.from(sampleData(known.shape, values)),
        },
      ],
    },
    KNOWN_PROGRAMS,
  );
  if (!call?.named) throw new Error(`${instructions[0]} was not told by its name`);
  return call;
}

const inFull = (lamports: bigint): string => lamports.toString().replaceAll(/\B(?=(?:\d{3})+$)/g, ",");

/** How much it may be, found by asking the table: with two amounts, two token programs, one and two addresses. */
function sayWorstCase(role: SponsorRole): string {
  if (role.gives === "nothing") return "nothing: lamports come in";
  const worst = (sample: Sample): bigint => role.worstRent(callOf(role, sample));
  const [token, token2022] = [TOKEN_PROGRAM, TOKEN_2022_PROGRAM].map((tokenProgram) => worst({ tokenProgram }));
  if (token !== undefined && token2022 !== undefined && token !== token2022) {
    return `${inFull(token)} lamports an account of SPL Token, ${inFull(token2022)} of Token-2022`;
  }
  const says = (amount: bigint): bigint => worst({ values: { lamports: amount, amount } });
  if (says(7n) === 7n && says(9_000_000n) === 9_000_000n) return "the lamports that the instruction says";
  const listing = (count: number): bigint =>
    worst({ values: { addresses: Array.from({ length: count }, (_, index) => fillerKey(index)) } });
  if (listing(0) === 0n && listing(2) === 2n * listing(1)) return `${inFull(listing(1))} lamports an address`;
  return `${inFull(worst({}))} lamports`;
}

/** What must hold beside, in words: the table has it as code. */
const CONDITIONS: Readonly<Record<string, string>> = {
  "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL payer": "only with SPL Token or Token-2022 as `tokenProgram`",
  "11111111111111111111111111111111 funder": "never an account that is derived from the sponsor",
};

/** @throws Error when a role has a condition that has no words yet */
function sayBeyond(role: SponsorRole): string {
  const { gives, beneficiary, isBounded } = role;
  const inner = gives === "rent" ? `lamports to \`${beneficiary}\`, up to the worst case` : "none that name it";
  if (!isBounded) return inner;
  const condition = CONDITIONS[switchOf(role)];
  if (condition === undefined) throw new Error(`say what ${switchOf(role)} demands`);
  return `${inner}; ${condition}`;
}

/** The role table for people who write policies. */
export function renderSponsorRoles(): string {
  const rows = SPONSOR_ROLES.map((role) => {
    const name = KNOWN_PROGRAMS.get(role.program)?.name ?? "";
    const instructions = role.instructions.map((instruction) => `\`${instruction}\``).join(", ");
    return `| ${name} \`${role.program}\` | \`${role.role}\` | ${instructions} | \`${role.account}\` | ${role.gives} | ${sayWorstCase(role)} | ${sayBeyond(role)} |`;
  });
  return `# Roles of the sponsor

This page is written from \`bff/src/domain/policy/sponsor-roles.ts\` by the test beside it: \`npx vitest run -u --project unit matrix\`.

The sponsor pays the network fee and stands in no instruction. Where it may stand all the same, a policy says by name, one
switch for each program and role: \`"sponsorRoles": [{ "program": "…", "role": "…" }]\`. All are off by default. Rent also
needs \`maxRent\`, and counts against its budget with its worst case, whatever a simulation says. No switch lets the sponsor
stand behind a lookup table, in a program that a policy describes itself, or any other key of the pool anywhere.

\`matrix.test.ts\` puts the sponsor, and another key of the pool, into every account of every instruction of every known
program, in each transaction version, behind a lookup table, in a batch and in calls that programs make themselves, with
every switch off, each switch on by itself, and all on: it is refused everywhere but here.

| program | role | instructions | the sponsor is | gives | worst case | calls of the program's own |
|---|---|---|---|---|---|---|
${rows.join("\n")}
`;
}
