import { describe, expect, test } from "vitest";
import {
  forgeForSmallOrderKey,
  signWithIdentityAsR,
  stretchScalar,
} from "../../../../../test/support/ed25519-forgeries.ts";
import { algorandKey } from "../../../../../test/support/algorand-keys.ts";
import { FRIEND, STRANGER, USER } from "../../../../../test/support/algorand-groups.ts";
import {
  ALGORAND_METHODS,
  algorandChallenge,
  type AlgorandMethod,
  domainHash,
  GENESIS,
  proveAlgorand,
  signArc60,
  signTransaction,
} from "../../../../../test/support/algorand-sign-ins.ts";
import arc60 from "../../../../../test/vectors/algorand/arc60_vectors.json" with { type: "json" };
import arc14 from "../../../../../test/vectors/algorand/arc14_sigtx_example.json" with { type: "json" };
import mx from "../../../../../test/vectors/algorand/mx_signbytes_algosdk.json" with { type: "json" };
import { concatBytes } from "../../../../domain/bytes.ts";
import type { SignInChallenge, SignInProof } from "../../../../domain/sign-in.ts";
import { verifyEd25519 } from "../../ed25519.ts";
import { parseAddress, publicKeyOf, ZERO_ADDRESS } from "../address.ts";
import { decodeMsgpackMaps, encodeMsgpack, isMap, type MsgpackMap } from "../msgpack.ts";
import { signedBytesOf } from "../group/transaction-id.ts";
import { sha256, writeSiwaData } from "./siwa.ts";
import { verifyProof } from "./verify-proof.ts";
import { writeZeroTransaction } from "./zero-transaction.ts";

const ofHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const ofBase64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));

const verify = (challenge: SignInChallenge, proof: SignInProof, key = USER.publicKey, genesisHash = GENESIS) =>
  verifyProof({ challenge, genesisHash, proof, key });
const challengeOf = (method: AlgorandMethod, changes = {}): SignInChallenge =>
  algorandChallenge(method, USER.address, changes);
const prove = (method: AlgorandMethod, changes: Partial<SignInProof> = {}): SignInProof => ({
  ...proveAlgorand(challengeOf(method), USER.address, USER),
  ...changes,
});

describe.each(ALGORAND_METHODS)("a proof by %s", (method) => {
  test("is one of its own challenge, by the key of its address", async () => {
    expect(await verify(challengeOf(method), prove(method))).toBe("proven");
  });

  test("is one by the key that signs for a rekeyed account, and by that alone", async () => {
    const proof = proveAlgorand(challengeOf(method), USER.address, STRANGER);
    expect(await verify(challengeOf(method), proof, STRANGER.publicKey)).toBe("proven");
    expect(await verify(challengeOf(method), proof)).toBe("unproven");
    expect(await verify(challengeOf(method), prove(method), STRANGER.publicKey)).toBe("unproven");
  });

  test("is none of a challenge with another nonce, page, or statement", async () => {
    for (const changes of [
      { nonce: "00fe" },
      { origin: "https://evil.example" },
      { origin: "https://dapp.example:444" },
      { statement: "Sign." },
    ]) {
      expect(await verify(challengeOf(method, changes), prove(method))).toBe("unproven");
    }
  });

  test("is none for another address, by whichever key it may be", async () => {
    const foreign = algorandChallenge(method, FRIEND.address);
    for (const key of [USER, FRIEND]) {
      expect(await verify(foreign, prove(method, { address: FRIEND.address }), key.publicKey)).toBe("unproven");
      const own = proveAlgorand(foreign, FRIEND.address, key);
      expect(await verify(challengeOf(method), { ...own, address: USER.address }, key.publicKey)).toBe("unproven");
    }
  });

  test("is none by another method", async () => {
    for (const other of ALGORAND_METHODS.filter((name) => name !== method)) {
      expect(await verify(challengeOf(other), prove(method))).toBe("unproven");
    }
    for (const other of ["siws", "message", "local", "siwe", "memo-transaction"] as const) {
      expect(await verify({ ...challengeOf(method), method: other }, prove(method))).toBe("unproven");
    }
  });

  test("is none with a signature that has a bit flipped, another length, or another S of the same meaning", async () => {
    const { signature } = prove(method);
    const wrong = [
      signature.with(0, (signature[0] ?? 0) ^ 1),
      signature.with(63, (signature[63] ?? 0) ^ 0x10),
      signature.subarray(0, 63),
      new Uint8Array([...signature, 0]),
      new Uint8Array(),
      new Uint8Array(64),
      Uint8Array.from(stretchScalar(signature)),
    ];
    for (const bytes of wrong)
      expect(await verify(challengeOf(method), prove(method, { signature: bytes }))).toBe("unproven");
  });
});

