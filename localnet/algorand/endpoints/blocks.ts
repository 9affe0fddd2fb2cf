import { base32nopad } from "@scure/base";
import { toBlock } from "../blocks.ts";
import type { LedgerBlock } from "../blocks.ts";
import { AlgodError, readNumber } from "../endpoint.ts";
import type { AlgodContext, AlgodReply, AlgodRequest } from "../endpoint.ts";
import { reply, replyJson } from "../reply.ts";

export function answerBlock(request: AlgodRequest, context: AlgodContext): AlgodReply {
  const found = findBlock(request, context);
  const isHeaderOnly = request.query.get("header-only") === "true";
  const block = toBlock(isHeaderOnly ? { ...found, transactions: [] } : found);
  return reply({ block }, request.query);
}

export function answerBlockTransactions(request: AlgodRequest, context: AlgodContext): AlgodReply {
  const ids = findBlock(request, context).transactions.map(({ wire }) => wire.id);
  return replyJson({ blockTxids: ids.filter((id) => !context.gates.isHidden(id)) });
}

export function answerBlockHash(request: AlgodRequest, context: AlgodContext): AlgodReply {
  const { hash } = findBlock(request, context);
  return replyJson({ blockHash: base32nopad.encode(hash) });
}

function findBlock(request: AlgodRequest, { chain, gates }: AlgodContext): LedgerBlock {
  const round = readNumber(request, "round");
  const isBehind = round > (gates.round() ?? round);
  const block = isBehind ? undefined : chain.blocks.byRound(round);
  if (block === undefined) throw new AlgodError(404, "failed to retrieve information from the ledger");
  return block;
}
