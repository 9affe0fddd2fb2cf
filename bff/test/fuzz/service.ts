import { parseJson, stringifyJson } from "@gasless/localnet/solana/json";
import { SEND_METHODS } from "@gasless/localnet/solana/methods/send";
import type { RpcContext } from "@gasless/localnet/solana/rpc";
import { RpcError } from "@gasless/localnet/solana/rpc-error";
import { base64 } from "@scure/base";
import { SimulationAnswer } from "../../src/adapters/chains/solana/answers.ts";
import { attachFeePayerSignature, decodeTransaction } from "../../src/adapters/chains/solana/decode.ts";
import { readTransaction as readSolanaTransaction } from "../../src/adapters/chains/solana/read-transaction.ts";
import type { ReadTransaction } from "../../src/domain/chain-transaction.ts";
import { type Call, readCalls } from "../../src/domain/policy/call.ts";
import type { DecodedTransaction } from "../../src/domain/policy/decoded-transaction.ts";
import { type Refusal, refuse } from "../../src/domain/refusal.ts";
import { failure, success } from "../../src/domain/result.ts";
import type { Simulation } from "../../src/domain/simulation.ts";
import type { ChainPort } from "../../src/ports.ts";
import { floorOf, readTransaction } from "../../src/services/relays/read-transaction.ts";
import type { FuzzCase } from "./draw-case.ts";
import type { Scene } from "./scene.ts";

/** What a node says that cannot read the bytes at all. */
const UNREAD = refuse("transaction.malformed", "The node reads no transaction.");

/** The chain's adapter, as far as bytes and one node go: anything else is no function, and fails. */
const chainOf = (scene: Scene): ChainPort =>
  ({
    read: (parts, held) =>
      readSolanaTransaction(parts, held, async (transaction) => {
        const simulation = simulateOn(scene, transaction);
        return simulation ? success(simulation) : failure(UNREAD);
      }),
  }) satisfies Partial<ChainPort> as unknown as ChainPort;

/** A transaction that is sponsored if a node agrees, and what a test looks at besides. */
export interface Judged {
  readonly read: ReadTransaction;
  readonly transaction: DecodedTransaction;
  readonly calls: readonly Call[];
}

/** What isolation says of a posted transaction: the service's own code, from bytes to verdict. */
export async function judgeBytes(
  { network, policy, wire }: FuzzCase,
  scene: Scene,
): Promise<{ readonly refusal: Refusal } | ({ readonly refusal: undefined } & Judged)> {
  const read = readTransaction(chainOf(scene), network, `solana:${scene.user}`, [wire]);
  if (!read.ok) return { refusal: read.reason };
  const refusal = await read.value.judge();
  if (refusal) return { refusal };
  const decoded = decodeTransaction(wire);
  if (!decoded.ok) throw new Error("what was read before cannot be read");
  const transaction = decoded.value;
  return { refusal, read: read.value, transaction, calls: readCalls(transaction, policy.programs) };
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
export async function judgeRun({ network }: FuzzCase, { read }: Judged): Promise<Refusal | undefined> {
  const simulated = await read.simulate();
  return simulated.ok ? simulated.value.judge(floorOf(read, network)) : simulated.reason;
}

/** The wire bytes that would be sent. */
export function signAsSponsor({ sponsorKey }: Scene, { read }: Judged): Uint8Array {
  return read.attachSignature(sponsorKey.sign(read.sponsorMessage)).wire;
}