describe("arc60", () => {
  const challenge = challengeOf("arc60");
  const data = writeSiwaData(challenge.fields, USER.address);
  const own = domainHash(challenge);
  const withFlags = Uint8Array.from([...own, 0x1d, 0, 0, 0, 7]);
  const answer = (authenticatorData: Uint8Array, signedMessage?: Uint8Array, signedData = data): SignInProof =>
    prove("arc60", { signature: signArc60(USER, signedData, authenticatorData), signedMessage });

  test.each([
    ["nothing, where it signed what the challenge gave", own, undefined],
    ["the authenticator's data as the challenge gave it", own, own],
    ["the authenticator's data with flags and a counter", withFlags, withFlags],
    ["the object itself", own, data],
    ["the object and the authenticator's data behind it", withFlags, concatBytes(data, withFlags)],
    [
      "as much as an authenticator may say",
      Uint8Array.from([...own, ...new Uint8Array(480)]),
      Uint8Array.from([...own, ...new Uint8Array(480)]),
    ],
  ])("takes a wallet that gives back %s", async (_name, authenticatorData, signedMessage) => {
    expect(await verify(challenge, answer(authenticatorData, signedMessage))).toBe("proven");
  });

  const foreign = domainHash(challengeOf("arc60", { origin: "https://evil.example" }));
  const otherData = writeSiwaData(challengeOf("arc60", { nonce: "0001" }).fields, USER.address);

  test.each([
    ["another page's hash", answer(foreign, foreign)],
    ["another page's hash that is not given back", answer(foreign)],
    ["flags that are not given back", answer(withFlags)],
    ["flags that are given back and were not signed", answer(own, withFlags)],
    [
      "our hash behind another page's",
      answer(Uint8Array.from([...foreign, ...own]), Uint8Array.from([...foreign, ...own])),
    ],
    ["half of our hash", answer(own.subarray(0, 31), own.subarray(0, 31))],
    ["nothing where its data belong", answer(new Uint8Array(), new Uint8Array())],
    ["the object and nothing behind it but a hash of another page", answer(foreign, concatBytes(data, foreign))],
    [
      "more than an authenticator may say",
      answer(Uint8Array.from([...own, ...new Uint8Array(481)]), Uint8Array.from([...own, ...new Uint8Array(481)])),
    ],
    ["another object that it signed and gives back", answer(own, otherData, otherData)],
    ["another object that it signed, in place of ours", answer(own, undefined, otherData)],
  ])("refuses a wallet with %s", async (_name, proof) => {
    expect(await verify(challenge, proof)).toBe("unproven");
  });

  test("signs hashes: neither the bytes themselves nor their one hash are a proof", async () => {
    const plain = concatBytes(data, own);
    for (const message of [plain, await sha256(plain), concatBytes(await sha256(data), own)]) {
      expect(await verify(challenge, prove("arc60", { signature: USER.sign(message) }))).toBe("unproven");
    }
  });

  const signed = arc60.flatMap(({ output }) => (output ? [output.signResponse] : []));

  test.each(signed.map((response, index) => ({ index, response })))(
    "vector $index of the ARC verifies over its two hashes, and no other",
    async ({ response }) => {
      const vectorData = ofBase64(response.data);
      // The vectors leave leading zeroes of a byte out.
      const authenticatorData = ofHex(
        response.authenticationData.padStart(2 * Math.ceil(response.authenticationData.length / 2), "0"),
      );
      const message = concatBytes(await sha256(vectorData), await sha256(authenticatorData));
      expect(await verifyEd25519(ofHex(response.signer), message, ofHex(response.signature))).toBe(true);
      const swapped = concatBytes(await sha256(authenticatorData), await sha256(vectorData));
      expect(await verifyEd25519(ofHex(response.signer), swapped, ofHex(response.signature))).toBe(false);
    },
  );

  test("there are vectors", () => {
    expect(signed).toHaveLength(4);
  });
});

