import * as algosdk from "algosdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAddress } from "../../src/adapters/chains/algorand/address.ts";
import type { SignInProof } from "../../src/domain/sign-in.ts";
import type { AlgorandCase, SignatureCase } from "../support/adapter-worker.ts";
import { type AdapterWorkerd, startAdapterWorkerd } from "../support/adapter-workerd.ts";
import { calls, FRIEND, optsIn, pays, sketchGroup, STRANGER, USER } from "../support/algorand-groups.ts";
import { drawGroup } from "../support/algorand-draw.ts";
import { algorandKey } from "../support/algorand-keys.ts";
import { ALGORAND_METHODS, algorandChallenge, GENESIS, proveAlgorand } from "../support/algorand-sign-ins.ts";
import { forgeForSmallOrderKey } from "../support/ed25519-forgeries.ts";
import { createRandom } from "../simulation/random.ts";
import arc14 from "../vectors/algorand/arc14_sigtx_example.json" with { type: "json" };
import arc60 from "../vectors/algorand/arc60_vectors.json" with { type: "json" };
import mx from "../vectors/algorand/mx_signbytes_algosdk.json" with { type: "json" };

let workerd: AdapterWorkerd;
beforeAll(async () => {
  workerd = await startAdapterWorkerd();
});
afterAll(() => workerd.stop());

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const ofHex = (hex: string): Buffer => Buffer.from(hex.padStart(2 * Math.ceil(hex.length / 2), "0"), "hex");
const sha256 = async (bytes: Uint8Array): Promise<Buffer> =>
  Buffer.from(await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes)));

const caseOf = (
  challenge: AlgorandCase["challenge"],
  { address, signature, signedMessage, transaction }: SignInProof,
  key: Uint8Array,
): AlgorandCase => ({
  challenge,
  genesisHash: GENESIS,
  key: encode(key),
  address,
  signature: encode(signature),
  signedMessage: signedMessage && encode(signedMessage),
  transaction: transaction && encode(transaction),
});

const askSignIns = (cases: readonly AlgorandCase[]) => workerd.ask<string[]>({ kind: "algorand-sign-ins", cases });
const askSignatures = (cases: readonly SignatureCase[]) => workerd.ask<boolean[]>({ kind: "signatures", cases });
const askGroups = (groups: readonly Uint8Array[]) =>
  workerd.ask<{ groupId: string; ids: string[]; signed: [number, boolean][]; code?: string }[]>({
    kind: "algorand-groups",
    groups: groups.map(encode),
  });

describe("signatures of others, in workerd,", () => {
  test("are genuine over ARC-60's two hashes, and over nothing else", async () => {
    const signed = arc60.flatMap(({ output }) => (output ? [output.signResponse] : []));
    const cases = await Promise.all(
      signed.map(async ({ data, signer, authenticationData, signature }) => {
        const hashes = [await sha256(Buffer.from(data, "base64")), await sha256(ofHex(authenticationData))];
        const message = encode(Buffer.concat(hashes));
        return { publicKey: encode(ofHex(signer)), message, signature: encode(ofHex(signature)) };
      }),
    );
    expect(cases).toHaveLength(4);
    expect(await askSignatures(cases)).toEqual([true, true, true, true]);
    const [first, second] = cases;
    if (!first || !second) throw new Error("there are no vectors");
    expect(await askSignatures([{ ...first, message: second.message }])).toEqual([false]);
  });

  test("are a proof by mx of just their text, in every spelling of their address", async () => {
    const [firstSpelling, ...others] = mx.non_canonical_address_variants_that_must_be_rejected_or_normalised;
    const addresses = [mx.address, firstSpelling ?? "", ...others].map((spelling) => parseAddress(spelling) ?? "");
    expect(new Set(addresses)).toEqual(new Set([mx.address]));
    const cases = mx.vectors.map(({ message_utf8: text, signature_hex: hex }) => {
      const challenge = { ...algorandChallenge("mx", mx.address), text };
      const proof = {
        address: mx.address,
        signature: ofHex(hex),
        signedMessage: undefined,
        publicKey: undefined,
        transaction: undefined,
      };
      return caseOf(challenge, proof, ofHex(mx.publicKey_hex));
    });
    expect(await askSignIns(cases)).toEqual(["proven", "proven", "proven"]);
    const foreign = cases.map((one) => ({ ...one, challenge: { ...one.challenge, text: `${one.challenge.text}.` } }));
    expect(await askSignIns(foreign)).toEqual(["unproven", "unproven", "unproven"]);
  });

  test("are genuine over ARC-14's transaction, which proves nothing here and is of no group", async () => {
    const wire = Buffer.from(arc14.authorization.replace("SigTx ", ""), "base64");
    const { txn, sig = new Uint8Array() } = algosdk.decodeSignedTransaction(wire);
    const publicKey = encode(txn.sender.publicKey);
    const signature = { publicKey, message: encode(txn.bytesToSign()), signature: encode(sig) };
    expect(await askSignatures([signature])).toEqual([true]);
    const address = txn.sender.toString();
    const proof = {
      address,
      signature: sig,
      signedMessage: undefined,
      publicKey: undefined,
      transaction: Uint8Array.from(wire),
    };
    expect(
      await askSignIns([caseOf(algorandChallenge("zero-transaction", address), proof, txn.sender.publicKey)]),
    ).toEqual(["unproven"]);
    expect(await askGroups([wire])).toEqual([{ code: "transaction.malformed" }]);
  });
});

