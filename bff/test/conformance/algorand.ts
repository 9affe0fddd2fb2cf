import { createAlgorandWallet, signGroup } from "@gasless/localnet/algorand-client";
import { startAlgorandLocalnet } from "@gasless/localnet/algorand/server";
import { Algodv2, makePaymentTxnWithSuggestedParamsFromObject } from "algosdk";
import { createAlgorandChain } from "../../src/adapters/chains/algorand/chain.ts";
import { compileAlgorandPolicy } from "../../src/adapters/chains/algorand/policy/compile.ts";
import type { NetworkName } from "../../src/domain/network.ts";
import type { Funded, Subject } from "./subject.ts";

const POLICY = compileAlgorandPolicy({ allow: [{ transaction: "payment" }], maxFee: "5000" });
/** Twenty rounds, and one. */
const LIFE_ROUNDS = 21;
const SPONSOR_MICROALGOS = 10_000_000n;
const toBytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));

/**
 * Algorand: the double, or the algod at `GASLESS_TEST_ALGOD` (such as a LocalNet or a TestNet node), where
 * `GASLESS_TEST_ALGOD_SPONSOR` is the seed of an account with money: 32 bytes in base64.
 */
export async function createAlgorandSubject(): Promise<Subject> {
  const {
    GASLESS_TEST_ALGOD: url,
    GASLESS_TEST_ALGOD_SPONSOR: seed,
    GASLESS_TEST_ALGOD_TOKEN: apiToken = "",
  } = process.env;
  const double = url === undefined ? await startAlgorandLocalnet({ roundMs: 0 }) : undefined;
  const nodeUrl = url ?? double?.url ?? "";
  const algod = new Algodv2(apiToken, nodeUrl);
  const { genesisHash } = await algod.getTransactionParams().do();
  const ownGenesis = Buffer.from(genesisHash ?? []).toString("base64");

  async function pass(rounds: number): Promise<void> {
    if (double) return double.chain.warp(rounds);
    const { lastRound } = await algod.status().do();
    await algod.statusAfterBlock(Number(lastRound) + rounds - 1).do();
  }
  const asFunded = (wallet: ReturnType<typeof createAlgorandWallet>): Funded => ({
    address: wallet.address,
    sign: async (bytes) => wallet.sign(bytes),
  });
  const wallets = new Map<string, ReturnType<typeof createAlgorandWallet>>();
  const create = (from?: Uint8Array): Funded => {
    const wallet = createAlgorandWallet(from);
    wallets.set(wallet.address, wallet);
    return asFunded(wallet);
  };

  const subject: Subject = {
    nodeUrl,
    foreignGenesisHash: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    openChain: ({ url: providerUrl, genesisHash: given = ownGenesis }) =>
      createAlgorandChain({
        network: "algorand:localnet" satisfies NetworkName,
        genesisHash: given,
        providers: [{ name: "node", url: providerUrl, weight: 1, ...(apiToken !== "" && { apiToken }) }],
        nowMs: () => Date.now(),
        randomUnit: () => 0,
        metrics: { count: () => undefined, set: () => undefined },
      }),
    createPerson: async () => create(),
    async createSponsor(isFunded) {
      if (!isFunded) return create();
      if (!double) return create(toBytes(seed ?? ""));
      const sponsor = create();
      double.chain.fund(sponsor.address, SPONSOR_MICROALGOS);
      return sponsor;
    },
    scene: (sponsor, person) => ({
      policy: POLICY,
      sponsorPool: [{ address: sponsor.address, state: "active" }],
      acceptedSponsors: [sponsor.address],
      sessionAddress: person.address,
    }),
    async compose(chain, sponsor, person, tag) {
      const suggestedParams = await algod.getTransactionParams().do();
      const act = makePaymentTxnWithSuggestedParamsFromObject({
        sender: person.address,
        receiver: person.address,
        amount: 0n,
        note: new TextEncoder().encode(tag),
        suggestedParams,
      });
      const prepared = await chain.prepare({
        ...subject.scene(sponsor, person),
        sponsor: sponsor.address,
        transactions: [act.toByte()],
        listLinkedAddresses: async () => [],
        listGiven: async () => new Set(),
      });
      if (!prepared.ok) throw new Error(prepared.reason.detail);
      const unsigned = (prepared.value.transactions ?? []).map((bytes) => Buffer.from(bytes).toString("base64"));
      const signer = wallets.get(person.address);
      return signGroup(unsigned, signer ? [signer] : []).map(toBytes);
    },
    tamper: ([sponsored = new Uint8Array(), ...others]) => [
      sponsored,
      ...others.map((part) => part.with(part.length - 40, (part.at(-40) ?? 0) ^ 1)),
    ],
    send: {
      isSend: ({ method, path }) => method === "POST" && path === "/v2/transactions",
      answer: () => JSON.stringify({ txId: "X" }),
    },
    outlive: () => pass(LIFE_ROUNDS + 1),
    settle: () => pass(1),
    balanceOf: async (chain, address) => (await chain.balances([address])).balances[0] ?? 0n,
    async close() {
      await double?.close();
    },
  };
  return subject;
}