describe("mx", () => {
  const key = publicKeyOf(mx.address) ?? new Uint8Array();

  test.each(mx.vectors)(
    "verifies what algosdk signs: $message_utf8",
    async ({ message_utf8: text, signature_hex: signature }) => {
      const challenge = { ...challengeOf("mx"), text };
      for (const spelling of [mx.address, ...mx.non_canonical_address_variants_that_must_be_rejected_or_normalised]) {
        const address = parseAddress(spelling) ?? "";
        const proof = prove("mx", { address, signature: ofHex(signature) });
        expect(await verify(challenge, proof, publicKeyOf(spelling))).toBe("proven");
        expect(await verify({ ...challenge, text: `${text} ` }, proof, key)).toBe("unproven");
      }
    },
  );

  const bytes = new TextEncoder().encode(challengeOf("mx").text);

  test("takes a wallet that gives back the text, with its tag or without, and no other bytes", async () => {
    const tagged = concatBytes(new TextEncoder().encode("MX"), bytes);
    for (const signedMessage of [bytes, tagged]) {
      expect(await verify(challengeOf("mx"), prove("mx", { signedMessage }))).toBe("proven");
    }
    for (const signedMessage of [new Uint8Array(), bytes.subarray(1), concatBytes(tagged, Uint8Array.of(0))]) {
      expect(await verify(challengeOf("mx"), prove("mx", { signedMessage }))).toBe("unproven");
    }
  });

  test("is signed behind its tag: the text alone, or as a transaction, is no proof", async () => {
    for (const signature of [USER.sign(bytes), USER.sign(signedBytesOf(bytes))]) {
      expect(await verify(challengeOf("mx"), prove("mx", { signature }))).toBe("unproven");
    }
  });
});

