import type { GroupInput } from "../../src/adapters/chains/algorand/group/group-input.ts";
import type { AlgorandPolicy } from "../../src/contract/algorand-policy.ts";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import {
  APPLICATION,
  ASSET,
  calls,
  FRIEND,
  GENESIS_HASH,
  type GroupSketch,
  movesAsset,
  optsIn,
  optsOut,
  pays,
  SPARE,
  SPONSOR,
  sponsorGives,
  sponsorPays,
  STRANGER,
  USER,
} from "../support/algorand-groups.ts";

export type Stage = "form" | "policy";

export interface GroupAttack {
  readonly name: string;
  /** The first rule that refuses it. */
  readonly stoppedBy: `${Stage} ${string}`;
  readonly code: ErrorCode;
  readonly sketch: GroupSketch;
  readonly policy?: Partial<AlgorandPolicy>;
  readonly changes?: Partial<GroupInput>;
}

type Attack = Omit<GroupAttack, "stoppedBy" | "code">;

const by = (stoppedBy: GroupAttack["stoppedBy"], code: ErrorCode, attacks: readonly Attack[]): readonly GroupAttack[] =>
  attacks.map((attack) => ({ ...attack, stoppedBy, code }));

const sponsored = (name: string, transaction: GroupSketch["sponsored"] & object, user = [pays()]): Attack => ({
  name,
  sketch: { sponsored: transaction, user },
});
const byUser = (name: string, ...user: GroupSketch["user"]): Attack => ({ name, sketch: { user } });

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
/** ARC-4's `go(address)void`, which the open policy allows. */
const GO = Uint8Array.from([0x2c, 0x7e, 0x08, 0x20]);
const callOf = (...apaa: readonly Uint8Array[]) => calls({ apaa });
const around = (key: Uint8Array): Uint8Array => Uint8Array.from([0, 2, ...key, 9]);
const otherLife = { fv: 1_001n, lv: 1_020n };

const FEE_PAYER = by("form fee-payer-is-sponsor", "transaction.wrong_fee_payer", [
  sponsored("a group that a stranger pays for", sponsorPays({ snd: STRANGER.publicKey })),
  sponsored("a group that the user pays for", sponsorPays({ snd: USER.publicKey })),
  sponsored(
    "a group that a sponsor of another project pays for",
    sponsorPays({ snd: SPARE.publicKey, rcv: SPARE.publicKey }),
  ),
  {
    name: "the sponsor behind the user",
    sketch: { sponsored: pays(), user: [sponsorPays()], signing: { 0: "sender", 1: "nobody" } },
  },
  sponsored("a sponsor that left the pool long ago", sponsorPays({ snd: FRIEND.publicKey, rcv: FRIEND.publicKey })),
]);

const PRE_SIGNED = by("form sponsor-signs-last", "transaction.signature_invalid", [
  { name: "a signature of the sponsor's own, kept from before", sketch: { user: [pays()], signing: { 0: "sender" } } },
  { name: "a stranger's signature for the sponsor", sketch: { user: [pays()], signing: { 0: STRANGER } } },
  { name: "a multisig for the sponsor", sketch: { user: [pays()], signing: { 0: { as: { msig: { v: 1n } } } } } },
  { name: "a program for the sponsor", sketch: { user: [pays()], signing: { 0: { as: { lsig: { l: GO } } } } } },
]);

const NETWORK = by("form network-is-ours", "transaction.wrong_network", [
  {
    name: "a group of another network",
    sketch: { sponsored: sponsorPays({ gh: FRIEND.publicKey }), user: [pays({ gh: FRIEND.publicKey })] },
  },
  byUser("one transaction of another network", pays({ gh: FRIEND.publicKey })),
  byUser("a transaction without a network", pays({ gh: undefined })),
  sponsored("the sponsor's transaction on another network", sponsorPays({ gh: FRIEND.publicKey })),
  byUser("a network of another name", pays({ gen: "mainnet-v1.0" })),
]);

