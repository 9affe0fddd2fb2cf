import { array, assert, constantFrom, nat, property, record } from "fast-check";
import { expect, test } from "vitest";
import { callRpc, computePrice, openScene, sign, transfer } from "./test-support.ts";
import { decodeTransaction } from "./wire-transaction.ts";

test("whatever bytes pass decoding are bytes that LiteSVM survives", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const instructions = [computePrice(5n), transfer(payer, payer.address, 5n)];
  const seeds: Uint8Array[] = [];
  for (const version of [0, "legacy", 1] as const) {
    const { wire } = await sign(scene, payer, version === 1 ? instructions.slice(1) : instructions, { version });
    seeds.push(Buffer.from(wire, "base64"));
  }
  let passed = 0;
  const edit = record({
    at: nat(400),
    byte: nat(255),
    kind: constantFrom("set", "insert", "delete", "flip"),
  });
  assert(
    property(nat(2), array(edit, { minLength: 1, maxLength: 3 }), (which, edits) => {
      const bytes = edits.reduce(
        (bytes, { at, byte, kind }) => {
          const index = at % bytes.length;
          const [start, rest] = [bytes.slice(0, index), bytes.slice(index)];
          if (kind === "insert") return [...start, byte, ...rest];
          if (kind === "delete") return [...start, ...rest.slice(1)];
          return [...start, kind === "flip" ? (rest[0] ?? 0) ^ (1 << (byte % 8)) : byte, ...rest.slice(1)];
        },
        [...(seeds[which] ?? [])],
      );
      let wire: ReturnType<typeof decodeTransaction>;
      try {
        wire = decodeTransaction(new Uint8Array(bytes));
      } catch {
        return;
      }
      passed += 1;
      scene.net.chain.svm.simulate(wire.bytes, false);
    }),
    { numRuns: 5000 },
  );
  expect(passed).toBeGreaterThan(500);
});

test("malformed, oversized and padded transactions are invalid params", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const { wire } = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  const bytes = Buffer.from(wire, "base64");
  const cases = [
    Buffer.alloc(100, 1),
    Buffer.alloc(0),
    Buffer.concat([bytes, Buffer.of(0)]),
    Buffer.alloc(1300),
    bytes.subarray(0, 90),
  ];
  for (const method of ["sendTransaction", "simulateTransaction"]) {
    for (const entry of cases) {
      const { error } = await callRpc(scene.net, method, entry.toString("base64"), { encoding: "base64" });
      expect(error?.code).toBe(-32602);
    }
    expect((await callRpc(scene.net, method, "%%", { encoding: "base64" })).error?.code).toBe(-32602);
  }
});
