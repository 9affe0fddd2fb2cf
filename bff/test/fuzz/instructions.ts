import { hash } from "node:crypto";
import { base58 } from "@scure/base";
import {
  ADDRESS_LOOKUP_TABLE_PROGRAM,
  ASSOCIATED_TOKEN_PROGRAM,
  COMPUTE_BUDGET_PROGRAM,
  LIGHTHOUSE_PROGRAM,
  MEMO_PROGRAMS,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from "../../src/domain/policy/programs/known-programs.ts";
import type { ArgumentValue, FieldType } from "../../src/domain/policy/programs/shape.ts";
import { KNOWN_INSTRUCTIONS, sampleData } from "../matrix/known-calls.ts";
import type { Random } from "../simulation/random.ts";
import { littleEndian, type PlainInstruction } from "../support/assemble.ts";
import { computeLimit, computePrice, memo, RECENT_BLOCKHASHES, RENT } from "../support/instructions.ts";
import { OTHER_MISUSES, SYSTEM_MISUSES, TOKEN_MISUSES } from "../support/sponsor-misuse.ts";
import { type FuzzKey, keyNamed } from "./keys.ts";
import { instructionOf, roleOf } from "./known-shape.ts";
import type { Scene, TokenAccount } from "./scene.ts";

/** What a random transaction is drawn from, and whom it made on the way. */
export interface Draw {
  readonly random: Random;
  readonly scene: Scene;
  /** Of one transaction: the scene's, and keys that came with it. */
  readonly keys: Map<string, FuzzKey>;
}

export interface Drawn {
  /** What it is meant to be; a mutation may make something else of it. */
  readonly kind: string;
  readonly instructions: readonly PlainInstruction[];
}

const ED25519 = "Ed25519SigVerify111111111111111111111111111";
const MISUSES = [...SYSTEM_MISUSES, ...TOKEN_MISUSES, ...OTHER_MISUSES];
const TOKEN_ACCOUNT_BYTES = 165n;
const U64_MAX = 2n ** 64n - 1n;

function freshKey({ random, keys }: Draw): FuzzKey {
  const key = keyNamed(`fresh ${random.below(2 ** 32)}`);
  keys.set(key.address, key);
  return key;
}

/** The sponsor more often than not where somebody pays: that is what is looked into. */
const payer = ({ random, scene }: Draw): string => (random.chance(0.7) ? scene.sponsor : scene.user);

function anybody(draw: Draw): string {
  const { random, scene } = draw;
  const { user, friend, sponsor, spare, strangers } = scene;
  return random.pick([user, friend, friend, sponsor, spare, ...strangers, freshKey(draw).address]);
}

function tokenAccountOf({ random, scene }: Draw, owner: string): TokenAccount {
  return random.pick(scene.tokenAccounts.filter((account) => account.owner === owner));
}

function call(
  { keys, scene }: Draw,
  program: string,
  instruction: string,
  accounts: readonly string[],
  values: Readonly<Record<string, ArgumentValue>> = {},
): PlainInstruction {
  // The sponsor "signs" wherever it stands: an attacker's message says so, and it is for the service not to follow.
  const signers = new Set([...keys.keys(), scene.sponsor]);
  return instructionOf({ program, instruction, accounts, values, signers });
}

const amount = ({ random }: Draw): bigint => random.pick([0n, 1n, 7n, 1_000n, 999_999n, 890_880n, 2_039_280n, U64_MAX]);

type Kind = readonly [kind: string, weight: number, draw: (draw: Draw) => readonly PlainInstruction[]];

const KINDS: readonly Kind[] = [
  ["memo", 3, ({ random, scene }) => [memo([scene.user], `memo ${random.below(9)}`, random.pick(MEMO_PROGRAMS))]],
  [
    "System transfer by the user",
    4,
    (draw) => [
      call(draw, SYSTEM_PROGRAM, "transfer", [draw.scene.user, anybody(draw)], {
        amount: draw.random.pick([amount(draw), 3_000_000n]),
      }),
    ],
  ],
  [
    "System transfer to the sponsor",
    2,
    (draw) => [
      call(draw, SYSTEM_PROGRAM, "transfer", [draw.scene.user, draw.scene.sponsor], {
        amount: BigInt(draw.random.below(1_000_000)),
      }),
    ],
  ],
  [
    "account made",
    4,
    (draw) => {
      const { address } = freshKey(draw);
      const instruction = draw.random.pick(["createAccount", "createAccountAllowPrefund"]);
      const pair = [payer(draw), address];
      return [
        call(draw, SYSTEM_PROGRAM, instruction, instruction === "createAccount" ? pair : pair.toReversed(), {
          lamports: draw.random.pick([2_039_280n, 2_039_280n, 5_000_000n, amount(draw)]),
          space: draw.random.pick([0n, TOKEN_ACCOUNT_BYTES]),
          programAddress: draw.random.pick([SYSTEM_PROGRAM, TOKEN_PROGRAM, draw.scene.strangers[0] ?? ""]),
        }),
      ];
    },
  ],
  [
    "account made with a seed",
    3,
    (draw) => {
      const from = payer(draw);
      const base = draw.random.pick([draw.scene.user, from]);
      const seed = `seed ${draw.random.below(1_000_000)}`;
      const bytes = [base58.decode(base), Buffer.from(seed), base58.decode(TOKEN_PROGRAM)];
      const address = base58.encode(hash("sha256", Buffer.concat(bytes), "buffer"));
      return [
        call(
          draw,
          SYSTEM_PROGRAM,
          "createAccountWithSeed",
          [from, address, ...(base === from && draw.random.chance(0.5) ? [] : [base])],
          { base, seed, amount: 2_039_280n, space: TOKEN_ACCOUNT_BYTES, programAddress: TOKEN_PROGRAM },
        ),
      ];
    },
  ],
  [
    "associated token account made",
    7,
    (draw) => {
      const { random, scene } = draw;
      const mint = random.pick(scene.mints);
      const owner = random.pick([...scene.strangers, ...scene.strangers, scene.friend, scene.sponsor]);
      const accounts = [payer(draw), scene.ataOf(owner, mint), owner, mint.address, SYSTEM_PROGRAM, mint.program];
      return [call(draw, ASSOCIATED_TOKEN_PROGRAM, random.pick(["create", "createIdempotent"]), accounts)];
    },
  ],
  [
    "token transfer",
    4,
    (draw) => {
      const { random, scene } = draw;
      const { address, mint } = tokenAccountOf(draw, random.chance(0.9) ? scene.user : scene.sponsor);
      const owner = random.pick([scene.friend, scene.friend, scene.friend, scene.sponsor, scene.spare]);
      const to = scene.ataOf(owner, mint);
      const signer = random.chance(0.9) ? scene.user : scene.sponsor;
      const sent = BigInt(random.below(2_000));
      if (random.chance(0.3)) return [call(draw, mint.program, "transfer", [address, to, signer], { amount: sent })];
      const values = { amount: sent, decimals: 2n };
      return [call(draw, mint.program, "transferChecked", [address, mint.address, to, signer], values)];
    },
  ],
  [
    "token authority",
    3,
    (draw) => {
      const { random, scene } = draw;
      const { address, mint } = tokenAccountOf(draw, random.pick([scene.user, scene.user, scene.sponsor]));
      const who = random.pick([scene.user, scene.user, scene.sponsor]);
      return random.pick([
        [call(draw, mint.program, "approve", [address, anybody(draw), who], { amount: 5n })],
        [call(draw, mint.program, "burn", [address, mint.address, who], { amount: 5n })],
        [call(draw, mint.program, "mintTo", [mint.address, address, scene.user], { amount: 5n })],
        [call(draw, mint.program, "freezeAccount", [address, mint.address, scene.user])],
        [
          call(draw, mint.program, "setAuthority", [address, who], {
            authorityType: BigInt(random.pick([2, 3])),
            newAuthority: random.pick([scene.sponsor, scene.friend, scene.spare]),
          }),
        ],
      ]);
    },
  ],
  [
    "token transfer by a multisig",
    1,
    (draw) => {
      const { random, scene } = draw;
      const { address, mint } = tokenAccountOf(draw, scene.multisig);
      const signer = random.pick([scene.friend, scene.sponsor]);
      const accounts = [address, scene.ataOf(scene.user, mint), scene.multisig, signer];
      return [call(draw, mint.program, "transfer", accounts, { amount: 5n })];
    },
  ],
  [
    "token account closed",
    5,
    (draw) => {
      const { random, scene } = draw;
      const { address, mint } = random.pick(scene.emptyTokenAccounts);
      const to = random.pick([scene.sponsor, scene.sponsor, scene.sponsor, scene.user, scene.spare]);
      return [call(draw, mint.program, "closeAccount", [address, to, scene.user])];
    },
  ],
  [
    "batch of token instructions",
    2,
    (draw) => {
      const { random, scene } = draw;
      const { address, mint } = tokenAccountOf(draw, scene.user);
      const to = scene.ataOf(scene.friend, mint);
      const signer = random.pick([scene.user, scene.user, scene.sponsor]);
      const part = call(draw, mint.program, "transfer", [address, to, signer], { amount: 3n });
      const parts = Array.from({ length: 1 + random.below(3) }, () => part);
      const data = parts.flatMap(({ accounts = [], data: own = [] }) => [
        accounts.length,
        own.length,
        ...Array.from(own),
      ]);
      return [
        { program: mint.program, accounts: parts.flatMap(({ accounts = [] }) => accounts), data: [255, ...data] },
      ];
    },
  ],
  [
    "Token-2022 extension",
    2,
    (draw) => {
      const { random, scene } = draw;
      const mint = random.pick(scene.mints.slice(1));
      const account = scene.ataOf(random.pick([scene.user, scene.sponsor]), mint);
      const to = scene.ataOf(scene.friend, mint);
      const delegate = random.pick([scene.user, scene.user, scene.sponsor]);
      const values = { amount: 100n, decimals: 2n };
      return random.pick([
        [call(draw, TOKEN_2022_PROGRAM, "enableMemoTransfers", [account, scene.user])],
        [
          call(draw, TOKEN_2022_PROGRAM, "reallocate", [account, payer(draw), SYSTEM_PROGRAM, scene.user], {
            newExtensionTypes: ["8"],
          }),
        ],
        [
          call(draw, TOKEN_2022_PROGRAM, "transferCheckedWithFee", [account, mint.address, to, scene.user], {
            ...values,
            fee: 1n,
          }),
        ],
        // The permanent delegate of a mint moves anybody's tokens, the sponsor's too.
        [call(draw, TOKEN_2022_PROGRAM, "transferChecked", [account, mint.address, to, delegate], values)],
        [call(draw, TOKEN_2022_PROGRAM, "burn", [account, mint.address, delegate], { amount: 9n })],
      ]);
    },
  ],
  [
    "lookup table made",
    2,
    (draw) => {
      const { address, slot, bump } = draw.scene.newTable;
      const accounts = [address, draw.scene.user, payer(draw), SYSTEM_PROGRAM];
      return [
        call(draw, ADDRESS_LOOKUP_TABLE_PROGRAM, "createLookupTable", accounts, {
          recentSlot: slot,
          bump: BigInt(bump),
        }),
      ];
    },
  ],
  [
    "lookup table made longer",
    3,
    (draw) => {
      const addresses = Array.from({ length: 1 + draw.random.below(4) }, () => anybody(draw));
      const accounts = [draw.scene.table.address, draw.scene.user, payer(draw), SYSTEM_PROGRAM];
      return [call(draw, ADDRESS_LOOKUP_TABLE_PROGRAM, "extendLookupTable", accounts, { addresses })];
    },
  ],
  [
    "lookup table closed",
    2,
    (draw) => {
      const to = draw.random.pick([draw.scene.sponsor, draw.scene.user, draw.scene.spare]);
      return [
        call(draw, ADDRESS_LOOKUP_TABLE_PROGRAM, "closeLookupTable", [draw.scene.deadTable, draw.scene.user, to]),
      ];
    },
  ],
  [
    "nonce account",
    1,
    (draw) => {
      const { scene } = draw;
      const who = draw.random.pick([scene.user, scene.sponsor]);
      return draw.random.pick([
        [call(draw, SYSTEM_PROGRAM, "advanceNonceAccount", [scene.nonceAccount, RECENT_BLOCKHASHES, who])],
        [
          call(
            draw,
            SYSTEM_PROGRAM,
            "withdrawNonceAccount",
            [scene.nonceAccount, anybody(draw), RECENT_BLOCKHASHES, RENT, who],
            { withdrawAmount: 1n },
          ),
        ],
      ]);
    },
  ],
  [
    "compute budget",
    6,
    ({ random }) => {
      const units = random.pick([0, 1, 3_000, 60_000, 200_000, 1_400_000, 2 ** 32 - 1]);
      const price = random.pick([0n, 1n, 333n, 900_000n, 1_000_000n, 50_000_000n, U64_MAX]);
      return random.pick([
        [computeLimit(units)],
        [computePrice(price)],
        [computeLimit(units), computePrice(price)],
        [computePrice(price), computePrice(random.pick([0n, U64_MAX]))],
        [{ program: COMPUTE_BUDGET_PROGRAM, data: [random.below(6), ...littleEndian(32_768, 4)] }],
      ]);
    },
  ],
  [
    "signatures of a precompile",
    1,
    ({ random }) => [
      { program: ED25519, data: [random.below(3), 0, ...Array.from({ length: random.below(20) }, () => 0)] },
    ],
  ],
  [
    "wallet assertion",
    1,
    ({ random, scene }) => [
      {
        program: LIGHTHOUSE_PROGRAM,
        accounts: [[random.pick([scene.user, scene.sponsor]), "r"]],
        data: [5, 0, random.below(5)],
      },
    ],
  ],
  [
    "misuse of the sponsor",
    2,
    ({ random, scene }) => {
      const [account, other] = [scene.user, scene.friend].map((owner) => scene.ataOf(owner, random.pick(scene.mints)));
      const cast = { sponsor: scene.sponsor, user: scene.user, account: account ?? "", other: other ?? "" };
      return [random.pick(MISUSES).by({ ...cast, mint: random.pick(scene.mints).address })];
    },
  ],
  ["any instruction of any table", 6, (draw) => [anyKnown(draw)]],
  [
    "bytes for any program",
    1,
    (draw) => {
      const { random, scene } = draw;
      const accounts = Array.from({ length: random.below(4) }, () => anyAccount(draw));
      return [
        {
          program: random.pick([...KNOWN_INSTRUCTIONS.map(({ program }) => program.address), scene.strangers[0] ?? ""]),
          accounts: accounts.map((address) => [address, roleOf(address, "", new Set(draw.keys.keys()))] as const),
          data: Array.from({ length: random.below(24) }, () => random.below(256)),
        },
      ];
    },
  ],
];

function anyAccount(draw: Draw): string {
  const { random, scene } = draw;
  return random.pick([
    anybody(draw),
    random.pick(scene.tokenAccounts).address,
    random.pick(scene.mints).address,
    random.pick([
      scene.multisig,
      scene.nonceAccount,
      scene.table.address,
      scene.deadTable,
      SYSTEM_PROGRAM,
      TOKEN_PROGRAM,
    ]),
  ]);
}

/** An account that suits the name of its role, mostly. */
function accountFor(draw: Draw, role: string): string {
  const { random, scene } = draw;
  if (random.chance(0.08)) return random.pick([scene.sponsor, scene.sponsor, scene.spare]);
  if (random.chance(0.05)) return anyAccount(draw);
  if (role === "systemProgram") return SYSTEM_PROGRAM;
  if (role === "tokenProgram") return random.pick([TOKEN_PROGRAM, TOKEN_2022_PROGRAM]);
  if (/rentSysvar|^rent$/.test(role)) return RENT;
  if (/sysvar/i.test(role)) return RECENT_BLOCKHASHES;
  if (/payer|funder/.test(role)) return payer(draw);
  if (/nonceAccount/.test(role)) return scene.nonceAccount;
  if (/authority|owner|signers|delegate/i.test(role)) return random.pick([scene.user, scene.user, scene.friend]);
  if (/mint/i.test(role)) return random.pick(scene.mints).address;
  if (role === "address") return random.pick([scene.table.address, scene.deadTable]);
  if (/new|base/i.test(role)) return random.pick([freshKey(draw).address, scene.user]);
  return random.chance(0.8) ? tokenAccountOf(draw, random.pick([scene.user, scene.friend])).address : anybody(draw);
}

function valueFor(draw: Draw, type: FieldType): ArgumentValue | undefined {
  const { random } = draw;
  const whole = /^([ui])(\d+)$/.exec(type);
  if (whole) {
    const most = 2n ** (BigInt(whole[2] ?? "8") - (whole[1] === "i" ? 1n : 0n)) - 1n;
    const drawn = random.pick([0n, 1n, 2n, 165n, 2_039_280n, most]);
    return drawn > most ? most : drawn;
  }
  if (type === "bool") return random.chance(0.5);
  if (type.includes("option") && random.chance(0.4)) return null;
  if (type.includes("publicKey") && !type.startsWith("vec")) return anyAccount(draw);
  return undefined;
}

/** Any line of any table, with accounts and arguments that are often right. */
function anyKnown(draw: Draw): PlainInstruction {
  const { program, shape } = draw.random.pick(KNOWN_INSTRUCTIONS);
  const more = shape.moreAccounts === undefined ? 0 : draw.random.pick([0, 0, 0, 1, 2]);
  const roles = [...shape.accounts, ...Array.from({ length: more }, () => "signers")];
  const values = shape.arguments.flatMap(({ name, type }) => {
    const value = valueFor(draw, type);
    return value === undefined ? [] : [[name, value] as const];
  });
  const signers = new Set([...draw.keys.keys(), draw.scene.sponsor]);
  return {
    program: program.address,
    accounts: roles.map((role) => {
      const address = accountFor(draw, role);
      return [address, roleOf(address, role, signers)] as const;
    }),
    data: sampleData(shape, Object.fromEntries(values)),
  };
}

const TOTAL_WEIGHT = KINDS.reduce((sum, [, weight]) => sum + weight, 0);

/** One thing that a transaction does. */
export function drawInstructions(draw: Draw): Drawn {
  let at = draw.random.below(TOTAL_WEIGHT);
  for (const [kind, weight, make] of KINDS) {
    at -= weight;
    if (at < 0) return { kind, instructions: make(draw) };
  }
  throw new Error("the weights do not add up");
}
