import { createHash, createPublicKey, verify } from "node:crypto";
import { startAlgorandLocalnet, type AlgorandLocalnet } from "@gasless/localnet/algorand/server";
import { type DemoSite, startDemoSite } from "@gasless/localnet/demo/server";
import { openStampFaucet } from "@gasless/localnet/demo/stamp-faucet";
import { type Bridge, startBridge } from "@gasless/localnet/walletconnect/bridge";
import { type Dapp, makePayment, openDapp } from "@gasless/localnet/walletconnect/test-support";
import { Address, assignGroupID, decodeSignedTransaction, encodeUnsignedTransaction, type Transaction } from "algosdk";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launchChromium } from "../browser/chromium.ts";
import { captureState, expectClean, type PageWatch, watchPage } from "../browser/page-checks.ts";

let browser: Browser;
let net: AlgorandLocalnet;
let bridge: Bridge;
let site: DemoSite;
let dapp: Dapp;
let phone: Page;
let watch: PageWatch;

beforeAll(async () => {
  [browser, net, bridge] = await Promise.all([launchChromium(), startAlgorandLocalnet({ roundMs: 0 }), startBridge()]);
  const algorand = {
    network: "algorand:localnet",
    algodUrl: net.url,
    bridgeUrl: bridge.url,
    faucet: openStampFaucet(net.chain),
  };
  site = await startDemoSite({
    host: "127.0.0.1",
    port: 0,
    api: "http://127.0.0.1:1",
    rpcUrl: "http://127.0.0.1:2",
    network: "solana:localnet",
    publishableKey: "pk_test_phone",
    algorand,
  });
});
afterAll(async () => {
  await site.close();
  await bridge.close();
  await net.close();
  await browser.close();
});
beforeEach(async () => {
  dapp = openDapp(bridge.url);
  phone = await (await browser.newContext({ locale: "en-GB", viewport: { width: 390, height: 760 } })).newPage();
  watch = await watchPage(phone);
});
afterEach(async () => {
  await expectClean(watch, { allowedOrigins: [bridge.url] });
  dapp.close();
  await phone.context().close();
});

const press = (name: "Approve" | "Connect" | "Disconnect" | "Reject") =>
  phone.getByRole("button", { name, exact: true }).click();
const says = (text: string) => phone.getByRole("status").getByText(text).waitFor();
const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

/** Pairs the phone with the dapp; gives the phone's address. */
async function pair(): Promise<string> {
  const connected = dapp.next("connect");
  await phone.goto(`${site.url}/algorand/phone#${encodeURIComponent(await dapp.ask())}`);
  await phone.getByRole("heading", { name: "Connect to Shop" }).waitFor();
  await press("Approve");
  const [address = ""] = (await connected) ?? [];
  return address;
}

function isSignedBy(address: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  const x = Buffer.from(Address.fromString(address).publicKey).toString("base64url");
  return verify(null, bytes, createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }), signature);
}

function requestSigning(transactions: readonly Transaction[], own: string): Promise<unknown> {
  const entries = transactions.map((transaction) => ({
    txn: toBase64(encodeUnsignedTransaction(transaction)),
    ...(transaction.sender.toString() !== own && { signers: [] }),
  }));
  return dapp.request("algo_signTxn", [entries]);
}

test("a pasted link pairs it, and it shows to whom", { timeout: 90_000 }, async () => {
  const connected = dapp.next("connect");
  await phone.goto(`${site.url}/algorand/phone`);
  await phone
    .locator("#address")
    .getByText(/^[A-Z2-7]{58}$/)
    .waitFor();
  await captureState(phone, "phone-start");
  await phone.getByRole("textbox").fill("https://shop.example/not-a-link");
  await press("Connect");
  await says("This is no link to connect a wallet with");
  await phone.getByRole("textbox").fill(await dapp.ask());
  await press("Connect");
  await phone.getByRole("heading", { name: "Connect to Shop" }).waitFor();
  await captureState(phone, "phone-connect");
  await press("Approve");
  expect(await connected).toEqual([await phone.locator("#address").textContent()]);
  await phone.getByText("Shop, shop.example").waitFor();
  await captureState(phone, "phone-connected");
});

test("a link that nobody waits behind is told to be an old one", async () => {
  const uri = `wc:${crypto.randomUUID()}@1?bridge=${encodeURIComponent(bridge.url)}&key=${"ab".repeat(32)}`;
  await phone.clock.install();
  await phone.goto(`${site.url}/algorand/phone#${encodeURIComponent(uri)}`);
  await says("Looking for the page…");
  await phone.clock.fastForward(15_000);
  await says("Nobody asks for a wallet at that link any more.");
});

