import { accountOf, type Call } from "./call.ts";
import {
  ADDRESS_LOOKUP_TABLE_PROGRAM,
  ASSOCIATED_TOKEN_PROGRAM,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from "./programs/known-programs.ts";

/** What an account costs so that it stays: (its data + this overhead) × the rate. Source: Agave, Rent::default(). */
const ACCOUNT_OVERHEAD_BYTES = 128n;
const LAMPORTS_PER_BYTE = 6_960n;

const TOKEN_ACCOUNT_BYTES = 165n;
/** The longest that Token-2022 makes by itself: every extension that a mint can demand of an account, rounded up. */
const TOKEN_2022_ACCOUNT_BYTES = 320n;
const LOOKUP_TABLE_HEADER_BYTES = 56n;
const KEY_BYTES = 32n;

export function rentOf(dataBytes: bigint): bigint {
  return (ACCOUNT_OVERHEAD_BYTES + dataBytes) * LAMPORTS_PER_BYTE;
}

/**
 * A place in which a policy may let the sponsor stand, although it otherwise stands in none. `gives`: nothing, or rent
 * whose worst case is known from the bytes. `inner`: what the program may do with it by calls of its own.
 */
export interface SponsorRole {
  readonly program: string;
  /** The name by which a policy turns it on, for all of these instructions. */
  readonly role: string;
  readonly instructions: readonly string[];
  /** The account of the instruction that the sponsor is. */
  readonly account: string;
  readonly gives: "nothing" | "rent";
  /** Lamports at worst. */
  readonly worstRent: (call: Call) => bigint;
  /** The account to which the lamports may go; undefined: none may go anywhere. */
  readonly beneficiary?: string;
  /** What else must hold of the call, or the worst case would be a guess. */
  readonly isBounded?: (call: Call, sponsor: string) => boolean;
}

function amountOf(call: Call, argument: string): bigint {
  const value = call.named?.arguments.get(argument);
  return typeof value === "bigint" ? value : 0n;
}

function tokenAccountRent(call: Call): bigint {
  return rentOf(accountOf(call, "tokenProgram") === TOKEN_PROGRAM ? TOKEN_ACCOUNT_BYTES : TOKEN_2022_ACCOUNT_BYTES);
}

function addedAddressesRent(call: Call): bigint {
  const added = call.named?.arguments.get("addresses");
  return LAMPORTS_PER_BYTE * KEY_BYTES * BigInt(Array.isArray(added) ? added.length : 0);
}

/** The program calls whatever token program it is given, and asks it for the size of the account. */
function hasTokenProgram(call: Call): boolean {
  const program = accountOf(call, "tokenProgram");
  return program === TOKEN_PROGRAM || program === TOKEN_2022_PROGRAM;
}

const nothing = (): bigint => 0n;

/** All of them; each is off until a policy turns it on. What is not here, the sponsor can never be. */
export const SPONSOR_ROLES: readonly SponsorRole[] = [
  {
    program: ASSOCIATED_TOKEN_PROGRAM,
    role: "payer",
    instructions: ["create", "createIdempotent"],
    account: "payer",
    gives: "rent",
    worstRent: tokenAccountRent,
    beneficiary: "ata",
    isBounded: hasTokenProgram,
  },
  {
    program: SYSTEM_PROGRAM,
    role: "funder",
    instructions: ["createAccount", "createAccountAllowPrefund", "createAccountWithSeed"],
    account: "payer",
    gives: "rent",
    worstRent: (call) => amountOf(call, call.named?.shape.name === "createAccountWithSeed" ? "amount" : "lamports"),
    beneficiary: "newAccount",
    // An account that is derived from the sponsor would be under nobody's control but the sponsor's.
    isBounded: (call, sponsor) => call.named?.arguments.get("base") !== sponsor,
  },
  {
    program: ADDRESS_LOOKUP_TABLE_PROGRAM,
    role: "payer",
    instructions: ["createLookupTable"],
    account: "payer",
    gives: "rent",
    worstRent: () => rentOf(LOOKUP_TABLE_HEADER_BYTES),
    beneficiary: "address",
  },
  {
    program: ADDRESS_LOOKUP_TABLE_PROGRAM,
    role: "payer",
    instructions: ["extendLookupTable"],
    account: "payer",
    gives: "rent",
    worstRent: addedAddressesRent,
    beneficiary: "address",
  },
  {
    program: ADDRESS_LOOKUP_TABLE_PROGRAM,
    role: "recipient",
    instructions: ["closeLookupTable"],
    account: "recipient",
    gives: "nothing",
    worstRent: nothing,
  },
  ...[TOKEN_PROGRAM, TOKEN_2022_PROGRAM].map((program): SponsorRole => ({
    program,
    role: "recipient",
    instructions: ["closeAccount"],
    account: "destination",
    gives: "nothing",
    worstRent: nothing,
  })),
  {
    program: SYSTEM_PROGRAM,
    role: "recipient",
    instructions: ["transfer"],
    account: "destination",
    gives: "nothing",
    worstRent: nothing,
  },
];

/** The role that an account position of a call is, or undefined when the sponsor may never stand there. */
export function sponsorRoleAt(call: Call, position: number): SponsorRole | undefined {
  const { named, program } = call;
  const account = named?.shape.accounts[position];
  if (!named || account === undefined) return undefined;
  const role = SPONSOR_ROLES.find(
    (candidate) =>
      candidate.program === program &&
      candidate.account === account &&
      candidate.instructions.includes(named.shape.name),
  );
  return role?.isBounded?.(call, call.accounts[position] ?? "") === false ? undefined : role;
}

/** The name of a role in a policy's switches. */
export const switchOf = ({ program, role }: Pick<SponsorRole, "program" | "role">): string => `${program} ${role}`;