const VALIDITY = by("form validity-is-short", "transaction.expired", [
  {
    name: "a group that is valid for a thousand rounds",
    sketch: { sponsored: sponsorPays({ lv: 2_000n }), user: [pays({ lv: 2_000n })] },
  },
  {
    name: "a group that is valid for a round too many",
    sketch: { sponsored: sponsorPays({ lv: 1_021n }), user: [pays({ lv: 1_021n })] },
  },
  {
    name: "a group that ends before it begins",
    sketch: { sponsored: sponsorPays({ lv: 999n }), user: [pays({ lv: 999n })] },
  },
  byUser("a transaction that is valid for longer than the sponsor's", pays({ lv: 1_021n })),
  sponsored("a sponsor's transaction that is valid from sooner", sponsorPays(), [pays(otherLife)]),
  sponsored("a group that is valid for ever", sponsorPays({ fv: undefined, lv: 2n ** 64n - 1n })),
]);

const SENDER = by("form wallet-is-sender", "transaction.signature_missing", [
  { name: "a group of the sponsor alone", sketch: { user: [] } },
  byUser("a friend's transactions, without the user", pays({ snd: FRIEND.publicKey })),
  {
    ...byUser("a linked wallet's that is not the user's", pays({ snd: FRIEND.publicKey })),
    changes: { linkedAddresses: [STRANGER.address] },
  },
  byUser("a transaction of nobody", pays({ snd: STRANGER.publicKey })),
]);

const UNSIGNED = by("form signers-have-signed", "transaction.signature_missing", [
  { name: "a transaction that the user has not signed", sketch: { user: [pays()], signing: { 1: "nobody" } } },
  {
    name: "a friend who has not signed",
    sketch: { user: [pays(), pays({ snd: FRIEND.publicKey })], signing: { 2: "nobody" } },
  },
  {
    name: "a second transaction of the sponsor, for which it would have signed too",
    sketch: { user: [pays(), sponsorPays({ amt: 5n, rcv: USER.publicKey })], signing: { 2: "nobody" } },
  },
]);

const UNSUPPORTED = by("form signers-have-signed", "transaction.signature_invalid", [
  {
    name: "a transaction that several keys sign",
    sketch: { user: [pays()], signing: { 1: { as: { msig: { v: 1n } } } } },
  },
  {
    name: "a transaction that a program signs",
    sketch: { user: [pays()], signing: { 1: { as: { lsig: { l: GO } } } } },
  },
  {
    name: "a transaction with a post-quantum signature",
    sketch: { user: [pays()], signing: { 1: { as: { pqsig: { l: GO } } } } },
  },
]);

const MISUSE = "policy.fee_payer_misused";

const SPONSOR_ACTS = by("policy sponsor-only-pays", MISUSE, [
  sponsored("a payment of the sponsor to a stranger", sponsorPays({ rcv: STRANGER.publicKey, amt: 1n })),
  sponsored("a payment of nothing to a stranger", sponsorPays({ rcv: STRANGER.publicKey })),
  sponsored("a payment of nothing to the user", sponsorGives(0n, { amt: undefined })),
  sponsored("a payment of the sponsor to itself with an amount", sponsorPays({ amt: 1n })),
  sponsored("a gift to a friend who sends nothing", sponsorPays({ rcv: FRIEND.publicKey, amt: 100_000n }), [optsIn()]),
  sponsored("a gift to a friend who sends something", sponsorPays({ rcv: FRIEND.publicKey, amt: 100_000n }), [
    pays(),
    optsIn({ snd: FRIEND.publicKey, arcv: FRIEND.publicKey }),
  ]),
  {
    ...sponsored(
      "a gift to a linked wallet that sends nothing",
      sponsorPays({ rcv: FRIEND.publicKey, amt: 100_000n }),
      [optsIn()],
    ),
    changes: { linkedAddresses: [FRIEND.address] },
  },
  sponsored("a gift to another sponsor", sponsorPays({ rcv: SPARE.publicKey, amt: 1n })),
  sponsored("a payment to nobody", sponsorPays({ rcv: undefined, amt: 1n })),
  sponsored("the sponsor's account closed to the user", sponsorPays({ close: USER.publicKey })),
  sponsored("the sponsor's account closed to itself", sponsorPays({ close: SPONSOR.publicKey })),
  sponsored("the sponsor's account closed by a gift", sponsorGives(100_000n, { close: USER.publicKey }), [optsIn()]),
  sponsored("the sponsor's account rekeyed to the user", sponsorPays({ rekey: USER.publicKey })),
  sponsored("the sponsor's account rekeyed to itself", sponsorPays({ rekey: SPONSOR.publicKey })),
  sponsored("a lease of the sponsor's", sponsorPays({ lx: FRIEND.publicKey })),
  sponsored("a note in the sponsor's name", sponsorPays({ note: bytesOf("I owe you") })),
  sponsored("an asset transfer of the sponsor", movesAsset({ snd: SPONSOR.publicKey, fee: 2_000n })),
  sponsored("an opt-in of the sponsor", optsIn({ snd: SPONSOR.publicKey, arcv: SPONSOR.publicKey })),
  sponsored("a clawback by the sponsor", movesAsset({ snd: SPONSOR.publicKey, asnd: USER.publicKey })),
  sponsored("an asset of the sponsor closed out", optsOut({ snd: SPONSOR.publicKey })),
  sponsored("a call by the sponsor", calls({ snd: SPONSOR.publicKey })),
  sponsored("a key registration of the sponsor", {
    type: "keyreg",
    snd: SPONSOR.publicKey,
    gh: GENESIS_HASH,
    fv: 1_000n,
    lv: 1_020n,
    nonpart: true,
  }),
  sponsored("an asset made by the sponsor", {
    type: "acfg",
    snd: SPONSOR.publicKey,
    gh: GENESIS_HASH,
    fv: 1_000n,
    lv: 1_020n,
    apar: { t: 1n },
  }),
]);

