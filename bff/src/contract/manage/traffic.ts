import * as z from "zod";
import { Relay, RelayState } from "../relays.ts";
import { Amount, NetworkName, Time, Wallet } from "../values.ts";
import { DecisionId, Instant, pageOf, pageQuery, RelayId, SessionId, UserId } from "./values.ts";

const During = { from: Instant.optional(), to: Instant.optional() };
const WalletFilter = z
  .string()
  .max(120)
  .regex(/^[a-z0-9]+:.+$/, "must be a wallet with its family, such as solana:7v91…")
  .optional();

export const DecisionQuery = pageQuery({
  ...During,
  network: NetworkName.optional(),
  verdict: z.enum(["sponsor", "refuse"]).optional(),
  code: z.string().max(80).optional(),
  wallet: WalletFilter,
  account: z.string().max(64).optional().meta({ description: "An address that the transaction names" }),
});
export type DecisionQuery = z.infer<typeof DecisionQuery>;
export const Decision = z
  .object({
    id: DecisionId,
    network: NetworkName,
    userId: z.string(),
    wallet: Wallet,
    decidedAt: Time,
    policyVersion: z.int().nullable(),
    verdict: z.enum(["sponsor", "refuse"]),
    code: z.string().nullable(),
    fee: Amount.nullable(),
    rent: Amount.nullable(),
    relayId: RelayId.nullable(),
  })
  .meta({ id: "Decision" });
export type Decision = z.infer<typeof Decision>;
export const DecisionList = pageOf("DecisionList", Decision);
export const DecisionDetail = Decision.extend({
  context: z.record(z.string(), z.unknown()).nullable(),
  accounts: z.array(z.string()),
  transaction: z.string().meta({ format: "byte", description: "The bytes as they came" }),
}).meta({ id: "DecisionDetail" });
export type DecisionDetail = z.infer<typeof DecisionDetail>;

export const ManagedRelayQuery = pageQuery({
  ...During,
  network: NetworkName.optional(),
  state: RelayState.optional(),
  wallet: WalletFilter,
  transactionId: z.string().min(1).max(120).optional(),
});
export type ManagedRelayQuery = z.infer<typeof ManagedRelayQuery>;
export const ManagedRelay = Relay.extend({ userId: UserId, wallet: Wallet, policyVersion: z.int() }).meta({
  id: "ManagedRelay",
});
export type ManagedRelay = z.infer<typeof ManagedRelay>;
export const ManagedRelayList = pageOf("ManagedRelayList", ManagedRelay);
export const ManagedRelayDetail = ManagedRelay.extend({
  sponsor: z.string(),
  signedAt: Time.nullable(),
  decisionId: DecisionId.nullable(),
  explorerUrl: z.string().nullable(),
  transaction: z.string().meta({ format: "byte", description: "The bytes that were reserved for" }),
  accounts: z.array(z.string()),
}).meta({ id: "ManagedRelayDetail" });
export type ManagedRelayDetail = z.infer<typeof ManagedRelayDetail>;

export const ManagedUserQuery = pageQuery({ wallet: WalletFilter });
export const ManagedUser = z
  .object({ id: UserId, wallets: z.array(Wallet), createdAt: Time, sessions: z.int(), lastSeenAt: Time.nullable() })
  .meta({ id: "ManagedUser" });
export type ManagedUser = z.infer<typeof ManagedUser>;
export const ManagedUserList = pageOf("ManagedUserList", ManagedUser);
export const ManagedSession = z
  .object({
    id: SessionId,
    network: NetworkName,
    wallet: Wallet,
    amr: z.array(z.string()),
    origin: z.string(),
    createdAt: Time,
    idleExpiresAt: Time,
    expiresAt: Time,
  })
  .meta({ id: "ManagedSession" });
export type ManagedSession = z.infer<typeof ManagedSession>;
export const ManagedUserDetail = ManagedUser.extend({
  openSessions: z.array(ManagedSession),
}).meta({ id: "ManagedUserDetail" });
export type ManagedUserDetail = z.infer<typeof ManagedUserDetail>;
export const RevokedSessions = z.object({ revoked: z.int() }).meta({ id: "RevokedSessions" });

const Point = z.object({
  at: Time.meta({ description: "Where the hour or day begins, UTC" }),
  relays: z.int(),
  finalized: z.int(),
  failed: z.int(),
  expired: z.int(),
  refused: z.int(),
  users: z.int().meta({ description: "Different users with a relay" }),
  fee: Amount,
  rent: Amount,
});
export const OverviewQuery = z.strictObject({
  days: z.enum(["1", "7", "30"]).default("7"),
  network: NetworkName.optional(),
});
export const Overview = z
  .object({
    from: Time,
    to: Time,
    /** Each network counts in base units of its own. */
    networks: z.array(
      z.object({
        network: NetworkName,
        baseUnit: z.string(),
        relays: z.int(),
        finalized: z.int(),
        failed: z.int(),
        expired: z.int(),
        open: z.int(),
        refused: z.int(),
        fee: Amount.meta({ description: "Charged, and quoted where it has not ended" }),
        rent: Amount,
        landRate: z
          .number()
          .nullable()
          .meta({ description: "Landed, of those that have ended and were sent; null: none" }),
        confirmSeconds: z
          .object({ p50: z.number(), p95: z.number() })
          .nullable()
          .meta({ description: "From signing to the end, upper bound of the bucket; null: none has landed" }),
        series: z.array(Point).meta({ description: "By hour for one day, else by day" }),
      }),
    ),
    users: z.object({
      active: z.int().meta({ description: "Different users with a relay" }),
      created: z.int(),
    }),
    refusals: z.array(z.object({ code: z.string(), count: z.int() })).meta({ description: "Most first" }),
  })
  .meta({ id: "Overview" });
export type Overview = z.infer<typeof Overview>;
