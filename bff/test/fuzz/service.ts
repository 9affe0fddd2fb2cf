import { parseJson, stringifyJson } from "@gasless/localnet/solana/json";
import { SEND_METHODS } from "@gasless/localnet/solana/methods/send";
import type { RpcContext } from "@gasless/localnet/solana/rpc";
import { RpcError } from "@gasless/localnet/solana/rpc-error";
import { base58, base64 } from "@scure/base";
import { SimulationAnswer } from "../../src/adapters/chains/solana/answers.ts";
import { attachFeePayerSignature, decodeTransaction } from "../../src/adapters/chains/solana/decode.ts";
import { verifyEd25519 } from "../../src/adapters/chains/solana/ed25519.ts";
import type { DecodedTransaction } from "../../src/domain/policy/decoded-transaction.ts";
import type { Refusal } from "../../src/domain/refusal.ts";
import type { Simulation } from "../../src/domain/simulation.ts";
import type { ChainPort } from "../../src/ports.ts";
import {
  judgeOutcome,
  judgeTransaction,
  type ReadTransaction,
  readTransaction,
} from "../../src/services/relays/judge-transaction.ts";
import type { FuzzCase } from "./draw-case.ts";
import type { Scene } from "./scene.ts";

function notAsked(): never {
  throw new Error("a judgement asked the chain for more than it may");
}

/** The chain's adapter, as far as bytes go. */
const CHAIN: ChainPort = {
  parseAddress: notAsked,
  decode: decodeTransaction,
  verifySignature: (address, message, signature) => verifyEd25519(base58.decode(address), message, signature),
  verifySignIn: notAsked,
  signInPayload: notAsked,
  latestLifetime: notAsked,
  simulate: notAsked,
  attachSignature: notAsked,
  send: notAsked,
  statuses: notAsked,
  proveAbsent: notAsked,
  landed: notAsked,
  balances: notAsked,
  health: notAsked,
  ping: notAsked,
};

/** What isolation says of a posted transaction: the service's own code, from bytes to verdict. */
export async function judgeBytes(
  { network, wire }: FuzzCase,
  { user }: Scene,
): Promise<{ readonly refusal: Refusal } | { readonly refusal: undefined; readonly read: ReadTransaction }> {
  const read = readTransaction(CHAIN, network, `solana:${user}`, base64.encode(wire));
  if (!read.ok) return { refusal: read.reason };
  const refusal = await judgeTransaction(CHAIN, read.value);
  return refusal ? { refusal } : { refusal, read: read.value };
}

/** The node's answer to the transaction, through its own method and the schema of our adapter; undefined: it reads no transaction. */
function simulateOn({ chain }: Scene, transaction: DecodedTransaction): Simulation | undefined {
  const wire = attachFeePayerSignature(transaction, new Uint8Array(64));
  const options = {
    encoding: "base64",
    commitment: "processed",
    sigVerify: false,
    replaceRecentBlockhash: false,
    innerInstructions: true,
    accounts: { encoding: "base64", addresses: [transaction.accounts[0]] },
  };
  let json: unknown;
  try {
    // The method looks at nothing but the chain.
    const answer = SEND_METHODS["simulateTransaction"]?.([base64.encode(wire), options], { chain } as RpcContext);
    json = parseJson(stringifyJson(answer as Exclude<typeof answer, Promise<unknown> | undefined>));
  } catch (error) {
    if (error instanceof RpcError) return undefined;
    throw error;
  }
  const { value } = SimulationAnswer.parse(json);
  const [feePayer] = value.accounts ?? [];
  return {
    error: value.err,
    logs: value.logs ?? [],
    feePayerBefore: value.preBalances[0] ?? 0n,
    feePayerAfter: value.postBalances[0] ?? 0n,
    feePayerOwner: feePayer?.owner ?? "11111111111111111111111111111111",
    feePayerDataLength: feePayer?.data[0].length ?? 0,
    tokenBalancesBefore: value.preTokenBalances,
    tokenBalancesAfter: value.postTokenBalances,
    innerCalls: value.innerInstructions.map(({ index, instructions }) => ({ instruction: index, calls: instructions })),
    loaded: value.loadedAddresses,
    blockHeight: 0n,
  };
}

/** What simulation and the accounts of lookup tables add to it. */
export function judgeRun(scene: Scene, { network }: FuzzCase, read: ReadTransaction): Refusal | "unread" | undefined {
  const simulation = simulateOn(scene, read.transaction);
  return simulation ? judgeOutcome(read, simulation, network).refusal : "unread";
}

/** The wire bytes that would be sent. */
export function signAsSponsor({ sponsorKey }: Scene, { transaction }: ReadTransaction): Uint8Array {
  return attachFeePayerSignature(transaction, sponsorKey.sign(transaction.message));
}