const keysNamed = (of: string, key: Uint8Array): readonly Attack[] => [
  byUser(`${of} as the receiver of a payment`, pays({ rcv: key, amt: 1n })),
  byUser(`${of} as whom a payment's account is closed to`, pays({ close: key })),
  byUser(`${of} as whom the user's account is rekeyed to`, pays({ rekey: key })),
  byUser(`${of} as the receiver of an asset`, movesAsset({ arcv: key })),
  byUser(`${of} as whom an asset is closed to`, optsOut({ aclose: key })),
  byUser(`${of} as whose units are clawed back`, movesAsset({ asnd: key })),
  byUser(`${of} among the accounts of a call`, calls({ apat: [FRIEND.publicKey, key] })),
  byUser(`${of} in the access list of a call`, calls({ al: [{ d: key }] })),
  byUser(`${of} as an argument of a call`, callOf(GO, key)),
  byUser(`${of} in the middle of an argument`, callOf(GO, around(key))),
  byUser(`${of} behind a byte that it begins with`, callOf(GO, Uint8Array.from([key[0] ?? 0, ...key]))),
  byUser(`${of} as the name of a box`, calls({ apbx: [{ n: key }] })),
  byUser(`${of} as what nobody may freeze`, {
    type: "afrz",
    snd: USER.publicKey,
    fadd: key,
    faid: ASSET,
    gh: GENESIS_HASH,
    fv: 1_000n,
    lv: 1_020n,
  }),
  byUser(`${of} as the manager of an asset`, {
    type: "acfg",
    snd: USER.publicKey,
    apar: { t: 1n, m: key },
    gh: GENESIS_HASH,
    fv: 1_000n,
    lv: 1_020n,
  }),
  byUser(`${of} in the program of an update`, calls({ apan: 4n, apap: around(key), apsu: GO })),
];

const NAMED = by("policy sponsor-is-isolated", MISUSE, [
  ...keysNamed("the sponsor", SPONSOR.publicKey),
  ...keysNamed("another sponsor of the pool", SPARE.publicKey),
  byUser("a second transaction that the sponsor has signed", pays(), sponsorPays({ amt: 5n, rcv: USER.publicKey })),
  byUser("a transaction that another sponsor has signed", pays(), pays({ snd: SPARE.publicKey })),
  byUser("a call by the sponsor behind the user's", pays(), calls({ snd: SPONSOR.publicKey })),
  {
    name: "a transaction for which the sponsor is the auth address",
    sketch: { user: [pays()], signing: { 1: SPONSOR } },
  },
]);

const LEASE = by("policy no-lease", "policy.argument_not_allowed", [
  byUser("a lease on a payment", pays({ lx: FRIEND.publicKey })),
  byUser("a lease on an opt-in", optsIn({ lx: FRIEND.publicKey })),
  byUser("a lease on a call", calls({ lx: FRIEND.publicKey })),
]);

