import type { AlgorandPolicy } from "../../src/contract/algorand-policy.ts";
import { costOfGroup } from "../../src/adapters/chains/algorand/group/cost.ts";
import { type TransactionFields, writeTransaction } from "../../src/adapters/chains/algorand/group/compose-group.ts";
import { decodeGroup } from "../../src/adapters/chains/algorand/group/decode-group.ts";
import type { DecodedGroup } from "../../src/adapters/chains/algorand/group/decoded-group.ts";
import type { GroupInput } from "../../src/adapters/chains/algorand/group/group-input.ts";
import { groupIdOf, signedBytesOf } from "../../src/adapters/chains/algorand/group/transaction-id.ts";
import { encodeMsgpack, type MsgpackMap } from "../../src/adapters/chains/algorand/msgpack.ts";
import { compileAlgorandPolicy } from "../../src/adapters/chains/algorand/policy/compile.ts";
import { concatBytes } from "../../src/domain/bytes.ts";
import { type AlgorandKey, algorandKey } from "./algorand-keys.ts";

export const SPONSOR = algorandKey("sponsor");
/** Another key of the network's pool. */
export const SPARE = algorandKey("spare sponsor");
export const USER = algorandKey("user");
export const FRIEND = algorandKey("friend");
export const STRANGER = algorandKey("stranger");

export const GENESIS_HASH = new Uint8Array(32).fill(0x9e);
const GENESIS_ID = "gasless-v1";
export const ASSET = 1_001n;
export const APPLICATION = 77n;

const LIFE = { fv: 1_000n, lv: 1_020n, gh: GENESIS_HASH, gen: GENESIS_ID };

/** The sponsor's transaction as `prepare` makes it, for a group of two. */
export const sponsorPays = (changes: TransactionFields = {}): TransactionFields => ({
  type: "pay",
  snd: SPONSOR.publicKey,
  rcv: SPONSOR.publicKey,
  fee: 2_000n,
  ...LIFE,
  ...changes,
});

export const sponsorGives = (amount: bigint, changes: TransactionFields = {}): TransactionFields =>
  sponsorPays({ rcv: USER.publicKey, amt: amount, ...changes });

export const pays = (changes: TransactionFields = {}): TransactionFields => ({
  type: "pay",
  snd: USER.publicKey,
  rcv: FRIEND.publicKey,
  ...LIFE,
  ...changes,
});

export const movesAsset = (changes: TransactionFields = {}): TransactionFields => ({
  type: "axfer",
  snd: USER.publicKey,
  xaid: ASSET,
  aamt: 5n,
  arcv: FRIEND.publicKey,
  ...LIFE,
  ...changes,
});

export const optsIn = (changes: TransactionFields = {}): TransactionFields =>
  movesAsset({ aamt: undefined, arcv: USER.publicKey, ...changes });

export const optsOut = (changes: TransactionFields = {}): TransactionFields =>
  movesAsset({ aamt: undefined, aclose: FRIEND.publicKey, ...changes });

export const calls = (changes: TransactionFields = {}): TransactionFields => ({
  type: "appl",
  snd: USER.publicKey,
  apid: APPLICATION,
  ...LIFE,
  ...changes,
});

const KEYS: readonly AlgorandKey[] = [SPONSOR, SPARE, USER, FRIEND, STRANGER];

/** How a transaction is signed: by its sender, by nobody, by somebody else, or in another way. */
type Signing = "sender" | "nobody" | AlgorandKey | { readonly as: MsgpackMap };

/** What a transaction is on the wire once it is signed. */
function signAs(bytes: Uint8Array, fields: MsgpackMap, signing: Signing): Uint8Array {
  if (signing === "nobody") return bytes;
  if (typeof signing === "object" && "as" in signing) return encodeMsgpack({ ...signing.as, txn: fields });
  const isSender = ({ publicKey }: AlgorandKey): boolean =>
    Buffer.compare(publicKey, fields["snd"] as Uint8Array) === 0;
  const key = signing === "sender" ? KEYS.find(isSender) : signing;
  if (!key) throw new Error("nobody here has the sender's key");
  const sgnr = isSender(key) ? {} : { sgnr: key.publicKey };
  return encodeMsgpack({ ...sgnr, sig: key.sign(signedBytesOf(bytes)), txn: fields });
}

export interface GroupSketch {
  readonly sponsored?: TransactionFields;
  readonly user: readonly TransactionFields[];
  /** By place in the group; the sponsor does not sign, everybody else does. */
  readonly signing?: Readonly<Record<number, Signing>>;
}

const present = (fields: TransactionFields): MsgpackMap =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as MsgpackMap;

/** Transactions of one group, as a client sends them. */
export function sketchGroup({ sponsored = sponsorPays(), user, signing = {} }: GroupSketch): Uint8Array[] {
  const transactions = [sponsored, ...user].map(present);
  const grp = groupIdOf(transactions);
  return transactions.map((fields, place) => {
    const grouped = { ...fields, grp };
    return signAs(writeTransaction(grouped), grouped, signing[place] ?? (place === 0 ? "nobody" : "sender"));
  });
}

export function decodeSketch(sketch: GroupSketch): DecodedGroup {
  const decoded = decodeGroup(concatBytes(...sketchGroup(sketch)));
  if (!decoded.ok) throw new Error(decoded.reason.detail);
  return decoded.value;
}

/** Everything that can be allowed without a condition. */
export const OPEN_POLICY: AlgorandPolicy = {
  allow: [
    { transaction: "payment" },
    { transaction: "asset-transfer" },
    { transaction: "asset-opt-in" },
    { transaction: "asset-opt-out" },
    { transaction: "application-call", application: APPLICATION.toString(), methods: ["go(address)void"], bare: true },
  ],
  maxFee: "16000",
};

export function groupInput(
  sketch: GroupSketch,
  policy: Partial<AlgorandPolicy> = {},
  changes: Partial<GroupInput> = {},
): GroupInput {
  const group = decodeSketch(sketch);
  return {
    group,
    policy: compileAlgorandPolicy({ ...OPEN_POLICY, ...policy }),
    cost: costOfGroup(group),
    sponsorPool: [SPONSOR, SPARE].map(({ address }) => ({ address, state: "active" })),
    acceptedSponsors: [SPONSOR.address],
    sessionAddress: USER.address,
    genesisHash: Buffer.from(GENESIS_HASH).toString("base64"),
    ...changes,
  };
}
