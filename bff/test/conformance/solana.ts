import { buildTransaction, memoBy, type Prepared } from "@gasless/localnet/api-client";
import { startSolanaLocalnet } from "@gasless/localnet/solana/server";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import { address } from "@solana/kit";
import { createSolanaChain } from "../../src/adapters/chains/solana/chain.ts";
import { compilePolicy } from "../../src/domain/policy/compile.ts";
import { MEMO_PROGRAMS } from "../../src/domain/policy/programs/known-programs.ts";
import type { Subject } from "./subject.ts";

const POLICY = compilePolicy({
  allow: MEMO_PROGRAMS.map((program) => ({ program, instruction: "memo" })),
  maxSignatures: 3,
  maxFee: "25000",
  maxComputeUnits: 200_000,
  maxComputeUnitPrice: "50000",
});
/** A blockhash lives for 150 blocks; then whoever is finalized must be past it too. */
const LIFE_SLOTS = 200;
const FINALITY_DEPTH = 4;
const SPONSOR_LAMPORTS = 100_000_000;

/**
 * Solana: the local SVM, or the node at `GASLESS_TEST_SOLANA` (such as devnet), where `GASLESS_TEST_SOLANA_SPONSOR` is the
 * seed of a wallet with money: 32 bytes in base64.
 */
export async function createSolanaSubject(): Promise<Subject> {
  const { GASLESS_TEST_SOLANA: url, GASLESS_TEST_SOLANA_SPONSOR: seed } = process.env;
  const local = url === undefined ? await startSolanaLocalnet({ slotMs: 0, finalityDepth: FINALITY_DEPTH }) : undefined;
  const nodeUrl = url ?? local?.httpUrl ?? "";

  async function call<Result>(method: string, params: readonly unknown[] = []): Promise<Result> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(nodeUrl, { method: "POST", headers, body });
    return ((await answer.json()) as { result: Result }).result;
  }
  async function pass(slots: number): Promise<void> {
    if (local) return local.chain.warp(slots);
    const until = (await call<number>("getSlot", [{ commitment: "finalized" }])) + slots;
    while ((await call<number>("getSlot", [{ commitment: "finalized" }])) < until) await call("getHealth");
  }
  const ownGenesis = await call<string>("getGenesisHash");
  const wallets = new Map<string, LocalWallet>();
  const create = async (from?: Uint8Array): Promise<LocalWallet> => {
    const wallet = await createWallet(from);
    wallets.set(wallet.address, wallet);
    return wallet;
  };

  const subject: Subject = {
    nodeUrl,
    foreignGenesisHash: "4uhcVJyU9pJkvQyS88uRDiswHYSGkfXoQcHqGx8hFZ2b",
    openChain: ({ url: providerUrl, genesisHash = ownGenesis }) =>
      createSolanaChain({
        network: "solana:localnet",
        genesisHash,
        providers: [{ name: "node", url: providerUrl, weight: 1 }],
        nowMs: () => Date.now(),
        randomUnit: () => 0,
        metrics: { count: () => undefined, set: () => undefined },
      }),
    createPerson: () => create(),
    async createSponsor(isFunded) {
      if (!isFunded) return create();
      if (!local) return create(Uint8Array.from(Buffer.from(seed ?? "", "base64")));
      const sponsor = await create();
      await call("requestAirdrop", [sponsor.address, SPONSOR_LAMPORTS]);
      local.chain.finalize();
      return sponsor;
    },
    scene: (sponsor, person) => ({
      policy: POLICY,
      sponsorPool: [{ address: sponsor.address, state: "active" }],
      acceptedSponsors: [sponsor.address],
      sessionAddress: person.address,
    }),
    async compose(chain, sponsor, person, tag) {
      const prepared = await chain.prepare({
        ...subject.scene(sponsor, person),
        sponsor: sponsor.address,
        transactions: [],
        listLinkedAddresses: async () => [],
        listGiven: async () => new Set(),
      });
      const wallet = wallets.get(person.address);
      if (!prepared.ok || !wallet) throw new Error("nothing can be composed");
      const lifetime = prepared.value.lifetime as Prepared["lifetime"];
      return [
        await buildTransaction({ feePayer: address(sponsor.address), lifetime }, [memoBy(wallet, tag)], [wallet]),
      ];
    },
    tamper: (parts) => parts.map((part) => part.with(part.length - 1, (part.at(-1) ?? 0) ^ 1)),
    send: {
      isSend: ({ body }) => body.includes('"sendTransaction"'),
      answer: () => JSON.stringify({ jsonrpc: "2.0", id: 1, result: "1".repeat(88) }),
    },
    outlive: () => pass(LIFE_SLOTS),
    settle: () => pass(FINALITY_DEPTH + 1),
    balanceOf: async (chain, account) => (await chain.balances([account])).balances[0] ?? 0n,
    async close() {
      await local?.close();
    },
  };
  return subject;
}