describe.each(ALGORAND_METHODS)("a proof by %s, in workerd,", (method) => {
  const challenge = algorandChallenge(method, USER.address);

  test("opens for the key that signs for its address and for no other", async () => {
    const proofs = [USER, STRANGER].map((key) => proveAlgorand(challenge, USER.address, key));
    const cases = proofs.flatMap((proof) => [USER, STRANGER].map((key) => caseOf(challenge, proof, key.publicKey)));
    expect(await askSignIns(cases)).toEqual(["proven", "unproven", "unproven", "proven"]);
  });

  test("opens for nobody's key, for which anybody can sign, to nobody", async () => {
    const zero = new Uint8Array(32);
    const address = parseAddress("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAY5HFKQ") ?? "";
    const nobody = {
      ...algorandKey(zero),
      publicKey: zero,
      address,
      sign: (message: Uint8Array) => Uint8Array.from(forgeForSmallOrderKey(zero, message)),
    };
    const zeroChallenge = algorandChallenge(method, address);
    expect(await askSignIns([caseOf(zeroChallenge, proveAlgorand(zeroChallenge, address, nobody), zero)])).toEqual([
      "unproven",
    ]);
  });
});

describe("groups, in workerd,", () => {
  test("have the ids that algosdk gives them", async () => {
    const random = createRandom(7);
    const drawn = Array.from({ length: 10 }, () => drawGroup(random));
    const wires = drawn.map((group) =>
      Buffer.concat(group.map((transaction) => algosdk.encodeUnsignedTransaction(transaction))),
    );
    const answers = await askGroups(wires);
    expect(answers.map(({ ids }) => ids)).toEqual(drawn.map((group) => group.map((transaction) => transaction.txID())));
    expect(answers.map(({ groupId }) => groupId)).toEqual(
      drawn.map(([first]) => encode(first?.group ?? new Uint8Array())),
    );
  });

  test("have signatures that fit, or that do not", async () => {
    const user = [optsIn(), calls(), pays({ snd: FRIEND.publicKey })];
    const forged = { as: { sig: USER.sign(new Uint8Array([1])) } };
    const wires = [
      { user, signing: { 2: STRANGER } },
      { user, signing: { 1: forged, 3: "nobody" as const } },
    ];
    const answers = await askGroups(wires.map((sketch) => Buffer.concat(sketchGroup(sketch))));
    expect(answers.map(({ signed }) => signed)).toEqual([
      [
        [1, true],
        [2, true],
        [3, true],
      ],
      [
        [1, false],
        [2, true],
      ],
    ]);
  });
});
