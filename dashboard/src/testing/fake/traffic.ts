import type { Decision, ManagedRelay, ManagedUser } from "../../../../bff/src/contract/manage/traffic.ts";
import type { RelayState } from "../../../../bff/src/contract/relays.ts";
import { type FakeHandlers, FakeProblem } from "../fake-api.ts";
import { fakeAddress, type FakeOptions, fakeId, minutesAgo } from "./world.ts";

const STATES: readonly RelayState[] = [
  "submitted",
  "confirmed",
  "finalized",
  "finalized",
  "failed",
  "finalized",
  "expired",
  "finalized",
  "rejected",
  "finalized",
];
const CODES = [
  null,
  "policy.program_not_allowed",
  null,
  "budget.user_exhausted",
  null,
  "transaction.simulation_failed",
  null,
  "policy.argument_not_allowed",
  null,
  "policy.account_denied",
] as const;
const AMOUNT = 46;
const SPONSOR = fakeAddress(3);
const BYTES = `AgABAgME${"AAECAwQFBgcICQoLDA0ODw".repeat(12)}==`;
const ACCOUNTS = [
  SPONSOR,
  fakeAddress(40),
  fakeAddress(41),
  "11111111111111111111111111111111",
  "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
];

const decisionId = (index: number): string => `req_${String(index).padStart(12, "0")}`;
const networkOf = (index: number): ManagedRelay["network"] => (index % 4 === 3 ? "algorand:testnet" : "solana:devnet");
const walletOf = (index: number): string => `${networkOf(index).split(":")[0]}:${fakeAddress(40 + (index % 7))}`;

function relayOf(index: number): ManagedRelay {
  const state = STATES[index % STATES.length] ?? "finalized";
  const isCharged = state === "finalized" || state === "failed";
  return {
    id: fakeId("rly", index),
    network: networkOf(index),
    state,
    ...(state !== "rejected" && { transactionId: `${fakeAddress(index)}${fakeAddress(index + 9)}` }),
    fee: { quoted: "10000", charged: isCharged ? "10000" : null },
    rent: {
      quoted: index % 5 === 0 ? "2039280" : "0",
      charged: isCharged ? (index % 5 === 0 ? "2039280" : "0") : null,
    },
    failure:
      state === "failed"
        ? {
            code: "transaction.execution_failed",
            detail: "The transaction landed and failed on the chain. Its fee was paid by the sponsor.",
            context: {
              instruction: 2,
              error: { InstructionError: [2, { Custom: 1 }] },
              logs: ["Program log: Instruction: Transfer", "Program log: Error: insufficient funds"],
            },
          }
        : null,
    createdAt: minutesAgo(3 + index * 17),
    updatedAt: minutesAgo(2.8 + index * 17),
    ...(isCharged && { slot: 301_442_187 - index }),
    userId: fakeId("usr", 2 + (index % 7)),
    wallet: walletOf(index),
    policyVersion: 4,
  };
}

function decisionOf(index: number): Decision {
  const code = CODES[index % CODES.length] ?? null;
  return {
    id: decisionId(index),
    network: networkOf(index),
    userId: fakeId("usr", 2 + (index % 7)),
    wallet: walletOf(index),
    decidedAt: minutesAgo(3 + index * 17),
    policyVersion: 4,
    verdict: code === null ? "sponsor" : "refuse",
    code,
    fee: "10000",
    rent: "0",
    relayId: code === null ? fakeId("rly", index) : null,
  };
}

const userOf = (index: number): ManagedUser => ({
  id: fakeId("usr", 2 + index),
  wallets: index % 3 === 0 ? [walletOf(index), `algorand:${fakeAddress(index)}`] : [walletOf(index)],
  createdAt: minutesAgo(600 + index * 900),
  sessions: index % 4 === 1 ? 0 : 1 + (index % 3),
  lastSeenAt: index % 4 === 1 ? null : minutesAgo(5 + index * 40),
});

/** A page of what fits; the cursor is the place of the first row. */
function pageOf<Row>(rows: readonly Row[], { cursor, limit = "20" }: Readonly<Record<string, string>>) {
  const from = Number(cursor ?? "0");
  const to = from + Number(limit);
  return { data: rows.slice(from, to), nextCursor: to < rows.length ? String(to) : null };
}

