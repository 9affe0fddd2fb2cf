import * as z from "zod";
import { Predicate } from "./policy.ts";
import { Amount } from "./values.ts";

const Uint64 = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,19})$/, "must be a whole number as a decimal string")
  .refine((text) => BigInt(text) < 2n ** 64n, "must fit into 64 bits");
const AssetId = Uint64.refine((id) => id !== "0", "must be the number of an asset");
const ApplicationId = Uint64.refine((id) => id !== "0", "must be the number of an application: none can be made");

/** The name, the types of the arguments, the type of the result. Source: ARC-4. */
const METHOD = /^[A-Za-z_][A-Za-z0-9_]{0,63}\([A-Za-z0-9,()[\]]*\)[A-Za-z0-9,()[\]]+$/;
const SELECTOR = /^[0-9a-f]{8}$/;
const Method = z
  .string()
  .max(512)
  .refine(
    (text) => METHOD.test(text) || SELECTOR.test(text),
    "must be an ARC-4 signature such as add(uint64,uint64)uint64, or the 8 hex digits of a selector",
  );

const argumentsOf = <const Names extends readonly string[]>(names: Names) =>
  z
    .partialRecord(z.enum(names), Predicate)
    .optional()
    .meta({
      description: `What these must be: ${names.join(", ")}; amounts in base units, addresses as text, bytes as lower-case hex, null what is absent`,
    });

const anySender = z
  .boolean()
  .optional()
  .meta({ description: "True: others who sign may send it too. Absent: the signed-in user's wallets alone" });
const allowClose = z
  .boolean()
  .optional()
  .meta({ description: "True: it may close the sender's balance, which then goes to the address that it names" });
const allowRekey = z
  .boolean()
  .optional()
  .meta({ description: "True: it may hand the sender's account over to another key. Absent: it may not" });

const Payment = z.strictObject({
  transaction: z.literal("payment"),
  arguments: argumentsOf(["sender", "receiver", "amount", "note", "closeRemainderTo", "rekeyTo"]),
  anySender,
  allowClose,
  allowRekey,
});

const AssetTransfer = z.strictObject({
  transaction: z.literal("asset-transfer"),
  arguments: argumentsOf(["sender", "receiver", "amount", "asset", "note", "closeTo", "rekeyTo"]),
  anySender,
  allowClose,
  allowRekey,
});

const AssetOptIn = z.strictObject({
  transaction: z.literal("asset-opt-in"),
  arguments: argumentsOf(["sender", "asset", "note", "rekeyTo"]),
  anySender,
  allowRekey,
});

/** A transfer of nothing that closes the sender's balance of an asset: closing is what it is for. */
const AssetOptOut = z.strictObject({
  transaction: z.literal("asset-opt-out"),
  arguments: argumentsOf(["sender", "receiver", "asset", "note", "closeTo", "rekeyTo"]),
  anySender,
  allowRekey,
});

/** Without an update: no policy sponsors new programs. */
const OnCompletion = z.enum(["no-op", "opt-in", "close-out", "clear-state", "delete-application"]);

/** Positions of a call's arguments: 0 is the method's selector. */
const POSITIONS = Array.from({ length: 16 }, (_, index) => `argument${index}`);

const ApplicationCall = z.strictObject({
  transaction: z.literal("application-call"),
  application: ApplicationId,
  methods: z
    .array(Method)
    .min(1)
    .max(50)
    .optional()
    .meta({ description: "ARC-4 signatures, or selectors of 8 hex digits, that may be called. Absent: none" }),
  bare: z.boolean().optional().meta({ description: "True: calls without arguments may be made. Absent: they may not" }),
  onComplete: z
    .array(OnCompletion)
    .min(1)
    .max(5)
    .optional()
    .meta({ description: "What the call may do to the application beside running it. Absent: no-op alone" }),
  arguments: argumentsOf(["sender", "note", "rekeyTo", ...POSITIONS]),
  anySender,
  allowRekey,
});

const AllowedTransaction = z
  .discriminatedUnion("transaction", [Payment, AssetTransfer, AssetOptIn, AssetOptOut, ApplicationCall])
  .meta({
    id: "AllowedTransaction",
    description: "Transactions of one kind that are sponsored, and on what conditions",
  });

/** What a project sponsors on an Algorand network. Everything that is not allowed here is refused. */
export const AlgorandPolicy = z
  .strictObject({
    allow: z
      .array(AllowedTransaction)
      .max(200)
      .meta({ description: "Each transaction of the user must fit one of these" }),
    maxFee: Amount.meta({ description: "Microalgos of fee for a whole group, inner transactions included" }),
    maxTransactions: z
      .int()
      .min(1)
      .max(15)
      .optional()
      .meta({ description: "Transactions of the user in one group, beside the sponsor's. Absent: 4" }),
    minimumBalance: z
      .strictObject({
        account: z
          .boolean()
          .optional()
          .meta({ description: "True: the 100,000 microalgos that an account needs to exist, beside an asset's" }),
        assets: z
          .union([z.literal(true), z.array(AssetId).min(1).max(200)])
          .meta({ description: "Assets whose opt-in is given its 100,000 microalgos: these, or with true any" }),
      })
      .optional()
      .meta({ description: "What the sponsor gives a user who lacks it, each of them once" }),
    maxRent: Amount.optional().meta({
      description: "Microalgos of minimum balance that one group may take from the sponsor. Absent: none",
    }),
  })
  .meta({ id: "AlgorandPolicy" });
export type AlgorandPolicy = z.infer<typeof AlgorandPolicy>;