describe("zero-transaction", () => {
  const challenge = challengeOf("zero-transaction");
  const transaction = writeZeroTransaction(USER.address, GENESIS, challenge.text) ?? new Uint8Array();
  const read = decodeMsgpackMaps(transaction);
  const fields = read.ok ? (read.value[0]?.value ?? {}) : {};
  const { sig, signed } = signTransaction(USER, transaction);
  const other = new Uint8Array(32).fill(5);

  test("without the signed transaction is no proof, though the signature fits", async () => {
    expect(await verify(challenge, prove("zero-transaction", { transaction: undefined }))).toBe("unproven");
  });

  test("of another network is no proof", async () => {
    const proof = proveAlgorand(challenge, USER.address, USER);
    expect(await verify(challenge, proof, USER.publicKey, Buffer.from(other).toString("base64"))).toBe("unproven");
  });

  test.each<[string, MsgpackMap]>([
    ["an amount", { ...fields, amt: 1n }],
    ["a fee", { ...fields, fee: 1_000n }],
    ["another receiver", { ...fields, rcv: other }],
    ["another sender", { ...fields, snd: other }],
    ["a rekey", { ...fields, rekey: other }],
    ["a close", { ...fields, close: other }],
    ["a lease", { ...fields, lx: other }],
    ["a group", { ...fields, grp: other }],
    ["rounds in which it could land", { ...fields, fv: 1_000n, lv: 2_000n }],
    ["another network", { ...fields, gh: other }],
    ["a network's name", { ...fields, gen: "mainnet-v1.0" }],
    [
      "another text",
      { ...fields, note: new TextEncoder().encode(challengeOf("zero-transaction", { nonce: "1" }).text) },
    ],
    ["another type", { ...fields, type: "axfer" }],
  ])("with %s is no proof, though the wallet has signed just that", async (_name, changed) => {
    const dishonest = signTransaction(USER, encodeMsgpack(changed));
    expect(
      await verify(challenge, prove("zero-transaction", { signature: dishonest.sig, transaction: dishonest.signed })),
    ).toBe("unproven");
  });

  test.each<[string, Uint8Array]>([
    ["unsigned", transaction],
    ["unsigned in the form of a signed one", encodeMsgpack({ txn: fields })],
    ["with another signature than the one that is sent", encodeMsgpack({ sig: sig.with(1, 1), txn: fields })],
    ["with a signature that is text", encodeMsgpack({ sig: "x", txn: fields })],
    ["with a field beside the signature", encodeMsgpack({ sig, txn: fields, zz: 1n })],
    ["with somebody else's auth address", encodeMsgpack({ sgnr: STRANGER.publicKey, sig, txn: fields })],
    ["with an auth address that is text", encodeMsgpack({ sgnr: STRANGER.address, sig, txn: fields })],
    ["with a transaction that is text", encodeMsgpack({ sig, txn: "x" })],
    ["twice", concatBytes(signed, signed)],
    ["with a byte behind it", concatBytes(signed, Uint8Array.of(0))],
    ["cut off", signed.subarray(0, -1)],
    ["as nothing", new Uint8Array()],
  ])("%s is no proof", async (_name, bytes) => {
    expect(await verify(challenge, prove("zero-transaction", { transaction: bytes }))).toBe("unproven");
  });

  test.each(["msig", "lsig", "pqsig"])(
    "signed by %s is told to be unsupported, and only where it is the challenge's own",
    async (kind) => {
      const by = (txn: MsgpackMap) =>
        prove("zero-transaction", { transaction: encodeMsgpack({ [kind]: { v: 1n }, txn }) });
      expect(await verify(challenge, by(fields))).toBe("unsupported");
      expect(await verify(challenge, by({ ...fields, note: new Uint8Array([1]) }))).toBe("unproven");
    },
  );

  test("as ARC-14's example has a signature that verifies, and proves nothing here", async () => {
    const example = ofBase64(arc14.authorization.replace("SigTx ", ""));
    const map = decodeMsgpackMaps(example);
    const { sig: signature, txn } = map.ok ? (map.value[0]?.value ?? {}) : {};
    if (!isMap(txn) || !(signature instanceof Uint8Array) || !(txn["snd"] instanceof Uint8Array))
      throw new Error("the vector is another");
    expect(await verifyEd25519(txn["snd"], signedBytesOf(encodeMsgpack(txn)), signature)).toBe(true);
    expect(await verify(challenge, prove("zero-transaction", { signature, transaction: example }), txn["snd"])).toBe(
      "unproven",
    );
  });
});

describe("a signature that anybody can make opens nothing:", () => {
  test.each(ALGORAND_METHODS)("%s by the zero address, whose key is of small order", async (method) => {
    const challenge = algorandChallenge(method, ZERO_ADDRESS);
    const zero = new Uint8Array(32);
    const forging = {
      ...algorandKey("nobody"),
      address: ZERO_ADDRESS,
      publicKey: zero,
      sign: (message: Uint8Array) => Uint8Array.from(forgeForSmallOrderKey(zero, message)),
    };
    expect(await verify(challenge, proveAlgorand(challenge, ZERO_ADDRESS, forging), zero)).toBe("unproven");
  });

  test.each(ALGORAND_METHODS)("%s by its owner with the identity as R", async (method) => {
    const challenge = challengeOf(method);
    const forging = {
      ...USER,
      sign: (message: Uint8Array) => Uint8Array.from(signWithIdentityAsR(USER.seed, message)),
    };
    expect(await verify(challenge, proveAlgorand(challenge, USER.address, forging))).toBe("unproven");
  });
});