const notFound = () => new FakeProblem(404, "request.not_found", "There is nothing with this id in the project.");

const fits = (filter: string | undefined, value: string | null | undefined): boolean =>
  filter === undefined || filter === value || (value?.endsWith(`:${filter}`) ?? false);

/** Relays, decisions and users with their sessions. */
export function trafficFake({ state }: FakeOptions): FakeHandlers {
  const isEmpty = state === "empty";
  const indexes = Array.from({ length: isEmpty ? 0 : AMOUNT }, (_, index) => index);
  const relays = indexes.map(relayOf);
  const decisions = indexes.map(decisionOf);
  const users = (isEmpty ? [] : [0, 1, 2, 3, 4, 5, 6]).map(userOf);
  const ended = new Set<string>();
  const openSessions = (user: ManagedUser) =>
    Array.from({ length: user.sessions }, (_, index) => fakeId("ses", Number(user.id.slice(-1)) * 10 + index)).filter(
      (id) => !ended.has(id),
    );
  const view = (user: ManagedUser): ManagedUser => ({ ...user, sessions: openSessions(user).length });
  const findUser = (id: string): ManagedUser => {
    const user = users.find((each) => each.id === id);
    if (!user) throw notFound();
    return user;
  };
  return {
    listRelays: ({ query }) =>
      pageOf(
        relays.filter(
          (relay) =>
            fits(query["state"], relay.state) &&
            fits(query["network"], relay.network) &&
            fits(query["wallet"], relay.wallet) &&
            fits(query["transactionId"], relay.transactionId) &&
            (query["from"] === undefined || relay.createdAt >= query["from"]),
        ),
        query,
      ),
    readRelay: ({ params }) => {
      const index = relays.findIndex(({ id }) => id === params.relayId);
      const relay = relays[index];
      if (!relay) throw notFound();
      return {
        ...relay,
        sponsor: SPONSOR,
        signedAt: relay.state === "rejected" ? null : minutesAgo(2.99 + index * 17),
        decisionId: decisionId(index),
        explorerUrl: relay.transactionId === undefined ? null : `https://explorer.example/tx/${relay.transactionId}`,
        transaction: BYTES,
        accounts: ACCOUNTS,
      };
    },
    listDecisions: ({ query }) =>
      pageOf(
        decisions.filter(
          (decision) =>
            fits(query["verdict"], decision.verdict) &&
            fits(query["code"], decision.code) &&
            fits(query["network"], decision.network) &&
            fits(query["wallet"], decision.wallet) &&
            (query["account"] === undefined || ACCOUNTS.includes(query["account"])) &&
            (query["from"] === undefined || decision.decidedAt >= query["from"]),
        ),
        query,
      ),
    readDecision: ({ params }) => {
      const decision = decisions.find(({ id }) => id === params.decisionId);
      if (!decision) throw notFound();
      const context =
        decision.code === "policy.argument_not_allowed"
          ? { instruction: 1, argument: "amount", observed: "25000000", limit: "10000000" }
          : null;
      return { ...decision, context, accounts: ACCOUNTS, transaction: BYTES };
    },
    listUsers: ({ query }) =>
      pageOf(users.filter(({ wallets }) => wallets.some((wallet) => fits(query["wallet"], wallet))).map(view), query),
    readUser: ({ params }) => {
      const user = findUser(params.userId);
      return {
        ...view(user),
        openSessions: openSessions(user).map((id, index) => ({
          id,
          network: "solana:devnet",
          wallet: user.wallets[0] ?? "",
          amr: index === 0 ? ["siws"] : ["message"],
          origin: index === 0 ? "https://tickets.example" : "https://m.tickets.example",
          createdAt: minutesAgo(60 * (index + 2)),
          idleExpiresAt: minutesAgo(-60 * 22),
          expiresAt: minutesAgo(-60 * 24 * 6),
        })),
      };
    },
    revokeUserSessions: ({ params }) => {
      const open = openSessions(findUser(params.userId));
      for (const id of open) ended.add(id);
      return { revoked: open.length };
    },
    revokeSession: ({ params }) => {
      const isOpen = !ended.has(params.sessionId);
      ended.add(params.sessionId);
      return { revoked: isOpen ? 1 : 0 };
    },
  };
}
