import { littleEndian, type PlainInstruction, type Role } from "./assemble.ts";
import { ASSOCIATED_TOKEN, MEMO, RECENT_BLOCKHASHES, RENT, SYSTEM, TOKEN, TOKEN_2022 } from "./instructions.ts";

/** Who takes part: the sponsor, the signed-in user, and accounts of nobody. */
export interface Cast {
  readonly sponsor: string;
  readonly user: string;
  readonly account: string;
  readonly other: string;
  readonly mint: string;
}

export interface Misuse {
  readonly name: string;
  readonly by: (cast: Cast) => PlainInstruction;
}

type Accounts = (cast: Cast) => readonly (readonly [string, Role])[];

const ONE = littleEndian(1, 8);
const SPACE = littleEndian(0, 8);
/** A seed of one letter: its length in eight bytes, then itself. */
const SEED = [...littleEndian(1, 8), 97];
const KEY = Array.from({ length: 32 }, () => 5);

const by = (program: string, name: string, data: readonly number[], accounts: Accounts): Misuse => ({
  name,
  by: (cast) => ({ program, accounts: accounts(cast), data }),
});

const system = (name: string, number: number, rest: readonly number[], accounts: Accounts): Misuse =>
  by(SYSTEM, `System ${name}`, [...littleEndian(number, 4), ...rest], accounts);

/** System: every instruction, with the sponsor in every role that moves, gives away or locks something. */
export const SYSTEM_MISUSES: readonly Misuse[] = [
  system("transfer of the sponsor's SOL", 2, ONE, ({ sponsor, user }) => [
    [sponsor, "ws"],
    [user, "w"],
  ]),
  system("transfer to the sponsor", 2, ONE, ({ sponsor, user }) => [
    [user, "ws"],
    [sponsor, "w"],
  ]),
  system("transferWithSeed on the sponsor's base", 11, [...ONE, ...SEED, ...KEY], ({ sponsor, user, account }) => [
    [account, "w"],
    [sponsor, "s"],
    [user, "w"],
  ]),
  system("transferWithSeed to the sponsor", 11, [...ONE, ...SEED, ...KEY], ({ sponsor, user, account }) => [
    [account, "w"],
    [user, "s"],
    [sponsor, "w"],
  ]),
  system("createAccount paid by the sponsor", 0, [...ONE, ...SPACE, ...KEY], ({ sponsor, user }) => [
    [sponsor, "ws"],
    [user, "ws"],
  ]),
  system("createAccount that makes the sponsor an account", 0, [...ONE, ...SPACE, ...KEY], ({ sponsor, user }) => [
    [user, "ws"],
    [sponsor, "ws"],
  ]),
  system("createAccountAllowPrefund paid by the sponsor", 13, [...ONE, ...SPACE, ...KEY], ({ sponsor, user }) => [
    [user, "ws"],
    [sponsor, "ws"],
  ]),
  system(
    "createAccountWithSeed paid by the sponsor",
    3,
    [...KEY, ...SEED, ...ONE, ...SPACE, ...KEY],
    ({ sponsor, account, user }) => [
      [sponsor, "ws"],
      [account, "w"],
      [user, "s"],
    ],
  ),
  system(
    "createAccountWithSeed on the sponsor's base",
    3,
    [...KEY, ...SEED, ...ONE, ...SPACE, ...KEY],
    ({ sponsor, account, user }) => [
      [user, "ws"],
      [account, "w"],
      [sponsor, "s"],
    ],
  ),
  system("assign of the sponsor to a program", 1, KEY, ({ sponsor }) => [[sponsor, "ws"]]),
  system("assignWithSeed on the sponsor's base", 10, [...KEY, ...SEED, ...KEY], ({ sponsor, account }) => [
    [account, "w"],
    [sponsor, "s"],
  ]),
  system("allocate in the sponsor", 8, ONE, ({ sponsor }) => [[sponsor, "ws"]]),
  system("allocateWithSeed on the sponsor's base", 9, [...KEY, ...SEED, ...ONE, ...KEY], ({ sponsor, account }) => [
    [account, "w"],
    [sponsor, "s"],
  ]),
  system("initializeNonceAccount of the sponsor", 6, KEY, ({ sponsor }) => [
    [sponsor, "w"],
    [RECENT_BLOCKHASHES, "r"],
    [RENT, "r"],
  ]),
  system("authorizeNonceAccount by the sponsor", 7, KEY, ({ sponsor, account }) => [
    [account, "w"],
    [sponsor, "s"],
  ]),
  system("withdrawNonceAccount by the sponsor", 5, ONE, ({ sponsor, account, user }) => [
    [account, "w"],
    [user, "w"],
    [RECENT_BLOCKHASHES, "r"],
    [RENT, "r"],
    [sponsor, "s"],
  ]),
  system("upgradeNonceAccount of the sponsor", 12, [], ({ sponsor }) => [[sponsor, "w"]]),
];

