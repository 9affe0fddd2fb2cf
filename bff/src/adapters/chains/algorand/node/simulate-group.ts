import { type Refusal, refuse } from "../../../../domain/refusal.ts";
import { failure, type Result, success } from "../../../../domain/result.ts";
import type { Ask, RpcPool } from "../../rpc/rpc-pool.ts";
import type { DecodedGroup } from "../group/decoded-group.ts";
import { MINIMUM_BALANCE } from "../group/granted-items.ts";
import type { GroupOutcome } from "../group/outcome.ts";
import { optInsOf } from "../group/opt-ins.ts";
import { decodeMsgpackMaps, type MsgpackMap } from "../msgpack.ts";
import type { Account, Params } from "./answers.ts";
import { askAccounts, holdingCall, paramsCall, simulateCall } from "./ask.ts";

/** A signature, the address of another key that made it, and what holds them, which a transaction is priced with. Source: go-algorand, EstimateEncodedSize. */
const SIGNATURE_BYTES = 115n;

/** The least fee of a transaction: by its size where the network wants that, never below the minimum. */
export function minFeeBy({ minFee, feePerByte }: Params): (bytes: Uint8Array) => bigint {
  return (bytes) => {
    const bySize = feePerByte * (BigInt(bytes.length) + SIGNATURE_BYTES);
    return bySize > minFee ? bySize : minFee;
  };
}

/** What an account lacks to hold these assets beside what it has. */
export async function askLacking(ask: Ask, account: Account, assets: readonly bigint[]): Promise<bigint> {
  const held = await Promise.all(assets.map((asset) => ask(holdingCall(account.address, asset))));
  const added = BigInt(held.filter((isHeld) => !isHeld).length) * MINIMUM_BALANCE;
  const needed = account.minBalance + added;
  return needed > account.amount ? needed - account.amount : 0n;
}

const malformed = (): Result<never, Refusal> =>
  failure(refuse("transaction.malformed", "The network's node cannot read the transactions."));

/** As a node wants them: with what has been signed, the sponsor's without a signature. */
function signedMaps({ entries }: DecodedGroup): readonly MsgpackMap[] | undefined {
  const maps = entries.map(({ kind, fields, wire }): MsgpackMap | undefined => {
    if (kind === "unsigned") return { txn: fields };
    const read = decodeMsgpackMaps(wire);
    return read.ok ? read.value[0]?.value : undefined;
  });
  return maps.every((map) => map !== undefined) ? maps : undefined;
}

/** One node's word on a group and on the accounts that it is about, all of it at once. */
export async function simulateGroup(
  rpc: RpcPool,
  genesisHash: string,
  group: DecodedGroup,
): Promise<Result<GroupOutcome, Refusal>> {
  const transactions = signedMaps(group);
  const [sponsored] = group.entries;
  if (!transactions || !sponsored) return malformed();
  const { sender: sponsor } = sponsored.transaction;
  const receiver = sponsored.transaction.type === "pay" ? sponsored.transaction.receiver : sponsor;
  const senders = [...new Set(group.entries.map(({ transaction }) => transaction.sender))];
  const lookAtAccounts = async (ask: Ask) => {
    const accounts = await askAccounts(ask, [...new Set([...senders, receiver])]);
    const account = accounts.get(receiver);
    const isGiven = receiver !== sponsor && account !== undefined;
    const lacking = isGiven ? await askLacking(ask, account, optInsOf(group.entries, receiver)) : 0n;
    return { accounts, lacking };
  };
  const [told, params, { accounts, lacking }] = await rpc.converse("simulate", (ask) =>
    Promise.all([ask(simulateCall(transactions)), ask(paramsCall(genesisHash)), lookAtAccounts(ask)]),
  );
  const paying = accounts.get(sponsor);
  if (!paying) return malformed();
  const ran = "refusal" in told ? undefined : told;
  return success({
    round: ran?.round ?? params.round,
    failure: "refusal" in told ? told.refusal : told.failure,
    failedAt: ran?.failedAt ?? [],
    inner: ran?.inner ?? [],
    minFeeOf: minFeeBy(params),
    sponsor: paying,
    authAddresses: new Map(Array.from(accounts, ([address, { authAddress }]) => [address, authAddress])),
    lacking,
  });
}
