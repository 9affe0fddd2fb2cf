import type { PreparedRelay } from "../../api/types.ts";
import { fromBase64 } from "../../base64.ts";
import { isSame } from "../../bytes.ts";
import { GaslessError } from "../../errors.ts";
import { decodeAddress } from "./address.ts";
import { sha512_256 } from "./sha512-256.ts";
import { type Fields, readFields, readNumber, writeBytes, writeFields, writeText } from "./transaction.ts";

/** What the service fills in; all else of a user's transaction is the dapp's. */
const FILLED_IN: ReadonlySet<string> = new Set(["fee", "fv", "lv", "gen", "gh", "grp"]);
/** All that the sponsor's one payment consists of. */
const SPONSORS: ReadonlySet<string> = new Set(["amt", "fee", "fv", "gen", "gh", "grp", "lv", "rcv", "snd", "type"]);
const MAX_TRANSACTIONS = 16;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const nothing = new Uint8Array();

/** The group that was prepared, in its order: the sponsor's payment first, and the user's transactions. */
export interface PreparedGroup {
  readonly sponsors: Uint8Array<ArrayBuffer>;
  readonly users: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * Reads what the server prepared of `given`, strictly: the user's transactions with fee, lifetime and group filled in and
 * nothing else changed, and before them a payment in which the sponsor pays itself, or the user.
 * @throws relay.untrusted
 */
export function readPreparedGroup(
  given: readonly Uint8Array[],
  prepared: PreparedRelay,
  signer: string,
): PreparedGroup {
  const wires = (prepared.transactions ?? []).map(fromBase64);
  const [sponsors, ...users] = wires;
  const all = wires.map(readFields).filter((fields) => fields !== undefined);
  const [first, ...others] = all;
  if (!sponsors || !first || all.length !== given.length + 1 || all.length !== wires.length) {
    throw untrusted("it is not one payment and the transactions that were given");
  }
  if (!isSponsors(first, prepared.feePayer, signer, others))
    throw untrusted("its first one is not a payment of the sponsor's");
  for (const [index, fields] of others.entries()) {
    const own = readFields(given[index] ?? nothing);
    if (!own || !isUnchanged(own, fields)) throw untrusted("a transaction is not the one that was given");
    if (fields.has("fee")) throw untrusted("the user would pay a fee");
  }
  if (!isOneGroup(all)) throw untrusted("its parts do not belong together");
  return { sponsors, users };
}

function isSponsors(fields: Fields, feePayer: string, signer: string, users: readonly Fields[]): boolean {
  const [sponsor = nothing, own = nothing] = [feePayer, signer].map((address) =>
    Uint8Array.from(writeBytes(decodeAddress(address))),
  );
  const is = (key: string, value: Uint8Array) => isSame(fields.get(key) ?? nothing, value);
  const ofUsers = [own, ...users.map((each) => each.get("snd") ?? nothing)];
  return (
    [...fields.keys()].every((key) => SPONSORS.has(key)) &&
    is("type", Uint8Array.from(writeText("pay"))) &&
    is("snd", sponsor) &&
    !ofUsers.some((sender) => isSame(sender, sponsor)) &&
    // What it gives is its own; but to whom is part of what a person is told.
    (ofUsers.some((sender) => is("rcv", sender)) || (is("rcv", sponsor) && readNumber(fields.get("amt")) === 0n))
  );
}

function isUnchanged(given: Fields, prepared: Fields): boolean {
  const own = (fields: Fields) => [...fields].filter(([key]) => !FILLED_IN.has(key));
  const [before, after] = [own(given), own(prepared)];
  return (
    before.length === after.length &&
    before.every(([key, value], index) => after[index]?.[0] === key && isSame(value, after[index][1]))
  );
}

/** One lifetime, one network, and a group id that is of these transactions: else a part of them could land alone. */
function isOneGroup(all: readonly Fields[]): boolean {
  const [first] = all;
  const shared = ["fv", "lv", "gen", "gh"].every((key) =>
    all.every((fields) => isSame(fields.get(key) ?? nothing, first?.get(key) ?? nothing)),
  );
  const group = Uint8Array.from(writeBytes(groupIdOf(all)));
  return shared && all.every((fields) => isSame(fields.get("grp") ?? nothing, group));
}

/** Source: Algorand developer docs, "Atomic transfers". */
function groupIdOf(all: readonly Fields[]): Uint8Array {
  const ids = all.map((fields) => {
    const ungrouped = new Map([...fields].filter(([key]) => key !== "grp"));
    return sha512_256(utf8("TX"), writeFields(ungrouped));
  });
  const head = ids.length < 16 ? [0x90 | ids.length] : [0xdc, 0, ids.length];
  const list = [0x81, ...writeText("txlist"), ...head, ...ids.flatMap(writeBytes)];
  return sha512_256(utf8("TG"), Uint8Array.from(list));
}

/**
 * Puts what a wallet gave in the group's order. It is matched by what was signed: wallets leave out what they did not
 * sign, so that a place says nothing.
 * @throws wallet.transaction_changed
 */
export function matchSigned({ sponsors, users }: PreparedGroup, answers: readonly Uint8Array[]): readonly Uint8Array[] {
  const signed = answers.flatMap((wire) => {
    const fields = readFields(wire);
    return fields?.has("txn") ? [{ wire, transaction: fields.get("txn") ?? nothing }] : [];
  });
  return [
    sponsors,
    ...users.map((transaction) => {
      const found = signed.find((each) => isSame(each.transaction, transaction));
      if (found) return found.wire;
      const detail = "Pera Wallet signed another transaction than it was given, or left one out.";
      throw new GaslessError("wallet.transaction_changed", detail);
    }),
  ];
}

/** The transactions of one group as a dapp has them: of algosdk, or as bytes. @throws request.invalid */
export function readGiven(input: unknown): readonly Uint8Array<ArrayBuffer>[] {
  const given = Array.isArray(input) ? (input as readonly unknown[]) : [input];
  const wires = given.map((each) => {
    if (each instanceof Uint8Array) return Uint8Array.from(each);
    if (typeof each !== "object" || each === null || !("toByte" in each)) throw notSponsorable();
    return Uint8Array.from((each as { toByte(): Uint8Array }).toByte());
  });
  const isGroup = wires.length > 0 && wires.length < MAX_TRANSACTIONS;
  if (isGroup && wires.every((wire) => readFields(wire)?.has("type"))) return wires;
  throw notSponsorable();
}

const notSponsorable = (): GaslessError =>
  new GaslessError("request.invalid", "sponsor() takes 1 to 15 transactions of algosdk, or their unsigned bytes.");

const untrusted = (why: string): GaslessError =>
  new GaslessError("relay.untrusted", `What the server prepared was not put to the wallet: ${why}.`);