/** The sponsor as the authority of a token instruction, alone or as one of a multisig's signers. */
const TOKEN_AUTHORITIES: readonly (readonly [name: string, data: readonly number[], accounts: Accounts])[] = [
  [
    "transfer",
    [3, ...ONE],
    ({ account, other }) => [
      [account, "w"],
      [other, "w"],
    ],
  ],
  [
    "approve",
    [4, ...ONE],
    ({ account, user }) => [
      [account, "w"],
      [user, "r"],
    ],
  ],
  ["revoke", [5], ({ account }) => [[account, "w"]]],
  ["setAuthority", [6, 2, 1, ...KEY], ({ account }) => [[account, "w"]]],
  [
    "mintTo",
    [7, ...ONE],
    ({ mint, account }) => [
      [mint, "w"],
      [account, "w"],
    ],
  ],
  [
    "burn",
    [8, ...ONE],
    ({ account, mint }) => [
      [account, "w"],
      [mint, "w"],
    ],
  ],
  [
    "closeAccount",
    [9],
    ({ account, user }) => [
      [account, "w"],
      [user, "w"],
    ],
  ],
  [
    "freezeAccount",
    [10],
    ({ account, mint }) => [
      [account, "w"],
      [mint, "r"],
    ],
  ],
  [
    "thawAccount",
    [11],
    ({ account, mint }) => [
      [account, "w"],
      [mint, "r"],
    ],
  ],
  [
    "transferChecked",
    [12, ...ONE, 0],
    ({ account, mint, other }) => [
      [account, "w"],
      [mint, "r"],
      [other, "w"],
    ],
  ],
  [
    "approveChecked",
    [13, ...ONE, 0],
    ({ account, mint, user }) => [
      [account, "w"],
      [mint, "r"],
      [user, "r"],
    ],
  ],
  [
    "mintToChecked",
    [14, ...ONE, 0],
    ({ mint, account }) => [
      [mint, "w"],
      [account, "w"],
    ],
  ],
  [
    "burnChecked",
    [15, ...ONE, 0],
    ({ account, mint }) => [
      [account, "w"],
      [mint, "w"],
    ],
  ],
];

const tokenMisuses = (program: string, label: string): Misuse[] => [
  ...TOKEN_AUTHORITIES.flatMap(([name, data, accounts]) => [
    by(program, `${label} ${name} by the sponsor`, data, (cast) => [...accounts(cast), [cast.sponsor, "s"]]),
    by(program, `${label} ${name} by a multisig of the sponsor's`, data, (cast) => [
      ...accounts(cast),
      [cast.other, "r"],
      [cast.user, "s"],
      [cast.sponsor, "s"],
    ]),
  ]),
  by(program, `${label} approve of the sponsor as delegate`, [4, ...ONE], ({ account, sponsor, user }) => [
    [account, "w"],
    [sponsor, "r"],
    [user, "s"],
  ]),
  by(program, `${label} closeAccount to the sponsor`, [9], ({ account, sponsor, user }) => [
    [account, "w"],
    [sponsor, "w"],
    [user, "s"],
  ]),
  by(program, `${label} initializeAccount owned by the sponsor`, [1], ({ account, mint, sponsor }) => [
    [account, "w"],
    [mint, "r"],
    [sponsor, "r"],
    [RENT, "r"],
  ]),
];

export const TOKEN_MISUSES: readonly Misuse[] = [
  ...tokenMisuses(TOKEN, "SPL Token"),
  ...tokenMisuses(TOKEN_2022, "Token-2022"),
];

const createFor = (
  payer: "sponsor" | "user",
  owner: "sponsor" | "user",
  data: readonly number[],
  name: string,
): Misuse =>
  by(ASSOCIATED_TOKEN, name, data, (cast) => [
    [cast[payer], "ws"],
    [cast.account, "w"],
    [cast[owner], "r"],
    [cast.mint, "r"],
    [SYSTEM, "r"],
    [TOKEN, "r"],
  ]);

/** Token accounts whose rent the sponsor would pay, and whatever else can name it. */
export const OTHER_MISUSES: readonly Misuse[] = [
  createFor("sponsor", "user", [0], "a token account with the sponsor's rent, created"),
  createFor("sponsor", "user", [1], "a token account with the sponsor's rent, created idempotently"),
  createFor("sponsor", "user", [], "a token account with the sponsor's rent, in the old spelling"),
  createFor("user", "sponsor", [0], "a token account that belongs to the sponsor"),
  by(ASSOCIATED_TOKEN, "a nested token account recovered by the sponsor", [2], ({ account, mint, other, sponsor }) => [
    [account, "w"],
    [mint, "r"],
    [other, "w"],
    [account, "r"],
    [mint, "r"],
    [sponsor, "ws"],
    [TOKEN, "r"],
  ]),
  by(MEMO, "a memo that the sponsor signs for", [104, 105], ({ user, sponsor }) => [
    [user, "s"],
    [sponsor, "s"],
  ]),
  by(MEMO, "a memo that only lists the sponsor", [104, 105], ({ user, sponsor }) => [
    [user, "s"],
    [sponsor, "r"],
  ]),
  {
    name: "the sponsor called as a program",
    by: ({ sponsor, user }) => ({ program: sponsor, accounts: [[user, "s"]] }),
  },
];