const ALLOWED = "policy transactions-are-allowed";
const keyreg = { type: "keyreg", snd: USER.publicKey, gh: GENESIS_HASH, fv: 1_000n, lv: 1_020n };
const none = { allow: [] };

const NEVER = by(ALLOWED, "policy.instruction_not_allowed", [
  ...["keyreg", "acfg", "afrz", "stpf", "hb", "futr"].map((type) =>
    byUser(`a transaction of the type ${type}`, { ...keyreg, type }),
  ),
  byUser("an application made", calls({ apid: undefined, apap: GO, apsu: GO })),
  byUser("an application made without a program", calls({ apid: undefined })),
  byUser("a call with a schema", calls({ apgs: { nui: 1n } })),
  byUser("a call with a schema of each account", calls({ apls: { nbs: 1n } })),
  byUser("a call with extra pages", calls({ apep: 1n })),
  byUser("a call with a program", calls({ apap: GO })),
  byUser("a call with another program for leaving", calls({ apsu: GO })),
  { ...byUser("a payment where none is allowed", pays()), policy: none },
  { ...byUser("an asset transfer where none is allowed", movesAsset()), policy: none },
  { ...byUser("an opt-in where none is allowed", optsIn()), policy: { allow: [{ transaction: "asset-transfer" }] } },
  { ...byUser("an opt-out where none is allowed", optsOut()), policy: { allow: [{ transaction: "asset-transfer" }] } },
  byUser("a second transaction that is not allowed behind one that is", pays(), { ...keyreg }),
  byUser("a method that is not listed", callOf(Uint8Array.from([1, 2, 3, 4]))),
  byUser("a selector of three bytes", callOf(GO.subarray(0, 3))),
  byUser("a selector with more behind it", callOf(Uint8Array.from([...GO, 0]))),
  byUser("an empty selector", callOf(new Uint8Array())),
  ...[1n, 2n, 3n, 4n, 5n].map((apan) => byUser(`a listed method with OnComplete ${apan}`, calls({ apan, apaa: [GO] }))),
  ...[1n, 2n, 3n, 4n, 5n].map((apan) => byUser(`a bare call with OnComplete ${apan}`, calls({ apan }))),
  {
    ...byUser("a bare call where methods are listed", calls()),
    policy: { allow: [{ transaction: "application-call", application: "77", methods: ["go(address)void"] }] },
  },
]);

const PROGRAM = by(ALLOWED, "policy.program_not_allowed", [
  byUser("an application that is not listed", calls({ apid: APPLICATION + 1n })),
  { ...byUser("a listed method of another application", calls({ apid: 8n, apaa: [GO] })), policy: none },
]);

const ARGUMENTS = by(ALLOWED, "policy.argument_not_allowed", [
  byUser("an account that is closed", pays({ close: FRIEND.publicKey })),
  byUser("an asset that is closed by a transfer", movesAsset({ aclose: FRIEND.publicKey })),
  ...[pays, movesAsset, optsIn, optsOut, calls].map((make) =>
    byUser(`an account that is rekeyed: ${make.name}`, make({ rekey: STRANGER.publicKey })),
  ),
  byUser("an asset that is clawed back from somebody", movesAsset({ asnd: FRIEND.publicKey })),
  byUser("an asset that is clawed back from its sender", movesAsset({ asnd: USER.publicKey })),
  byUser("a stranger's payment in the user's group", pays(), pays({ snd: STRANGER.publicKey })),
  byUser("a stranger's call in the user's group", pays(), calls({ snd: STRANGER.publicKey })),
  {
    ...byUser("a payment to somebody who is not listed", pays()),
    policy: { allow: [{ transaction: "payment", arguments: { receiver: { eq: STRANGER.address } } }] },
  },
  {
    ...byUser("another asset than the listed ones", optsIn({ xaid: 5n })),
    policy: { allow: [{ transaction: "asset-opt-in", arguments: { asset: { in: [ASSET.toString()] } } }] },
  },
  {
    ...byUser("an argument that is not there", callOf(GO)),
    policy: {
      allow: [
        {
          transaction: "application-call",
          application: "77",
          methods: ["go(address)void"],
          arguments: { argument1: { eq: USER.address } },
        },
      ],
    },
  },
]);

