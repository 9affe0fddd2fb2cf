import { createHash, createPublicKey, verify } from "node:crypto";
import { Address, assignGroupID, decodeSignedTransaction, encodeUnsignedTransaction, type Transaction } from "algosdk";
import { expect, test } from "vitest";
import { type Dapp, makePayment, openConnectedScene, openDapp, openScene } from "./test-support.ts";

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

function isSignedBy(address: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  const x = Buffer.from(Address.fromString(address).publicKey).toString("base64url");
  return verify(null, bytes, createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }), signature);
}

interface Entry {
  readonly transaction: Transaction;
  readonly signers?: readonly string[];
  readonly authAddr?: string;
}

function requestSigning(dapp: Dapp, entries: readonly Entry[]): Promise<unknown> {
  const params = entries.map(({ transaction, ...rest }) => ({
    txn: toBase64(encodeUnsignedTransaction(transaction)),
    ...rest,
  }));
  return dapp.request("algo_signTxn", [params]);
}

async function signOne(dapp: Dapp, entry: Entry): Promise<ReturnType<typeof decodeSignedTransaction>> {
  const [signed = ""] = (await requestSigning(dapp, [entry])) as string[];
  return decodeSignedTransaction(Buffer.from(signed, "base64"));
}

function writeArc60(signer: string, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const claims = { account_address: signer, chain_id: "localnet", domain: "shop.example", type: "ed25519" };
  return {
    data: toBase64(Buffer.from(JSON.stringify(claims))),
    signer,
    domain: "shop.example",
    authenticatorData: toBase64(sha256(Buffer.from("shop.example"))),
    metadata: { scope: 1, encoding: "base64" },
    ...changes,
  };
}

test("a person who says yes gives the dapp their addresses, the first one first", async () => {
  await using scene = await openScene({ seeds: [seed(1), seed(2)] });
  const connected = scene.dapp.next("connect");
  expect(await scene.pera.open(await scene.dapp.ask())).toEqual({
    dapp: { name: "Shop", url: "https://shop.example" },
    chainId: 4_160,
  });
  expect(await connected).toEqual(scene.pera.addresses);
});

test("a deep link of Pera is as good as the address in it", async () => {
  await using scene = await openScene();
  const connected = scene.dapp.next("connect");
  const uri = await scene.dapp.ask();
  await scene.pera.open(`perawallet-wc://wc?uri=${encodeURIComponent(`${uri}&algorand=true`)}&browser=Chrome`);
  expect(await connected).toEqual(scene.pera.addresses);
  await expect(scene.pera.open("https://shop.example/")).rejects.toThrow("no WalletConnect address");
});

test("a person who says no leaves the dapp without a session", async () => {
  await using scene = await openScene({ behaviour: { session: "reject" } });
  const ended = scene.dapp.next("disconnect");
  await scene.pera.open(await scene.dapp.ask());
  expect(await ended).toBeUndefined();
  expect(scene.dapp.connector.connected).toBe(false);
});

test("a person may think about a session and choose one address", async () => {
  await using scene = await openScene({ seeds: [seed(1), seed(2)], behaviour: { session: "hang" } });
  const connected = scene.dapp.next("connect");
  await scene.pera.open(await scene.dapp.ask());
  expect(scene.dapp.connector.connected).toBe(false);
  const chosen = scene.pera.addresses.slice(1);
  scene.pera.approveSession(chosen);
  expect(await connected).toEqual(chosen);
});

test("a session request waits at the bridge for a phone that comes late, and so does its rejection", async () => {
  await using scene = await openScene({ behaviour: { session: "hang" } });
  const uri = await scene.dapp.ask();
  await expect.poll(() => scene.bridge.connections).toBe(1);
  const ended = scene.dapp.next("disconnect");
  await scene.pera.open(uri);
  scene.pera.rejectSession();
  expect(await ended).toBeUndefined();
});

test("a transaction comes back signed by its sender, byte for byte as it was asked for", async () => {
  await using scene = await openConnectedScene();
  const [sender = ""] = scene.pera.addresses;
  const transaction = makePayment(sender);
  const { txn, sig = new Uint8Array(), sgnr } = await signOne(scene.dapp, { transaction });
  expect(toBase64(encodeUnsignedTransaction(txn))).toBe(toBase64(encodeUnsignedTransaction(transaction)));
  expect(isSignedBy(sender, transaction.bytesToSign(), sig)).toBe(true);
  expect(sgnr).toBeUndefined();
  expect(scene.pera.requests.map(({ method }) => method)).toEqual(["algo_signTxn"]);
});