test("who says no to a page stays a stranger to it", async () => {
  const ended = dapp.next("disconnect");
  await phone.goto(`${site.url}/algorand/phone#${encodeURIComponent(await dapp.ask())}`);
  await press("Reject");
  expect(await ended).toBeUndefined();
  await says("You said no.");
});

test("a group is told in plain words, and only the own transaction is signed", { timeout: 90_000 }, async () => {
  const address = await pair();
  const sponsor = new Address(new Uint8Array(32).fill(9)).toString();
  const gift = makePayment(sponsor, address, 200_000n);
  gift.fee = 2_000n;
  const own = makePayment(address, sponsor, 5n);
  const answered = requestSigning(assignGroupID([gift, own]), address);
  await phone.getByRole("heading", { name: "Sign a group of 2 transactions" }).waitFor();
  const lines = await phone.getByRole("dialog").getByRole("listitem").allTextContents();
  expect(lines).toEqual([
    expect.stringMatching(/^BEEQ….{4} gives you 0\.2 ALGO\.$/),
    expect.stringMatching(/^Send 0\.000005 ALGO to BEEQ….{4}\.$/),
    expect.stringMatching(/^The network fee of 0\.002 ALGO is paid by BEEQ….{4}\. You pay nothing\.$/),
  ]);
  await captureState(phone, "phone-sign");
  await press("Approve");
  const [unsigned, signed] = (await answered) as [null, string];
  expect(unsigned).toBeNull();
  const { txn, sig = new Uint8Array() } = decodeSignedTransaction(Buffer.from(signed, "base64"));
  expect(toBase64(encodeUnsignedTransaction(txn))).toBe(toBase64(encodeUnsignedTransaction(own)));
  expect(isSignedBy(address, own.bytesToSign(), sig)).toBe(true);
  await says("Signed. Go back to the page.");
});

test("a sign-in shows its claims, a message its text, and both are signed as Pera would", async () => {
  const signer = await pair();
  const claims = { account_address: signer, chain_id: "localnet", domain: "shop.example", type: "ed25519" };
  const data = Buffer.from(JSON.stringify(claims));
  const authenticator = sha256(Buffer.from("shop.example"));
  const signInRequest = {
    data: toBase64(data),
    signer,
    domain: "shop.example",
    authenticatorData: toBase64(authenticator),
    metadata: { scope: 1, encoding: "base64" },
  };
  const signIn = dapp.request("algo_signData", signInRequest);
  await phone.getByRole("region").getByText("domain: shop.example").waitFor();
  await press("Approve");
  const [proof = ""] = (await signIn) as string[];
  const signed = Buffer.concat([sha256(data), sha256(authenticator)]);
  expect(isSignedBy(signer, signed, Buffer.from(proof, "base64"))).toBe(true);

  const entry = { data: toBase64(Buffer.from("hello from a shop")), message: "", signer, chainId: 4_160 };
  const message = dapp.request("algo_signData", [entry]);
  await phone.getByRole("region").getByText("hello from a shop").waitFor();
  await press("Approve");
  const [signature = ""] = (await message) as string[];
  expect(isSignedBy(signer, Buffer.from("MXhello from a shop"), Buffer.from(signature, "base64"))).toBe(true);

  const foreign = { ...signInRequest, domain: "evil.example" };
  await expect(dapp.request("algo_signData", foreign)).rejects.toThrow("asks in the name of evil.example");
});

test("a no is told to the page, half a group is refused unseen", async () => {
  const address = await pair();
  const answered = requestSigning([makePayment(address)], address);
  const [half] = assignGroupID([makePayment(address), makePayment(address, address, 2n)]);
  // Awaited from the start: the answer may be here before the click is over.
  const refused = expect(answered).rejects.toThrow("User rejected");
  await press("Reject");
  await refused;
  await expect(requestSigning(half === undefined ? [] : [half], address)).rejects.toThrow("incomplete");
});

test("after a reload it is the same wallet, still connected, and ends the session when told to", async () => {
  const address = await pair();
  await phone.reload();
  await phone.getByText("Shop, shop.example").waitFor();
  expect(await phone.locator("#address").textContent()).toBe(address);
  const answered = requestSigning([makePayment(address)], address);
  await press("Approve");
  expect(await answered).toEqual([expect.any(String)]);
  const ended = dapp.next("disconnect");
  await press("Disconnect");
  expect(await ended).toBeUndefined();
  await phone.getByRole("textbox").waitFor();
});

test("a page that leaves takes its question with it", async () => {
  const address = await pair();
  const answered = requestSigning([makePayment(address)], address).catch(() => undefined);
  await phone.getByRole("dialog").waitFor();
  await dapp.connector.killSession();
  await phone.getByRole("dialog").waitFor({ state: "hidden" });
  await says("Disconnected.");
  void answered;
});
