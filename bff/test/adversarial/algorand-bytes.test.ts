import { toBase64 } from "@gasless/localnet/api-client";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { decodeMsgpackMaps, encodeMsgpack, type MsgpackMap } from "../../src/adapters/chains/algorand/msgpack.ts";
import { groupIdOf, signedBytesOf } from "../../src/adapters/chains/algorand/group/transaction-id.ts";
import { pays, USER } from "../support/algorand-groups.ts";
import {
  type AlgorandScene,
  type AlgorandVisitor,
  drawGroup,
  enterNewProject,
  expectUntouched,
  explainBytes,
  lookBefore,
  openScene,
  postBytes,
  postTexts,
  SIMULATE,
  type Untouched,
} from "../support/algorand-scene.ts";
import { BOMBS, ENVELOPES, TRANSACTION_SPELLINGS } from "../support/algorand-spellings.ts";
import { expectRefusal } from "../support/visitor.ts";

let scene: AlgorandScene;
let visitor: AlgorandVisitor;
let before: Untouched;
let tests = 0;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.stack.close());
beforeEach(async () => {
  // Whatever is tried leaves nothing behind; of one user, explain answers 60 a minute.
  if (tests % 20 === 0) visitor = await enterNewProject(scene);
  tests += 1;
  before = lookBefore(scene);
});

/** Bytes alone decide here: no node is asked, nothing is kept. */
afterEach(async () => {
  expect(scene.side.localnet.faults.calls(SIMULATE)).toBe(0);
  await expectUntouched(scene, visitor, before);
});

function mapOf(wire: Uint8Array): MsgpackMap {
  const read = decodeMsgpackMaps(wire);
  if (!read.ok || !read.value[0]) throw new Error("it is no map");
  return read.value[0].value;
}

/** A payment of five microalgos by the user, in a group with the sponsor's. */
function plainGroup(): { readonly sponsored: Uint8Array; readonly own: Uint8Array; readonly fields: MsgpackMap } {
  const [sponsored, own] = drawGroup(scene, { user: [pays({ amt: 5n })] });
  if (!sponsored || !own) throw new Error("a group is missing");
  return { sponsored, own, fields: mapOf(own)["txn"] as MsgpackMap };
}

async function expectMalformed(parts: readonly Uint8Array[]): Promise<void> {
  expectRefusal(await postBytes(visitor, parts), "transaction.malformed");
}

async function expectUnreadable(parts: readonly Uint8Array[]): Promise<void> {
  await expectMalformed(parts);
  const { verdict, trace } = await explainBytes(visitor, parts);
  expect(verdict).toBe("refuse");
  expect(trace[0]).toMatchObject({ rule: "transaction-is-readable", verdict: "fail", code: "transaction.malformed" });
}

describe("a transaction has one spelling, and any other is refused though it says the same and is signed", () => {
  test.each(TRANSACTION_SPELLINGS)("%s", async (_, spell) => {
    const { sponsored, fields } = plainGroup();
    const spelled = spell(fields);
    // The signature of what was meant, and the one of what was written.
    for (const signed of [encodeMsgpack(fields), spelled]) {
      const sig = encodeMsgpack(USER.sign(signedBytesOf(signed)));
      const envelope = [0x82, 0xa3, ...Buffer.from("sig"), ...sig, 0xa3, ...Buffer.from("txn"), ...spelled];
      await expectMalformed([sponsored, Uint8Array.from(envelope)]);
    }
    await expectUnreadable([sponsored, spelled]);
  });

  test.each(TRANSACTION_SPELLINGS)("of the sponsor's own: %s", async (_, spell) => {
    const { sponsored, own } = plainGroup();
    const fields = mapOf(sponsored);
    const spelled = spell({ ...fields, amt: 5n });
    await expectUnreadable([spelled, own]);
  });

  test.each(ENVELOPES)("%s", async (_, wrap) => {
    const { sponsored, own, fields } = plainGroup();
    await expectUnreadable([sponsored, wrap(fields, mapOf(own)["sig"] as Uint8Array)]);
  });

  test.each(BOMBS)("no transaction: %s", async (_, bytes) => {
    const { sponsored, own } = plainGroup();
    for (const parts of [[bytes], [bytes, own], [sponsored, bytes]]) {
      const answer = await postBytes(visitor, parts);
      expect(answer.body["code"]).toMatch(/^transaction\.(?:malformed|too_large)$/);
      expect(answer.status).toBe(422);
    }
    expect((await explainBytes(visitor, [sponsored, bytes])).verdict).toBe("refuse");
  });
});

