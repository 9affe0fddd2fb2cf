import { AlgodError, readAddress, readNumber } from "../endpoint.ts";
import type { AlgodContext, AlgodReply, AlgodRequest } from "../endpoint.ts";
import { minBalanceOf, readAccount } from "../ledger-state.ts";
import type { Account, Asset, Holding } from "../ledger-state.ts";
import { replyJson } from "../reply.ts";
import type { Content } from "../reply.ts";
import { reportedRound } from "./node.ts";

const EXCLUDABLE = new Set(["all", "none", "created-assets-params", "created-apps-params"]);

/** An address that holds nothing is an account with nothing, not an error. */
export function answerAccount(request: AlgodRequest, context: AlgodContext): AlgodReply {
  const address = readAddress(request);
  if ((request.query.get("format") ?? "json") !== "json") {
    throw new AlgodError(400, "this double gives accounts as JSON only");
  }
  const excluded = readExcluded(request.query);
  const account = readAccount(context.chain.state, address);
  const { microAlgos, authAddress, holdings, created } = account;
  return replyJson({
    address,
    amount: microAlgos,
    "amount-without-pending-rewards": microAlgos,
    "min-balance": minBalanceOf(account),
    "pending-rewards": 0,
    rewards: 0,
    "reward-base": excluded.has("all") ? undefined : 0,
    round: reportedRound(context),
    status: "Offline",
    "total-apps-opted-in": 0,
    "total-assets-opted-in": holdings.size,
    "total-created-apps": 0,
    "total-created-assets": created.size,
    "auth-addr": authAddress ?? undefined,
    ...(excluded.has("all") ? {} : describeHoldings(account, context, excluded.has("created-assets-params"))),
  });
}

export function answerAccountAsset(request: AlgodRequest, context: AlgodContext): AlgodReply {
  const { state } = context.chain;
  const id = readNumber(request, "asset");
  const { holdings, created } = readAccount(state, readAddress(request));
  const holding = holdings.get(id);
  const asset = created.has(id) ? state.assets.get(id) : undefined;
  if (holding === undefined && asset === undefined) throw new AlgodError(404, "account asset info not found");
  return replyJson({
    round: reportedRound(context),
    "asset-holding": holding === undefined ? undefined : describeHolding(id, holding),
    "created-asset": asset === undefined ? undefined : describeAsset(asset),
  });
}

export function answerAsset(request: AlgodRequest, { chain }: AlgodContext): AlgodReply {
  const index = readNumber(request, "asset");
  const asset = chain.state.assets.get(index);
  if (asset === undefined) throw new AlgodError(404, "asset does not exist");
  return replyJson({ index, params: describeAsset(asset) });
}

function readExcluded(query: URLSearchParams): ReadonlySet<string> {
  const names = query.getAll("exclude").flatMap((list) => list.split(","));
  const unknown = names.find((name) => !EXCLUDABLE.has(name));
  if (unknown !== undefined) throw new AlgodError(400, "failed to parse exclude");
  return new Set(names);
}

function describeHoldings(
  { holdings, created }: Account,
  { chain }: AlgodContext,
  isWithoutParams: boolean,
): Readonly<Record<string, Content>> {
  const byNumber = [...holdings].toSorted(([one], [other]) => Number(one - other));
  return {
    assets: byNumber.map(([id, holding]) => describeHolding(id, holding)),
    "created-assets": [...created].map((index) => {
      const asset = isWithoutParams ? undefined : chain.state.assets.get(index);
      return { index, params: asset === undefined ? undefined : describeAsset(asset) };
    }),
    "apps-local-state": [],
    "apps-total-schema": { "num-byte-slice": 0, "num-uint": 0 },
    "created-apps": [],
  };
}

function describeHolding(id: bigint, { amount, isFrozen }: Holding): Readonly<Record<string, Content>> {
  return { "asset-id": id, amount, "is-frozen": isFrozen };
}

function describeAsset(asset: Asset): Readonly<Record<string, Content>> {
  const { creator, total, decimals, manager, reserve, freeze, clawback, unitName, name, url, metadataHash } = asset;
  return {
    creator,
    total,
    decimals,
    "default-frozen": asset.isFrozenByDefault,
    manager: manager ?? undefined,
    reserve: reserve ?? undefined,
    freeze: freeze ?? undefined,
    clawback: clawback ?? undefined,
    ...describeText("unit-name", unitName),
    ...describeText("name", name),
    ...describeText("url", url),
    "metadata-hash": metadataHash ?? undefined,
  };
}

function describeText(key: string, text: string): Readonly<Record<string, Content>> {
  return text === "" ? {} : { [key]: text, [`${key}-b64`]: new TextEncoder().encode(text) };
}
