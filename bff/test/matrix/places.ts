import {
  ADDRESS_LOOKUP_TABLE_PROGRAM as TABLE,
  ASSOCIATED_TOKEN_PROGRAM as ATA,
  SYSTEM_PROGRAM as SYSTEM,
  TOKEN_2022_PROGRAM as TOKEN_2022,
  TOKEN_PROGRAM as TOKEN,
} from "../../src/domain/policy/programs/known-programs.ts";

/** A place in which the sponsor may stand, as somebody decided it and not as the code finds it. */
export interface Place {
  readonly program: string;
  readonly instruction: string;
  readonly account: string;
  readonly role: string;
  /** Where what it gives may go; undefined: it gives nothing. */
  readonly beneficiary?: string;
}

/**
 * Every place that a policy can open, written down a second time: a role that is added, widened or renamed by mistake
 * differs from this list. Whoever changes it decides that the sponsor may stand somewhere else.
 */
export const PLACES: readonly Place[] = [
  { program: ATA, instruction: "create", account: "payer", role: "payer", beneficiary: "ata" },
  { program: ATA, instruction: "createIdempotent", account: "payer", role: "payer", beneficiary: "ata" },
  { program: SYSTEM, instruction: "createAccount", account: "payer", role: "funder", beneficiary: "newAccount" },
  {
    program: SYSTEM,
    instruction: "createAccountAllowPrefund",
    account: "payer",
    role: "funder",
    beneficiary: "newAccount",
  },
  {
    program: SYSTEM,
    instruction: "createAccountWithSeed",
    account: "payer",
    role: "funder",
    beneficiary: "newAccount",
  },
  { program: SYSTEM, instruction: "transfer", account: "destination", role: "recipient" },
  { program: TABLE, instruction: "createLookupTable", account: "payer", role: "payer", beneficiary: "address" },
  { program: TABLE, instruction: "extendLookupTable", account: "payer", role: "payer", beneficiary: "address" },
  { program: TABLE, instruction: "closeLookupTable", account: "recipient", role: "recipient" },
  { program: TOKEN, instruction: "closeAccount", account: "destination", role: "recipient" },
  { program: TOKEN_2022, instruction: "closeAccount", account: "destination", role: "recipient" },
];

export interface Switch {
  readonly program: string;
  readonly role: string;
}

/** What a policy can turn on, one by one. */
export const SWITCHES: readonly Switch[] = [
  ...new Map(PLACES.map(({ program, role }) => [`${program} ${role}`, { program, role }])).values(),
];

/** The place that an account of an instruction is, if it is one. */
export function placeAt(program: string, instruction: string, account: string | undefined): Place | undefined {
  return PLACES.find(
    (place) => place.program === program && place.instruction === instruction && place.account === account,
  );
}

export const isOpenedBy = (place: Place | undefined, { program, role }: Switch): boolean =>
  place?.program === program && place.role === role;
