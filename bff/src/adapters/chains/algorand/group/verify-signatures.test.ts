import { describe, expect, test } from "vitest";
import { forgeForSmallOrderKey } from "../../../../../test/support/ed25519-forgeries.ts";
import {
  calls,
  decodeSketch,
  type GroupSketch,
  pays,
  SPONSOR,
  sponsorPays,
  STRANGER,
  USER,
} from "../../../../../test/support/algorand-groups.ts";
import { ZERO_ADDRESS } from "../address.ts";
import { encodeMsgpack } from "../msgpack.ts";
import { signedBytesOf } from "./transaction-id.ts";
import { verifySignatures } from "./verify-signatures.ts";

const verdictsOn = async (sketch: GroupSketch) => verifySignatures(decodeSketch(sketch));

describe("signatures of a group", () => {
  test("are by the senders, or by whose key signs in their place, and each is told with its place", async () => {
    expect(await verdictsOn({ user: [pays(), calls()], signing: { 2: STRANGER } })).toEqual([
      { place: 1, sender: USER.address, signedBy: USER.address, isValid: true },
      { place: 2, sender: USER.address, signedBy: STRANGER.address, isValid: true },
    ]);
  });

  test("that are not there are not judged, nor those of several keys or of a program", async () => {
    const others = {
      1: "nobody",
      2: { as: { msig: { v: 1n } } },
      3: { as: { lsig: { l: new Uint8Array([1]) } } },
    } as const;
    expect(await verdictsOn({ user: [pays(), calls(), pays({ amt: 1n })], signing: others })).toEqual([]);
  });

  const sig = (signature: Uint8Array, more = {}) => ({ as: { sig: signature, ...more } });
  const group = decodeSketch({ user: [pays()] });
  const [, entry] = group.entries;
  const bytes = entry?.bytes ?? new Uint8Array();
  const genuine = entry?.signature ?? new Uint8Array(64);

  test.each([
    ["a flipped bit", genuine.with(5, (genuine[5] ?? 0) ^ 1)],
    ["a stranger's", STRANGER.sign(signedBytesOf(bytes))],
    ["of the bytes without their tag", USER.sign(bytes)],
    ["of the sponsor's transaction", USER.sign(signedBytesOf(group.entries[0]?.bytes ?? bytes))],
    ["of zeroes", new Uint8Array(64)],
  ])("are none: %s", async (_name, signature) => {
    const [verdict] = await verdictsOn({ user: [pays()], signing: { 1: sig(signature) } });
    expect(verdict?.isValid).toBe(false);
  });

  test("are none by the sender where another auth address is named, though the sender's own fit", async () => {
    const [verdict] = await verdictsOn({ user: [pays()], signing: { 1: sig(genuine, { sgnr: SPONSOR.publicKey }) } });
    expect(verdict).toMatchObject({ signedBy: SPONSOR.address, isValid: false });
  });

  test("of nobody, whose key is zero, can be forged by anybody and are refused", async () => {
    const unsigned = decodeSketch({ user: [pays({ snd: undefined })], signing: { 1: "nobody" } });
    const forged = forgeForSmallOrderKey(new Uint8Array(32), signedBytesOf(unsigned.entries[1]?.bytes ?? bytes));
    const signing = { 1: sig(Uint8Array.from(forged)) };
    const [verdict] = await verdictsOn({ user: [pays({ snd: undefined })], signing });
    expect(verdict).toEqual({ place: 1, sender: ZERO_ADDRESS, signedBy: ZERO_ADDRESS, isValid: false });
  });

  test("are over the bytes as they came: the sponsor's transaction has the same in both of its forms", () => {
    const [sponsored] = decodeSketch({ sponsored: sponsorPays(), user: [pays()] }).entries;
    expect(sponsored?.bytes).toEqual(encodeMsgpack(sponsored?.fields ?? {}));
  });
});
