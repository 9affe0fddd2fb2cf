import { base64 } from "@scure/base";
import { concatBytes } from "../../../domain/bytes.ts";
import type {
  Explainable,
  ReadTransaction,
  SimulatedTransaction,
  SponsoredTransaction,
  TransactionScene,
} from "../../../domain/chain-transaction.ts";
import { failRule, skipRules, traceRules, type TraceEntry } from "../../../domain/policy/trace.ts";
import type { FamilyPolicy } from "../../../domain/project.ts";
import { type Refusal, refuse } from "../../../domain/refusal.ts";
import { failure, type Result, success } from "../../../domain/result.ts";
import { costOfGroup } from "./group/cost.ts";
import { attachSponsorSignature, decodeGroup } from "./group/decode-group.ts";
import type { DecodedGroup } from "./group/decoded-group.ts";
import { describeGroup } from "./group/describe-group.ts";
import { evaluateGroupForm, evaluateGroupPolicy, GROUP_FORM_RULES, GROUP_POLICY_RULES } from "./group/evaluate.ts";
import { proposeGroupChanges } from "./group/fixes-for.ts";
import { grantedItems } from "./group/granted-items.ts";
import { type GroupInput, userEntries } from "./group/group-input.ts";
import { keysOfGroup } from "./group/keys.ts";
import { addressesOf, type GroupOutcome, judgeOutcome, OUTCOME_RULES } from "./group/outcome.ts";
import { isSentByUser, signersHaveSigned } from "./group/rules/signers-have-signed.ts";
import { signedBytesOf } from "./group/transaction-id.ts";
import { verifySignatures } from "./group/verify-signatures.ts";
import type { CompiledAlgorandPolicy } from "./policy/compile.ts";

const UNREAD = "The transactions cannot be read, so nothing more is known of them.";

const isAlgorand = (policy: FamilyPolicy): policy is CompiledAlgorandPolicy => policy.family === "algorand";
const unique = (keys: readonly string[]): readonly string[] => [...new Set(keys)];

export type Simulate = (group: DecodedGroup) => Promise<Result<GroupOutcome, Refusal>>;

async function findForgery(group: DecodedGroup): Promise<Refusal | undefined> {
  const forged = (await verifySignatures(group)).find(({ isValid }) => !isValid);
  if (!forged) return undefined;
  const detail = "A signature does not fit its transaction and the key that is said to have signed it.";
  return refuse("transaction.signature_invalid", detail, { signer: forged.sender, instruction: forged.place });
}

/** A group that nobody has signed yet can be asked about as well. */
async function traceForm(input: GroupInput): Promise<readonly TraceEntry[]> {
  const form = traceRules(GROUP_FORM_RULES, input).map((entry): TraceEntry => {
    const isUnsigned = entry.rule === signersHaveSigned.name && entry.code === "transaction.signature_missing";
    return isUnsigned ? { rule: entry.rule, verdict: "skip", hint: "Somebody still has to sign." } : entry;
  });
  const forgery = await findForgery(input.group);
  const rule = "signatures-are-valid";
  const hint = "Sign the exact bytes of each transaction; a changed group needs new signatures.";
  return [...form, forgery ? failRule(rule, forgery, hint) : { rule, verdict: "pass" }];
}

function traceUnsimulated(why: string | Refusal): readonly TraceEntry[] {
  if (typeof why === "string") return skipRules(OUTCOME_RULES, why);
  return [failRule("simulation-succeeds", why, "The node cannot read it: prepare it again.")];
}

const explainable = (input: GroupInput): Explainable => ({
  describe: () => describeGroup(input),
  proposeChanges: () => proposeGroupChanges(input),
});

function createSimulated(input: GroupInput, keys: readonly string[], outcome: GroupOutcome): SimulatedTransaction {
  const { group, cost, sponsorPool } = input;
  const inputWith = (balanceFloor: bigint) => ({ group, outcome, cost, sponsorPool, balanceFloor });
  const ends = group.entries.map(({ transaction }) => transaction.lastValid);
  return {
    keys: unique([...keys, ...outcome.authAddresses.values(), ...addressesOf(outcome.inner)]),
    lifetimeEnd: ends.reduce((earliest, end) => (end < earliest ? end : earliest)),
    judge: (balanceFloor) => judgeOutcome(inputWith(balanceFloor)),
    ...explainable(input),
    trace: (balanceFloor) => traceRules(OUTCOME_RULES, inputWith(balanceFloor)),
  };
}