test("in a group, what others sign is null in the answer, or missing with an app that drops it", async () => {
  await using scene = await openConnectedScene();
  const [sender = ""] = scene.pera.addresses;
  const sponsor = new Address(seed(9)).toString();
  const [first, second] = assignGroupID([makePayment(sponsor), makePayment(sender)]);
  if (first === undefined || second === undefined) throw new Error("unreachable");
  const entries = [{ transaction: first, signers: [] }, { transaction: second }];
  expect(await requestSigning(scene.dapp, entries)).toEqual([null, expect.any(String)]);
  scene.pera.behave({ unsigned: "dropped" });
  expect(await requestSigning(scene.dapp, entries)).toEqual([expect.any(String)]);
});

test("after a rekey the auth key signs and says so, and the old one is not claimed any more", async () => {
  await using scene = await openConnectedScene();
  const [sender = ""] = scene.pera.addresses;
  const authAddr = scene.pera.rekey(sender, seed(5));
  const transaction = makePayment(sender);
  const { sig = new Uint8Array(), sgnr } = await signOne(scene.dapp, { transaction, authAddr, signers: [authAddr] });
  expect(sgnr?.toString()).toBe(authAddr);
  expect(isSignedBy(authAddr, transaction.bytesToSign(), sig)).toBe(true);
  await expect(signOne(scene.dapp, { transaction, authAddr: sender })).rejects.toThrow("Invalid signer");
  const message = { data: toBase64(Buffer.from("hello")), message: "", signer: sender, chainId: 4_160 };
  const [signature = ""] = (await scene.dapp.request("algo_signData", [message])) as string[];
  expect(isSignedBy(authAddr, Buffer.from("MXhello"), Buffer.from(signature, "base64"))).toBe(true);
});

test("bytes are signed behind MX, so that they can be no transaction", async () => {
  await using scene = await openConnectedScene({ behaviour: { signData: "legacy" } });
  const [signer = ""] = scene.pera.addresses;
  const message = { data: toBase64(Buffer.from("hello")), message: "Sign in", signer, chainId: 4_160 };
  const signatures = (await scene.dapp.request("algo_signData", [message, message])) as string[];
  expect(signatures).toHaveLength(2);
  for (const signature of signatures) {
    expect(isSignedBy(signer, Buffer.from("MXhello"), Buffer.from(signature, "base64"))).toBe(true);
  }
});

test("an ARC-60 sign-in is signed over both hashes, with whatever follows the domain's hash", async () => {
  await using scene = await openConnectedScene();
  const [signer = ""] = scene.pera.addresses;
  const authenticator = Buffer.concat([sha256(Buffer.from("shop.example")), Buffer.from([5, 0, 0, 0, 1])]);
  const request = writeArc60(signer, { authenticatorData: toBase64(authenticator) });
  const [signature = ""] = (await scene.dapp.request("algo_signData", request)) as string[];
  const signed = Buffer.concat([sha256(Buffer.from(String(request["data"]), "base64")), sha256(authenticator)]);
  expect(isSignedBy(signer, signed, Buffer.from(signature, "base64"))).toBe(true);
});

test.each([
  [
    "another domain than the dapp's",
    { domain: "evil.example", authenticatorData: toBase64(sha256(Buffer.from("evil.example"))) },
  ],
  ["the hash of another domain", { authenticatorData: toBase64(sha256(Buffer.from("evil.example"))) }],
  ["a scope that it does not know", { metadata: { scope: 2, encoding: "base64" } }],
  ["JSON that is not canonical", { data: toBase64(Buffer.from('{"domain":"shop.example","account_address":"x"}')) }],
  ["somebody else's address", { signer: new Address(seed(9)).toString() }],
])("an ARC-60 sign-in with %s is refused", async (_name, changes) => {
  await using scene = await openConnectedScene();
  const [signer = ""] = scene.pera.addresses;
  await expect(scene.dapp.request("algo_signData", writeArc60(signer, changes))).rejects.toThrow();
});

test("older apps refuse what they do not know, or say nothing", async () => {
  await using scene = await openConnectedScene({ behaviour: { signData: "legacy" } });
  const [signer = ""] = scene.pera.addresses;
  const request = (): Promise<unknown> => scene.dapp.request("algo_signData", writeArc60(signer));
  await expect(request()).rejects.toThrow("Invalid data found");
  scene.pera.behave({ signData: "none" });
  await expect(request()).rejects.toThrow("Unsupported operation");
  scene.pera.behave({ signData: "mute" });
  const asked = scene.pera.nextRequest();
  const late = request();
  expect((await asked).method).toBe("algo_signData");
  scene.pera.behave({ signData: "arc60" });
  scene.pera.answerHeld();
  expect(await late).toEqual([expect.any(String)]);
});

