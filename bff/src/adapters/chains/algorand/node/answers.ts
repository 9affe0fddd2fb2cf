import * as z from "zod";

/**
 * What Gasless reads of algod's answers; what is not named here is not looked at. Numbers are bounded: one that no column
 * holds would stop a whole batch of relays. Source: algod REST API v2.
 */
const MAX_U64 = 2n ** 64n - 1n;
const Amount = z
  .union([z.int(), z.bigint()])
  .transform(BigInt)
  .refine((amount) => amount >= 0n && amount <= MAX_U64, "must be an unsigned 64-bit integer");
const Round = z.int().min(0).transform(BigInt);

/** Source: go-algorand, MaxGenesisIDLen. */
const MAX_GENESIS_ID = 32;
/** Of transactions that programs make, in all, and one inside the other. Source: go-algorand, MaxInnerTransactions, maxAppCallDepth. */
const MAX_INNER = 256;
const MAX_INNER_DEPTH = 8;
/** As many as one group can nest. */
const MAX_FAILED_AT = 16;

/** Far more than algod's longest that we know; what is told about it is stored, and given to users. */
const MAX_MESSAGE_CHARS = 2_000;
const Message = z.string().transform((text) => text.slice(0, MAX_MESSAGE_CHARS));

/** Only this: everything else is no answer. */
const ok = <Body>(body: z.ZodType<Body>) =>
  z.object({ status: z.literal(200), body }).transform(({ body: told }) => told);
/** There is no such thing. */
const missing = z.object({ status: z.literal(404) }).transform(() => undefined);
/** The question cannot be. */
const refused = z
  .object({ status: z.literal(400), body: z.object({ message: Message }) })
  .transform(({ body }) => ({ refusal: body.message }));

export const ParamsAnswer = ok(
  z
    .object({
      "last-round": Round,
      "min-fee": Amount,
      fee: Amount,
      "genesis-id": z.string().max(MAX_GENESIS_ID),
      "genesis-hash": z.string(),
    })
    .transform((params) => ({
      round: params["last-round"],
      minFee: params["min-fee"],
      feePerByte: params.fee,
      genesisId: params["genesis-id"],
      genesisHash: params["genesis-hash"],
    })),
);
export type Params = z.infer<typeof ParamsAnswer>;

export const StatusAnswer = ok(z.object({ "last-round": Round }).transform((status) => status["last-round"]));

export const AccountAnswer = ok(
  z
    .object({
      address: z.string(),
      amount: Amount,
      "min-balance": Amount,
      round: Round,
      "auth-addr": z.string().optional(),
    })
    .transform((account) => ({
      address: account.address,
      amount: account.amount,
      minBalance: account["min-balance"],
      round: account.round,
      /** Whose key signs for it. */
      authAddress: account["auth-addr"] ?? account.address,
    })),
);
export type Account = z.infer<typeof AccountAnswer>;

/** Whether an account holds an asset, however little of it. */
export const HoldingAnswer = z.union([
  ok(z.object({ round: Round })).transform(() => true),
  missing.transform(() => false),
]);

/**
 * Of a transaction that the node has heard of: the round in which it landed, or null while it waits. One that has fallen out
 * of the pool is one that is not known: it may have landed all the same, when it was sent again.
 */
export const PendingAnswer = z.union([
  ok(z.object({ "confirmed-round": Round.optional(), "pool-error": Message.optional() })).transform((pending) => {
    const { "confirmed-round": confirmed = 0n, "pool-error": poolError = "" } = pending;
    if (confirmed > 0n) return { round: confirmed };
    return poolError === "" ? { round: null } : undefined;
  }),
  missing,
]);

/** What stands in a block; undefined where the node has no such block, not yet or no more. */
export const BlockTxidsAnswer = z.union([
  ok(z.object({ blockTxids: z.array(z.string()).nullish() })).transform(({ blockTxids }) => new Set(blockTxids)),
  missing,
]);

/** Taken; or refused, which says something of what was sent and nothing of the node. */
export const SendAnswer = z.union([ok(z.object({ txId: z.string() })), refused]);

/** A transaction that a program made while another one ran. */
export interface InnerTransaction {
  readonly addresses: readonly string[];
  readonly inner: readonly InnerTransaction[];
}

const ADDRESS = /^[A-Z2-7]{58}$/;

/** Every address among the fields of a transaction, and in the lists and maps that are fields. */
function addressesIn(value: unknown, depth = 3): readonly string[] {
  if (typeof value === "string") return ADDRESS.test(value) ? [value] : [];
  if (typeof value !== "object" || value === null || depth === 0) return [];
  return Object.values(value).flatMap((member) => addressesIn(member, depth - 1));
}

/** One inside the other, as deep as programs can call each other: deeper ones are no answer. */
function innerOf(depth: number): z.ZodType<InnerTransaction> {
  const inner = depth === 0 ? z.array(z.never()) : z.array(innerOf(depth - 1)).max(MAX_INNER);
  return z
    .object({ txn: z.object({ txn: z.looseObject({}) }), "inner-txns": inner.nullish() })
    .transform((told) => ({ addresses: addressesIn(told.txn.txn), inner: told["inner-txns"] ?? [] }));
}

const InnerTransaction = innerOf(MAX_INNER_DEPTH);

export function countInner(inner: readonly InnerTransaction[]): number {
  return inner.reduce((count, transaction) => count + 1 + countInner(transaction.inner), 0);
}

const SimulatedGroup = z
  .object({
    "failure-message": Message.optional(),
    "failed-at": z.array(z.int()).max(MAX_FAILED_AT).optional(),
    "txn-results": z.array(z.object({ "txn-result": z.object({ "inner-txns": z.array(InnerTransaction).nullish() }) })),
  })
  .refine(
    (group) =>
      countInner(group["txn-results"].flatMap((result) => result["txn-result"]["inner-txns"] ?? [])) <= MAX_INNER,
    "there are more inner transactions than a group can have",
  )
  .transform((group) => ({
    failure: group["failure-message"] ?? null,
    failedAt: group["failed-at"] ?? [],
    inner: group["txn-results"].flatMap((result) => result["txn-result"]["inner-txns"] ?? []),
  }));

/** What a group would do, or why the node does not even try it. */
export const SimulateAnswer = z.union([
  ok(
    z
      .object({ "last-round": Round, "txn-groups": z.tuple([SimulatedGroup]) })
      .transform((told) => ({ round: told["last-round"], ...told["txn-groups"][0] })),
  ),
  refused,
]);
