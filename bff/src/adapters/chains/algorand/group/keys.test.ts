import { ABIMethod, type ABIType, type ABIValue } from "algosdk";
import { expect, test } from "vitest";
import { algorandKey } from "../../../../../test/support/algorand-keys.ts";
import {
  calls,
  decodeSketch,
  FRIEND,
  GENESIS_HASH,
  optsOut,
  pays,
  SPONSOR,
  STRANGER,
  USER,
} from "../../../../../test/support/algorand-groups.ts";
import { encodeAddress } from "../address.ts";
import { compileAlgorandPolicy } from "../policy/compile.ts";
import { keysOfGroup } from "./keys.ts";

const NOTHING = compileAlgorandPolicy({ allow: [], maxFee: "0" });

const key = (name: string): Uint8Array => algorandKey(name).publicKey;
const address = (name: string): string => algorandKey(name).address;

test("everybody whom a group names is among its keys, once, wherever they are named", () => {
  const life = { gh: GENESIS_HASH, fv: 1_000n, lv: 1_020n };
  const group = decodeSketch({
    user: [
      pays({ close: key("close"), rekey: key("rekey") }),
      optsOut({ asnd: key("clawed"), aclose: key("aclose") }),
      calls({
        apaa: [new Uint8Array(4), key("argument"), new Uint8Array(31)],
        apat: [key("account")],
        al: [{ d: key("access") }, { s: 5n }],
        apbx: [{ n: key("box") }, { n: new Uint8Array(31) }],
      }),
      { type: "acfg", snd: USER.publicKey, apar: { m: key("manager"), t: 5n }, ...life },
      { type: "afrz", snd: USER.publicKey, fadd: key("frozen"), ...life },
    ],
    signing: { 1: STRANGER },
  });
  const named = ["close", "rekey", "clawed", "aclose", "argument", "account", "access", "box", "manager", "frozen"];
  const expected = [...named.map(address), ...[SPONSOR, USER, FRIEND, STRANGER].map((known) => known.address)];
  expect([...keysOfGroup(group, NOTHING)].toSorted()).toEqual(expected.toSorted());
});

test("a note, a lease, a group's id and the genesis hash are nobody", () => {
  const group = decodeSketch({ user: [pays({ note: key("note"), lx: key("lease"), rcv: USER.publicKey })] });
  expect(keysOfGroup(group, NOTHING)).toEqual([SPONSOR.address, USER.address]);
});

test("of a kind that is never sponsored sixteen addresses are looked at, of others all", () => {
  const others = Array.from({ length: 20 }, (_, index) => key(`other ${index}`));
  const odd = { type: "hb", snd: USER.publicKey, gh: GENESIS_HASH, fv: 1_000n, lv: 1_020n, a: others };
  expect(keysOfGroup(decodeSketch({ user: [odd] }), NOTHING)).toEqual([
    SPONSOR.address,
    ...others.slice(0, 16).map((publicKey) => encodeAddress(publicKey)),
  ]);
  const al = others.slice(0, 16).map((d) => ({ d }));
  const call = calls({ al, apat: others.slice(16), rekey: FRIEND.publicKey });
  expect(keysOfGroup(decodeSketch({ user: [call] }), NOTHING)).toHaveLength(23);
});

test("addresses inside the arguments of a call are seen: by the method's types, or wherever they usually stand", () => {
  const method = "pay(address[],(uint64,address),bool,(bool,bool,address)[])void";
  const policy = compileAlgorandPolicy({
    allow: [{ transaction: "application-call", application: "7", methods: [method] }],
    maxFee: "0",
  });
  const [hidden, deep, packed] = [key("hidden"), key("deep"), key("packed")];
  const args = ABIMethod.fromSignature(method).args.map(({ type }) => type as ABIType);
  const values: ABIValue[] = [[hidden, key("second")], [5n, deep], true, [[true, false, packed]]];
  const encoded = args.map((type, index) => type.encode(values[index] ?? 0n));
  const call = (selector: Uint8Array) => decodeSketch({ user: [calls({ apid: 7n, apaa: [selector, ...encoded] })] });
  const known = keysOfGroup(call(ABIMethod.fromSignature(method).getSelector()), policy);
  expect(known).toEqual(expect.arrayContaining(["hidden", "second", "deep", "packed"].map(address)));
  // Two addresses behind their count, of a method that the policy does not know.
  expect(keysOfGroup(call(new Uint8Array([1, 2, 3, 4])), policy)).toEqual(
    expect.arrayContaining(["hidden", "second"].map(address)),
  );
});
