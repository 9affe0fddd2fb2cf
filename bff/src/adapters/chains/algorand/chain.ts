import type { NetworkName } from "../../../domain/network.ts";
import type { LandedTransaction, TransactionStatus } from "../../../domain/relay.ts";
import { AppError } from "../../../errors.ts";
import type { ChainPort } from "../../../ports.ts";
import { judgeAbsence } from "../rpc/absence.ts";
import { judgeLanding } from "../rpc/landing.ts";
import { createRpcPool, type RpcPool, type RpcPoolOptions } from "../rpc/rpc-pool.ts";
import { parseAddress } from "./address.ts";
import { askAlgod } from "./node/algod.ts";
import { askAccounts, pendingCall, sendCall, statusCall } from "./node/ask.ts";
import { readSentGroup, type SentGroup, viewGroups, viewLanding } from "./node/find-landing.ts";
import { simulateGroup } from "./node/simulate-group.ts";
import { algorandPolicies } from "./policy/language.ts";
import { prepareGroup } from "./prepare-group.ts";
import { readGroup, type Simulate, traceUnread } from "./read-group.ts";
import { SIGN_IN_METHODS, signInPayload } from "./sign-in/payload.ts";
import { verifySignIn } from "./sign-in/verify-sign-in.ts";

/** A minute of rounds. */
const MAX_LAG_ROUNDS = 25n;
/** Asked about at once: a call each has to fit into one deadline. The others' turn comes. */
const STATUSES_A_LOOK = 48;
/** Each can cost 21 calls to every provider; those of the same minute share them. */
const PROOFS_A_LOOK = 4;
/** Faster than any network makes rounds; a localnet's clock may. */
const FASTEST_ROUND_MS = 1_000;
const FASTEST_LOCAL_ROUND_MS = 50;
/** Balances are of one round; while rounds come faster than answers, they are asked for again so often. */
const BALANCE_LOOKS = 4;

const NOTHING_PROVEN = { absent: new Set<string>(), found: new Map<string, TransactionStatus>(), silent: [] };

export type AlgorandChainOptions = Omit<RpcPoolOptions, "post" | "maxLagSlots" | "fastestSlotMs"> & {
  readonly network: NetworkName;
};

async function askStatuses(
  rpc: RpcPool,
  ids: readonly string[],
): Promise<ReadonlyMap<string, TransactionStatus | undefined>> {
  const pending = await rpc.converse("pending", (ask) =>
    Promise.all(ids.map(async (id) => [id, await ask(pendingCall(id))] as const)),
  );
  return new Map(
    pending.map(([id, known]) => {
      if (!known) return [id, undefined];
      // A block is final as soon as there is one.
      return [
        id,
        known.round === null ? { commitment: "processed", slot: 0n } : { commitment: "finalized", slot: known.round },
      ];
    }),
  );
}

/** As many as that, beginning anywhere, so that nobody's turn never comes. */
function pickSome<Item>(items: readonly Item[], count: number, unit: number): readonly Item[] {
  const start = Math.floor(unit * items.length);
  return [...items.slice(start), ...items.slice(0, start)].slice(0, count);
}

/** What a group has cost that landed in a round: what its bytes say. */
function recordOf({ fee, rent }: SentGroup, slot: bigint): Omit<LandedTransaction, "isAgreed"> {
  return { slot, error: null, fee, feePayerLoss: fee + rent };
}

/** An Algorand network through its providers (algod). Every call has a deadline of 2.5 s. */
export function createAlgorandChain(options: AlgorandChainOptions): ChainPort {
  const { network, genesisHash, randomUnit } = options;
  const fastestSlotMs = network.endsWith(":localnet") ? FASTEST_LOCAL_ROUND_MS : FASTEST_ROUND_MS;
  const rpc = createRpcPool({ ...options, maxLagSlots: MAX_LAG_ROUNDS, fastestSlotMs, post: askAlgod });
  const configured = options.providers.length;
  const simulate: Simulate = (group) => simulateGroup(rpc, genesisHash, group);
  return {
    policies: algorandPolicies,
    signIn: {
      methods: SIGN_IN_METHODS,
      accountOf: "Algorand",
      chainId: network,
      addressForm: "must be an Algorand address of 58 characters with the right checksum",
    },
    baseUnit: "microalgos",
    takesGroups: true,
    parseAddress,
    verifySignIn: (challenge, proof) => verifySignIn({ rpc, genesisHash, configured }, challenge, proof),
    signInPayload: (challenge, address) => signInPayload(genesisHash, challenge, address),
    read: (parts, scene) => readGroup(parts, scene, genesisHash, simulate),
    traceUnread,
    prepare: (request) => prepareGroup({ rpc, simulate, genesisHash }, request),
    async send(wire) {
      const answer = await rpc.write(sendCall(wire));
      // In the words of nobody who could have written an address into them.
      if ("refusal" in answer && !answer.refusal.includes("already in ledger")) {
        throw new Error("the network's node refuses the group");
      }
    },
    async statuses(ids) {
      const asked = await askStatuses(rpc, pickSome(ids, STATUSES_A_LOOK, randomUnit()));
      return ids.map((id) => (asked.has(id) ? asked.get(id) : "not_asked"));
    },
    async proveAbsent(transactions) {
      const tip = await rpc.read(statusCall);
      const groups = transactions.flatMap((transaction) => readSentGroup(transaction) ?? []);
      const ended = groups.filter(({ lastValid }) => tip > lastValid);
      if (ended.length === 0) return NOTHING_PROVEN;
      const some = pickSome(ended, PROOFS_A_LOOK, randomUnit());
      const { heard, silent } = await rpc.hearAll("block_txids", (ask) => viewGroups(ask, some));
      const mortal = some.map(({ transactionId, lastValid }) => ({ transactionId, lifetimeEnd: lastValid }));
      const { absent, found, deniers } = judgeAbsence(mortal, heard, configured);
      for (const provider of deniers) rpc.accuse(provider, "denied_landed");
      return { absent: silent.length === 0 ? absent : new Set<string>(), found, silent };
    },
    async landed(transaction) {
      const group = readSentGroup(transaction);
      if (!group) return undefined;
      const { heard } = await rpc.hearAll("pending", (ask) => viewLanding(ask, group));
      const records = heard.flatMap(({ isTrusted, value }) =>
        isTrusted && value.ok ? [recordOf(group, value.value)] : [],
      );
      return judgeLanding(records, configured === 1);
    },
    async balances(addresses) {
      for (let look = 0; look < BALANCE_LOOKS; look += 1) {
        const accounts = await rpc.converse("account", (ask) => askAccounts(ask, addresses));
        const rounds = new Set(Array.from(accounts.values(), ({ round }) => round));
        const [slot] = rounds;
        if (slot !== undefined && rounds.size === 1) {
          return { slot, balances: addresses.map((address) => accounts.get(address)?.amount ?? 0n) };
        }
      }
      throw new AppError("upstream.rpc_unavailable", "The network's node cannot be used at the moment.", {
        retryAfterSeconds: 1,
        cause: new Error("rounds come faster than balances can be read"),
      });
    },
    health: rpc.health,
    ping: rpc.ping,
  };
}