const VALUES = by(ALLOWED, "policy.value_exceeded", [
  {
    ...byUser("an amount above its bound", pays({ amt: 11n })),
    policy: { allow: [{ transaction: "payment", arguments: { amount: { lte: "10" } } }] },
  },
]);

const many = (count: number) => Array.from({ length: count }, (_, index) => pays({ amt: BigInt(index + 1) }));

const FEES = [
  ...by("policy transactions-within-limit", "policy.fee_exceeded", [
    byUser("more transactions than a policy takes", ...many(5)),
    { ...byUser("a second transaction where one is taken", ...many(2)), policy: { maxTransactions: 1 } },
  ]),
  ...by("policy user-pays-no-fee", "policy.fee_exceeded", [
    byUser("a fee of the user's own", pays({ fee: 1n })),
    byUser("a fee of the user's own on a later transaction", pays(), pays({ fee: 1_000n, amt: 2n })),
  ]),
  ...by("policy fee-within-limit", "policy.fee_exceeded", [
    sponsored("a fee above the policy's for the whole group", sponsorPays({ fee: 16_001n })),
    sponsored("a fee of all that the sponsor has", sponsorPays({ fee: 2n ** 64n - 1n })),
    {
      ...sponsored("a pooled fee for inner transactions that nobody allowed", sponsorPays({ fee: 258_000n }), [
        calls(),
      ]),
      policy: { maxFee: "257999" },
    },
  ]),
];

const GRANTS: Partial<AlgorandPolicy> = { minimumBalance: { assets: [ASSET.toString()] }, maxRent: "1000000" };
const gives = (
  name: string,
  amount: bigint,
  user: GroupSketch["user"],
  policy: Partial<AlgorandPolicy> = GRANTS,
): Attack => ({
  ...sponsored(name, sponsorGives(amount), [...user]),
  policy,
});

const FUNDING = by("policy minimum-balance-is-granted", "policy.rent_not_sponsored", [
  gives("a gift where the policy gives nothing", 100_000n, [optsIn()], {}),
  gives("a gift with a grant and no rent", 100_000n, [optsIn()], { minimumBalance: { assets: true, account: true } }),
  gives("a gift with rent and no grant", 100_000n, [optsIn()], { maxRent: "1000000" }),
  gives("a gift without an opt-in", 100_000n, [pays()]),
  gives("a gift for an account without an opt-in", 100_000n, [pays()], {
    ...GRANTS,
    minimumBalance: { assets: true, account: true },
  }),
  gives("a gift for an opt-in to an asset that is not granted", 100_000n, [optsIn({ xaid: 5n })]),
  gives("a gift of a microalgo too much", 100_001n, [optsIn()]),
  gives("a gift for the account where only assets are granted", 200_000n, [optsIn()]),
  gives("a gift for an opt-in that is there twice", 200_000n, [optsIn(), optsIn({ note: GO })]),
  gives("a gift for a friend's opt-in", 100_000n, [pays(), optsIn({ snd: FRIEND.publicKey, arcv: FRIEND.publicKey })], {
    ...GRANTS,
    allow: [{ transaction: "payment" }, { transaction: "asset-opt-in", anySender: true }],
  }),
  gives("a gift above what one group may be given", 200_000n, [optsIn(), optsIn({ xaid: 5n })], {
    minimumBalance: { assets: true },
    maxRent: "199999",
  }),
  gives("a gift for an opt-out", 100_000n, [optsOut()]),
  gives("a gift for an asset that is sent to oneself", 100_000n, [movesAsset({ arcv: USER.publicKey })]),
]);

export const GROUP_ATTACKS: readonly GroupAttack[] = [
  ...FEE_PAYER,
  ...PRE_SIGNED,
  ...NETWORK,
  ...VALIDITY,
  ...SENDER,
  ...UNSIGNED,
  ...UNSUPPORTED,
  ...SPONSOR_ACTS,
  ...NAMED,
  ...LEASE,
  ...NEVER,
  ...PROGRAM,
  ...ARGUMENTS,
  ...VALUES,
  ...FEES,
  ...FUNDING,
];
