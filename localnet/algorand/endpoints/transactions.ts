import type { Trace } from "../chain.ts";
import { AlgodError } from "../endpoint.ts";
import type { AlgodContext, AlgodReply, AlgodRequest } from "../endpoint.ts";
import type { Effects } from "../evaluate-group.ts";
import { reply, replyJson } from "../reply.ts";
import type { Content } from "../reply.ts";
import { readWireTransactions } from "../wire-transaction.ts";
import type { WireTransaction } from "../wire-transaction.ts";

const NOT_FOUND = "could not find the transaction in the transaction pool or in the last 1000 confirmed rounds";

export function answerSend({ body }: AlgodRequest, { chain, gates }: AlgodContext): AlgodReply {
  const group = readBody(() => readWireTransactions(body));
  const refusal = chain.submit(group, gates.nextSend());
  if (refusal !== null) throw new AlgodError(400, refusal);
  return replyJson({ txId: group[0]?.id });
}

export function answerPendingOne({ params, query }: AlgodRequest, { chain, gates }: AlgodContext): AlgodReply {
  const id = params["id"] ?? "";
  if (!/^[A-Z2-7]{52}$/.test(id)) throw new AlgodError(400, "no valid transaction ID was specified");
  const trace = gates.isHidden(id) ? undefined : chain.find(id);
  if (trace === undefined) throw new AlgodError(404, NOT_FOUND);
  return reply(describeTrace(trace), query);
}

export function answerPending({ query }: AlgodRequest, { chain, gates }: AlgodContext): AlgodReply {
  const waiting = chain.pending().filter(({ id }) => !gates.isHidden(id));
  const max = Number(query.get("max") ?? 0);
  const top = (max > 0 ? waiting.slice(0, max) : waiting).map(({ signed }) => signed);
  return reply({ "top-transactions": top, "total-transactions": waiting.length }, query);
}

/** A transaction and what it did, or would do; without effects it has not happened. */
export function describeOutcome(
  { signed }: WireTransaction,
  effects: Effects | undefined,
  poolError = "",
): Readonly<Record<string, Content>> {
  return {
    "pool-error": poolError,
    txn: signed,
    "closing-amount": effects?.closingAmount || undefined,
    "asset-closing-amount": effects?.assetClosingAmount || undefined,
    "asset-index": effects?.assetId ?? undefined,
  };
}

/** @throws AlgodError 400 with the reader's words. */
export function readBody<Body>(read: () => Body): Body {
  try {
    return read();
  } catch (error) {
    throw new AlgodError(400, error instanceof Error ? error.message : String(error));
  }
}

function describeTrace({ wire, landed, poolError }: Trace): Content {
  return { ...describeOutcome(wire, landed?.effects, poolError), "confirmed-round": landed?.round };
}
