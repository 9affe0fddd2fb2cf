import { isZero } from "../../../../../domain/bytes.ts";
import { fail, type Finding } from "../../../../../domain/policy/rule.ts";
import { refuse } from "../../../../../domain/refusal.ts";
import { publicKeyOf } from "../../address.ts";
import { encodeMsgpack } from "../../msgpack.ts";
import type { GroupEntry, Transaction } from "../decoded-group.ts";
import { type GroupInput, type GroupRule, isUserWallet, userEntries } from "../group-input.ts";

function misuse(hint: string, instruction: number): Finding {
  const detail = "The sponsor pays the fee of the group, and what its policy grants, and does nothing else.";
  return fail(refuse("policy.fee_payer_misused", detail, { instruction }), hint, { instruction });
}

/** To the sponsor itself and of nothing, or a gift to a wallet of the user that sends something in this group. */
function hasHarmlessAmount(input: GroupInput, { receiver, amount, sender }: Transaction & { type: "pay" }): boolean {
  if (receiver === sender) return amount === 0n;
  const isSender = userEntries(input.group).some(([, { transaction }]) => transaction.sender === receiver);
  return amount > 0n && isUserWallet(input, receiver) && isSender;
}

/** The sponsor's own transaction moves nothing but the fee and the funding that other rules bound. */
export const sponsorOnlyPays: GroupRule = {
  name: "sponsor-only-pays",
  check: (input) => {
    const sponsored = input.group.entries[0]?.transaction;
    const isPlain =
      sponsored?.type === "pay" &&
      sponsored.closeRemainderTo === undefined &&
      sponsored.rekeyTo === undefined &&
      !sponsored.hasLease &&
      sponsored.note.length === 0 &&
      hasHarmlessAmount(input, sponsored);
    return isPlain ? [] : [misuse("Send the sponsor's transaction as POST /v1/relays/prepare gave it.", 0)];
  },
};

/** Looks for a key anywhere in bytes: also in the middle of an argument. */
function includesKey(bytes: Uint8Array, key: Uint8Array): boolean {
  for (let at = bytes.indexOf(key[0] ?? 0); at >= 0; at = bytes.indexOf(key[0] ?? 0, at + 1)) {
    if (key.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}

/** Everything that a transaction says but its note, which nobody acts on. */
function spokenBytes({ fields, bytes }: GroupEntry): Uint8Array {
  const { note, ...others } = fields;
  return note === undefined ? bytes : encodeMsgpack(others);
}

/** No key of the pool sends, signs or is named in a transaction of the user: in a field, an argument or a part of one. */
export const sponsorIsIsolated: GroupRule = {
  name: "sponsor-is-isolated",
  check: ({ group, sponsorPool, acceptedSponsors }) => {
    const addresses = new Set([...sponsorPool.map(({ address }) => address), ...acceptedSponsors]);
    const keys = [...addresses].map(publicKeyOf).filter((key) => key !== undefined && !isZero(key));
    const isNamed = (entry: GroupEntry): boolean => {
      if (addresses.has(entry.authAddress ?? "")) return true;
      const bytes = spokenBytes(entry);
      return keys.some((key) => key !== undefined && includesKey(bytes, key));
    };
    return userEntries(group).flatMap(([place, entry]) =>
      isNamed(entry) ? [misuse("Take the sponsor out of this transaction: no policy can allow it there.", place)] : [],
    );
  },
};
