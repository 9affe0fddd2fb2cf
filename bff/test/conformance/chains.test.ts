import { type HttpProxy, startHttpProxy } from "@gasless/localnet/faults/http-proxy";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReadTransaction, SponsoredTransaction } from "../../src/domain/chain-transaction.ts";
import type { TransactionStatus } from "../../src/domain/relay.ts";
import type { ChainPort } from "../../src/ports.ts";
import { createAlgorandSubject } from "./algorand.ts";
import { createSolanaSubject } from "./solana.ts";
import type { Funded, Subject } from "./subject.ts";

/** A real network makes blocks at its own pace. */
const PATIENCE_MS = 180_000;
const NO_FLOOR = 0n;

describe.each([
  ["Solana", createSolanaSubject],
  ["Algorand", createAlgorandSubject],
])("a chain of %s", (_name, createSubject) => {
  let subject: Subject;
  let proxy: HttpProxy;
  let chain: ChainPort;
  let sponsor: Funded;
  let person: Funded;
  beforeAll(async () => {
    subject = await createSubject();
    proxy = await startHttpProxy({ targetUrl: subject.nodeUrl });
    chain = subject.openChain({ url: proxy.url });
    [sponsor, person] = [await subject.createSponsor(true), await subject.createPerson()];
  }, PATIENCE_MS);
  afterAll(async () => {
    await proxy.close();
    await subject.close();
  });

  function read(parts: readonly Uint8Array[], payer = sponsor): ReadTransaction {
    const transaction = chain.read(parts, subject.scene(payer, person));
    if (!transaction.ok) throw new Error(transaction.reason.detail);
    return transaction.value;
  }

  /** Everything but SQL: both lines of defence, and the sponsor's signature. */
  async function sponsorAct(tag: string): Promise<SponsoredTransaction & { readonly lifetimeEnd: bigint }> {
    const transaction = read(await subject.compose(chain, sponsor, person, tag));
    expect(await transaction.judge()).toBeUndefined();
    const simulated = await transaction.simulate();
    if (!simulated.ok) throw new Error(simulated.reason.detail);
    expect(simulated.value.judge(NO_FLOOR)).toBeUndefined();
    const { lifetimeEnd } = simulated.value;
    return { ...transaction.attachSignature(await sponsor.sign(transaction.sponsorMessage)), lifetimeEnd };
  }

  async function statusOf(transactionId: string): Promise<TransactionStatus | "not_asked" | undefined> {
    const [status] = await chain.statuses([transactionId]);
    return status;
  }

  test(
    "sponsor: a person who owns nothing acts, and the sponsor loses what was quoted",
    { timeout: PATIENCE_MS },
    async () => {
      const before = await subject.balanceOf(chain, sponsor.address);
      const { cost } = read(await subject.compose(chain, sponsor, person, "quoted"));
      const sent = await sponsorAct("sponsor");
      await chain.send(sent.wire);
      await subject.settle();
      expect(await statusOf(sent.transactionId)).toMatchObject({ commitment: "finalized" });
      const landed = await chain.landed(sent);
      expect(landed).toMatchObject({ error: null, fee: cost.fee, feePayerLoss: cost.fee, isAgreed: true });
      expect(before - (await subject.balanceOf(chain, sponsor.address))).toBe(cost.fee);
    },
  );

  test("replay: what has landed lands once, however often it is sent", { timeout: PATIENCE_MS }, async () => {
    const sent = await sponsorAct("replay");
    await chain.send(sent.wire);
    await subject.settle();
    const once = await subject.balanceOf(chain, sponsor.address);
    await chain.send(sent.wire).catch(() => undefined);
    await subject.settle();
    expect(await subject.balanceOf(chain, sponsor.address)).toBe(once);
  });

  test("tamper: a byte of what the person has signed is enough to be refused", { timeout: PATIENCE_MS }, async () => {
    const parts = subject.tamper(await subject.compose(chain, sponsor, person, "tamper"));
    const transaction = chain.read(parts, subject.scene(sponsor, person));
    const refusal = transaction.ok ? await transaction.value.judge() : transaction.reason;
    expect(refusal?.code).toMatch(/^transaction\.(?:signature_invalid|malformed)$/);
  });

  test(
    "expiry: what has outlived its life is refused, and proven never to land",
    { timeout: PATIENCE_MS },
    async () => {
      const parts = await subject.compose(chain, sponsor, person, "expiry");
      const unsent = await sponsorAct("never sent");
      await subject.outlive();
      const simulated = await read(parts).simulate();
      const refusal = simulated.ok ? simulated.value.judge(NO_FLOOR) : simulated.reason;
      expect(refusal?.code).toBe("transaction.expired");
      expect(await chain.proveAbsent([unsent])).toMatchObject({ absent: new Set([unsent.transactionId]), silent: [] });
    },
  );

  test(
    "underfunded: a sponsor without money pays for nothing, and it is said that it is the sponsor",
    { timeout: PATIENCE_MS },
    async () => {
      const poor = await subject.createSponsor(false);
      const simulated = await read(await subject.compose(chain, poor, person, "poor"), poor).simulate();
      const refusal = simulated.ok ? simulated.value.judge(NO_FLOOR) : simulated.reason;
      expect(refusal?.code).toBe("sponsor.underfunded");
    },
  );

  test("drop and resend: a send that got lost lands when it is repeated, once", { timeout: PATIENCE_MS }, async () => {
    const sent = await sponsorAct("drop");
    const before = await subject.balanceOf(chain, sponsor.address);
    proxy.onRequest((request) =>
      subject.send.isSend(request)
        ? { status: 200, body: subject.send.answer(request), headers: { "content-type": "application/json" } }
        : "forward",
    );
    await chain.send(sent.wire);
    await subject.settle();
    proxy.onRequest(undefined);
    expect(await statusOf(sent.transactionId)).toBeUndefined();
    expect(await subject.balanceOf(chain, sponsor.address)).toBe(before);
    await chain.send(sent.wire);
    await subject.settle();
    expect(await statusOf(sent.transactionId)).toMatchObject({ commitment: "finalized" });
    const fee = before - (await subject.balanceOf(chain, sponsor.address));
    expect((await chain.landed(sent))?.fee).toBe(fee);
  });

  test("wrong genesis: a node of another network is not believed", async () => {
    const foreign = subject.openChain({ url: proxy.url, genesisHash: subject.foreignGenesisHash });
    await expect(foreign.ping()).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
    await expect(foreign.send(new Uint8Array([1]))).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
  });
});
