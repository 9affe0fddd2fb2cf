import { AlgodError, readNumber } from "../endpoint.ts";
import type { AlgodContext, AlgodReply, AlgodRequest } from "../endpoint.ts";
import { CONSENSUS_VERSION } from "../genesis.ts";
import { replyJson } from "../reply.ts";

const WAIT_DEADLINE_MS = 60_000;
const NS_PER_MS = 1_000_000;

export function answerHealth(): AlgodReply {
  return replyJson(null);
}

export function answerGenesis(_request: AlgodRequest, { chain }: AlgodContext): AlgodReply {
  return replyJson(chain.genesis.document);
}

export function answerVersions(_request: AlgodRequest, { chain, gates }: AlgodContext): AlgodReply {
  return replyJson({
    versions: ["v2"],
    genesis_id: chain.genesis.id,
    genesis_hash_b64: gates.genesisHash() ?? chain.genesis.hash,
    build: { major: 0, minor: 0, build_number: 0, commit_hash: "", branch: "double", channel: "localnet" },
  });
}

export function answerStatus(_request: AlgodRequest, context: AlgodContext): AlgodReply {
  const lastRound = reportedRound(context);
  const elapsedMs = Math.max(0, Date.now() - context.chain.blocks.newest().timeMs);
  return replyJson({
    "last-round": lastRound,
    "last-version": CONSENSUS_VERSION,
    "next-version": CONSENSUS_VERSION,
    "next-version-round": lastRound + 1n,
    "next-version-supported": true,
    "stopped-at-unsupported-round": false,
    "catchup-time": 0,
    "time-since-last-round": Math.round(elapsedMs * NS_PER_MS),
  });
}

/** Answers once there is a later round, or after a minute. */
export async function answerWaitForBlock(request: AlgodRequest, context: AlgodContext): Promise<AlgodReply> {
  const after = readNumber(request, "round");
  const { chain, closing } = context;
  const { promise, resolve } = Promise.withResolvers<void>();
  const lookAgain = (): void => {
    if (chain.round > after) resolve();
  };
  const stopListening = chain.onRound(lookAgain);
  const deadline = setTimeout(resolve, WAIT_DEADLINE_MS).unref();
  const stop = (): void => resolve();
  closing.addEventListener("abort", stop, { once: true });
  lookAgain();
  await promise;
  clearTimeout(deadline);
  closing.removeEventListener("abort", stop);
  stopListening();
  return answerStatus(request, context);
}

export function answerSupply(_request: AlgodRequest, context: AlgodContext): AlgodReply {
  return replyJson({
    current_round: reportedRound(context),
    "online-money": 0,
    "online-stake": 0,
    "total-money": context.chain.genesis.balances.reduce((sum, [, microAlgos]) => sum + microAlgos, 0n),
  });
}

export function answerParams(_request: AlgodRequest, context: AlgodContext): AlgodReply {
  const { chain, gates } = context;
  return replyJson({
    "consensus-version": CONSENSUS_VERSION,
    fee: 0,
    "min-fee": chain.minFee,
    "genesis-hash": gates.genesisHash() ?? chain.genesis.hash,
    "genesis-id": chain.genesis.id,
    "last-round": reportedRound(context),
  });
}

/** The newest round, or the one that a fault reports for it. */
export function reportedRound({ chain, gates }: AlgodContext): bigint {
  return gates.round() ?? chain.round;
}

export function answerFund({ body }: AlgodRequest, { chain }: AlgodContext): AlgodReply {
  const { address, amount } = readFunding(body);
  try {
    return replyJson({ txId: chain.fund(address, amount) });
  } catch (error) {
    throw new AlgodError(400, error instanceof Error ? error.message : String(error));
  }
}

function readFunding(body: Uint8Array): { address: string; amount: bigint } {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each field is looked at below
    const { address, amount } = JSON.parse(Buffer.from(body).toString("utf8")) as Readonly<Record<string, unknown>>;
    if (typeof address === "string" && Number.isSafeInteger(amount)) return { address, amount: BigInt(Number(amount)) };
  } catch {
    // Answered below, like a body that is JSON and says something else.
  }
  throw new AlgodError(400, 'expected {"address": string, "amount": microalgos as an integer}');
}
