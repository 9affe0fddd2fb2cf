import { base64 } from "@scure/base";
import { type Cost, costOf } from "../../domain/policy/cost.ts";
import type { DecodedTransaction } from "../../domain/policy/decoded-transaction.ts";
import { evaluateForm, evaluatePolicy } from "../../domain/policy/evaluate.ts";
import type { ProjectNetwork } from "../../domain/project.ts";
import { type Refusal, refuse } from "../../domain/refusal.ts";
import { failure, type Result, success } from "../../domain/result.ts";
import type { ChainPort } from "../../ports.ts";

export interface JudgedTransaction {
  readonly transaction: DecodedTransaction;
  readonly cost: Cost;
  readonly policyVersion: number;
  /** Base58 address of the sponsor that is to pay. */
  readonly sponsor: string;
}

async function hasValidSignatures(
  chain: ChainPort,
  { signatures, accounts, message }: DecodedTransaction,
): Promise<boolean> {
  const verdicts = await Promise.all(
    signatures.map(async (signature, index) => {
      const signer = accounts[index] ?? "";
      return index === 0 || chain.verifySignature(signer, message, signature);
    }),
  );
  return verdicts.every(Boolean);
}

/** The first line of defence: what the bytes say, before anything is asked of anybody. */
export async function judgeTransaction(
  chain: ChainPort,
  { policy, sponsorPool, acceptedSponsors }: ProjectNetwork,
  wallet: string,
  wireBase64: string,
): Promise<Result<JudgedTransaction, Refusal>> {
  if (!policy) return failure(refuse("policy.not_published", "This project sponsors nothing on this network yet."));
  const decoded = chain.decode(base64.decode(wireBase64));
  if (!decoded.ok) return decoded;
  const transaction = decoded.value;
  const cost = costOf(transaction);
  const sessionAddress = wallet.slice(wallet.indexOf(":") + 1);
  const input = { transaction, cost, policy: policy.document, sponsorPool, acceptedSponsors, sessionAddress };

  const unfit = evaluateForm(input);
  if (unfit) return failure(unfit);
  if (!(await hasValidSignatures(chain, transaction))) {
    return failure(refuse("transaction.signature_invalid", "A signature does not fit the transaction and its signer."));
  }
  const refusal = evaluatePolicy(input);
  if (refusal) return failure(refusal);
  return success({ transaction, cost, policyVersion: policy.version, sponsor: transaction.accounts[0] ?? "" });
}