describe("a group is exactly its parts", () => {
  test("two transactions in one part, or one in two, are refused", async () => {
    const { sponsored, own } = plainGroup();
    const [start, end] = [own.subarray(0, 70), own.subarray(70)];
    await expectMalformed([sponsored, start, end]);
    await expectMalformed([Uint8Array.from([...sponsored, ...start]), end]);
  });

  test("of more than a request may hold is too large", async () => {
    const { sponsored } = plainGroup();
    const long = new Uint8Array(25_000).fill(0x80);
    const answer = await postBytes(visitor, [sponsored, long, long]);
    expect({ status: answer.status, code: answer.body["code"] }).toEqual({ status: 413, code: "request.too_large" });
  });

  test("of seventeen is none", async () => {
    const { sponsored, own } = plainGroup();
    const answer = await postBytes(visitor, [sponsored, ...Array.from({ length: 16 }, () => own)]);
    expectRefusal(answer, "request.invalid");
  });
});

describe("text that is no canonical base64 is refused before anything is read of it", () => {
  test.each<[string, (text: string) => unknown]>([
    ["nothing", () => ""],
    ["no text", () => 7],
    ["a list", (text) => [text]],
    ["no padding", (text) => text.replace(/=*$/, "").slice(0, -1)],
    ["the alphabet of URLs", (text) => `${text.slice(0, -4)}-_-_`],
    ["a line break", (text) => `${text.slice(0, 76)}\n${text.slice(76)}`],
    ["a line break at its end", (text) => `${text}\n`],
    ["a space", (text) => ` ${text}`],
    ["padding in the middle", (text) => `AA==${text}`],
    ["bits behind its last byte", () => "AB=="],
    ["bits behind its last two bytes", () => "AAB="],
  ])("%s", async (_, change) => {
    const { sponsored, own } = plainGroup();
    const [first, second] = [toBase64(sponsored), toBase64(own)];
    expectRefusal(await postTexts(visitor, [change(first), second]), "request.invalid");
    expectRefusal(await postTexts(visitor, [first, change(second)]), "request.invalid");
  });
});

describe("a group's id is computed from what it holds", () => {
  type Change = (maps: readonly MsgpackMap[]) => readonly MsgpackMap[];
  const other = new Uint8Array(32).fill(5);
  const without = ({ grp: _group, ...map }: MsgpackMap): MsgpackMap => map;
  const CHANGES: readonly (readonly [name: string, change: Change])[] = [
    ["none at all", (maps) => maps.map(without)],
    ["none in the sponsor's", ([first = {}, ...others]) => [without(first), ...others]],
    ["none in the user's", ([first = {}, ...others]) => [first, ...others.map(without)]],
    ["another one in all", (maps) => maps.map((map) => ({ ...map, grp: other }))],
    ["another one in the sponsor's", ([first = {}, ...others]) => [{ ...first, grp: other }, ...others]],
    ["another one in the last", (maps) => [...maps.slice(0, -1), { ...maps.at(-1), grp: other }]],
    ["the user's transactions exchanged", ([first = {}, second = {}, third = {}]) => [first, third, second]],
    ["the sponsor's at the end", ([first = {}, ...others]) => [...others, first]],
    ["one left out", ([first = {}, second = {}]) => [first, second]],
    ["the sponsor's alone", ([first = {}]) => [first]],
    ["one twice", ([first = {}, second = {}, third = {}]) => [first, second, third, third]],
    ["the sponsor's twice", ([first = {}, ...others]) => [first, first, ...others]],
    ["one added", (maps) => [...maps, { ...maps.at(-1), amt: 9n }]],
    ["one of another group", (maps) => [...maps.slice(0, -1), { ...maps.at(-1), grp: groupIdOf(maps.slice(1)) }]],
    ["a note put in", ([first = {}, second = {}, third = {}]) => [first, second, { ...third, note: other }]],
    ["a larger fee of the sponsor's", ([first = {}, ...others]) => [{ ...first, fee: 3_001n }, ...others]],
    ["another receiver", ([first = {}, second = {}, third = {}]) => [first, second, { ...third, rcv: other }]],
  ];

  test.each(CHANGES)("%s", async (_, change) => {
    const group = drawGroup(scene, {
      user: [pays({ amt: 5n }), pays({ amt: 6n })],
      signing: { 1: "nobody", 2: "nobody" },
    });
    const parts = change(group.map(mapOf)).map((fields) => {
      const bytes = encodeMsgpack(fields);
      const isOwn = Buffer.compare(fields["snd"] as Uint8Array, USER.publicKey) === 0;
      return isOwn ? encodeMsgpack({ sig: USER.sign(signedBytesOf(bytes)), txn: fields }) : bytes;
    });
    await expectUnreadable(parts);
  });
});
