import { isZero } from "../../../../domain/bytes.ts";
import { encodeMsgpack, type MsgpackMap, type MsgpackValue } from "../msgpack.ts";
import type { GroupEntry } from "./decoded-group.ts";
import { groupIdOf } from "./transaction-id.ts";

/** The fields of a transaction by the names of the wire; what is zero or undefined is left out. */
export type TransactionFields = Readonly<Record<string, MsgpackValue | undefined>>;

function isAbsent(name: string, value: MsgpackValue | undefined): boolean {
  if (value instanceof Uint8Array) return value.length === 0 || (name !== "note" && isZero(value));
  return value === undefined || value === "" || value === 0 || value === 0n || value === false;
}

function present(fields: TransactionFields): MsgpackMap {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => !isAbsent(name, value))) as MsgpackMap;
}

/** Unsigned msgpack. */
export function writeTransaction(fields: TransactionFields): Uint8Array<ArrayBuffer> {
  return encodeMsgpack(present(fields));
}

interface GroupPlan {
  /** 32 bytes of the sponsor's address. */
  readonly sponsor: Uint8Array;
  /** Microalgos for the whole group. */
  readonly fee: bigint;
  /** What the user lacks of the minimum balance. */
  readonly funding: { readonly receiver: Uint8Array; readonly amount: bigint } | undefined;
  readonly firstValid: bigint;
  readonly lastValid: bigint;
  readonly genesisHash: Uint8Array;
  readonly genesisId: string;
  readonly user: readonly GroupEntry[];
}

/** The unsigned transactions of a group in their order: the sponsor's first, so that its funding comes before an opt-in. */
export function composeGroup(plan: GroupPlan): readonly Uint8Array<ArrayBuffer>[] {
  const { sponsor, fee, funding, firstValid, lastValid, genesisHash, genesisId, user } = plan;
  const life = { fv: firstValid, lv: lastValid, gh: genesisHash, gen: genesisId };
  const { receiver, amount } = funding ?? { receiver: sponsor, amount: 0n };
  const transactions = [
    { type: "pay", snd: sponsor, rcv: receiver, amt: amount, fee, ...life },
    ...user.map(({ fields }): TransactionFields => ({ ...fields, ...life, fee: 0n, grp: undefined })),
  ].map(present);
  const grp = groupIdOf(transactions);
  return transactions.map((fields) => encodeMsgpack({ ...fields, grp }));
}