function attachSignature(group: DecodedGroup, signature: Uint8Array): SponsoredTransaction {
  const transactionIds = group.entries.map(({ id }) => id);
  const [transactionId = ""] = transactionIds;
  const wire = attachSponsorSignature(group, signature);
  return { wire, transactionId, group: { groupId: base64.encode(group.groupId), transactionIds } };
}

/** What the minimum balance that the sponsor gives is for; without an amount it gives nothing. */
function allotmentsOf({ group, policy, cost: { rent } }: GroupInput): readonly string[] {
  const sponsored = group.entries[0]?.transaction;
  return sponsored?.type === "pay" && rent > 0n ? grantedItems(group, policy, sponsored.receiver, rent) : [];
}

function createRead(input: GroupInput, wire: Uint8Array, simulate: Simulate): ReadTransaction {
  const { group, cost, sessionAddress } = input;
  const [sponsored] = group.entries;
  // The session's wallet too, which a linked one may sign for: who is denied is denied behind it as well.
  const keys = unique([sessionAddress, ...keysOfGroup(group, input.policy)]);
  return {
    wire,
    identity: group.groupId,
    sponsor: sponsored?.transaction.sender ?? "",
    signers: unique(userEntries(group).map(([, { transaction }]) => transaction.sender)),
    cost,
    keys,
    allotments: allotmentsOf(input),
    isSignedByUser: isSentByUser(input),
    withLinkedWallets: (linkedAddresses) => createRead({ ...input, linkedAddresses }, wire, simulate),
    judge: async () => evaluateGroupForm(input) ?? (await findForgery(group)) ?? evaluateGroupPolicy(input),
    judgeByRules: () => evaluateGroupForm(input) ?? evaluateGroupPolicy(input),
    trace: async () => ({ form: await traceForm(input), policy: traceRules(GROUP_POLICY_RULES, input) }),
    async simulate() {
      const simulated = await simulate(group);
      return simulated.ok ? success(createSimulated(input, keys, simulated.value)) : simulated;
    },
    traceUnsimulated,
    ...explainable(input),
    sponsorMessage: signedBytesOf(sponsored?.bytes ?? new Uint8Array()),
    attachSignature: (signature) => attachSignature(group, signature),
  };
}

/** A group, for a policy. Undefined: the policy is of another family. */
export function inputOf(group: DecodedGroup, scene: TransactionScene, genesisHash: string): GroupInput | undefined {
  const { policy, sponsorPool, acceptedSponsors, sessionAddress } = scene;
  if (!isAlgorand(policy)) return undefined;
  return { group, cost: costOfGroup(group), policy, sponsorPool, acceptedSponsors, sessionAddress, genesisHash };
}

export const notPublished = (): Refusal =>
  refuse("policy.not_published", "This project sponsors nothing on this network.");

/** Refusals: transaction.malformed, .too_large */
export function readGroup(
  parts: readonly Uint8Array[],
  scene: TransactionScene,
  genesisHash: string,
  simulate: Simulate,
): Result<ReadTransaction, Refusal> {
  const wire = concatBytes(...parts);
  const decoded = decodeGroup(wire);
  if (!decoded.ok) return decoded;
  // What is kept of a group is one part; what is sent has one for each transaction.
  if (parts.length > 1 && parts.some((part, index) => part.length !== decoded.value.entries[index]?.wire.length)) {
    return failure(refuse("transaction.malformed", "Each part must be one transaction of the group."));
  }
  const input = inputOf(decoded.value, scene, genesisHash);
  return input ? success(createRead(input, wire, simulate)) : failure(notPublished());
}

export function traceUnread(refusal: Refusal): readonly TraceEntry[] {
  return [
    failRule("transaction-is-readable", refusal, "Send the group as it was prepared, each transaction in base64."),
    ...skipRules([...GROUP_FORM_RULES, ...GROUP_POLICY_RULES], UNREAD),
    ...skipRules(OUTCOME_RULES, UNREAD),
  ];
}