test.each([
  ["no base64", "%%%"],
  ["no transaction", toBase64(Buffer.from("hello"))],
  [
    "a transaction that is not canonical",
    toBase64(
      Buffer.concat([encodeUnsignedTransaction(makePayment(new Address(seed(9)).toString())), Buffer.from([0])]),
    ),
  ],
  ["another sender's transaction", toBase64(encodeUnsignedTransaction(makePayment(new Address(seed(9)).toString())))],
])("%s is refused, not signed", async (_name, txn) => {
  await using scene = await openConnectedScene();
  await expect(scene.dapp.request("algo_signTxn", [[{ txn }]])).rejects.toThrow();
});

test("half a group is refused, and so is a multisig", async () => {
  await using scene = await openConnectedScene();
  const [sender = ""] = scene.pera.addresses;
  const [first] = assignGroupID([makePayment(sender), makePayment(sender, sender, 2n)]);
  if (first === undefined) throw new Error("unreachable");
  await expect(requestSigning(scene.dapp, [{ transaction: first }])).rejects.toThrow("incomplete");
  const msig = { version: 1, threshold: 1, addrs: [sender] };
  const txn = toBase64(encodeUnsignedTransaction(makePayment(sender)));
  await expect(scene.dapp.request("algo_signTxn", [[{ txn, msig }]])).rejects.toThrow("Multisig");
});

test("a person may refuse to sign, and sign the next time", async () => {
  await using scene = await openConnectedScene({ behaviour: { signing: "reject" } });
  const [sender = ""] = scene.pera.addresses;
  const entry = { transaction: makePayment(sender) };
  await expect(signOne(scene.dapp, entry)).rejects.toThrow("User rejected");
  scene.pera.behave({ signing: "approve" });
  expect((await signOne(scene.dapp, entry)).sig).toHaveLength(64);
});

test("a person may answer late, or end the session instead", async () => {
  await using scene = await openConnectedScene({ behaviour: { signing: "hang" } });
  const [sender = ""] = scene.pera.addresses;
  const entry = { transaction: makePayment(sender) };
  const asked = scene.pera.nextRequest();
  const late = signOne(scene.dapp, entry);
  await asked;
  scene.pera.answerHeld();
  expect((await late).sig).toHaveLength(64);
  scene.pera.behave({ signing: "disconnect" });
  const ended = scene.dapp.next("disconnect");
  void requestSigning(scene.dapp, [entry]);
  expect(await ended).toBeUndefined();
});

test("the wallet's side ends the session, and the dapp knows", async () => {
  await using scene = await openConnectedScene();
  const ended = scene.dapp.next("disconnect");
  await scene.pera.disconnect();
  expect(await ended).toBeUndefined();
});

test("another address is told to the dapp, and the one before signs no more", async () => {
  await using scene = await openConnectedScene({ seeds: [seed(1), seed(2)] });
  const [first = "", second = ""] = scene.pera.addresses;
  const updated = scene.dapp.next("session_update");
  scene.pera.switchAccount(second);
  expect(await updated).toEqual([second]);
  await expect(signOne(scene.dapp, { transaction: makePayment(first) })).rejects.toThrow("Invalid signer");
  expect((await signOne(scene.dapp, { transaction: makePayment(second) })).sig).toHaveLength(64);
});

test("one phone serves several pages, each with its own session", async () => {
  await using scene = await openConnectedScene();
  const other = openDapp(scene.bridge.url);
  try {
    const connected = other.next("connect");
    await scene.pera.open(await other.ask());
    expect(await connected).toEqual(scene.pera.addresses);
    const [sender = ""] = scene.pera.addresses;
    for (const dapp of [scene.dapp, other]) {
      expect((await signOne(dapp, { transaction: makePayment(sender) })).sig).toHaveLength(64);
    }
  } finally {
    other.close();
  }
});

test("a request made while the phone sleeps is answered when it wakes", async () => {
  await using scene = await openConnectedScene();
  const [sender = ""] = scene.pera.addresses;
  scene.pera.sleep();
  await expect.poll(() => scene.bridge.connections).toBe(1);
  const signed = signOne(scene.dapp, { transaction: makePayment(sender) });
  scene.pera.wake();
  expect((await signed).sig).toHaveLength(64);
});

test("a bridge that was gone for a while costs no session and no request", async () => {
  await using scene = await openConnectedScene();
  const [sender = ""] = scene.pera.addresses;
  await scene.bridge.drop();
  await expect.poll(() => scene.dapp.isOnline()).toBe(false);
  const signed = signOne(scene.dapp, { transaction: makePayment(sender) });
  await scene.bridge.revive();
  expect((await signed).sig).toHaveLength(64);
});
