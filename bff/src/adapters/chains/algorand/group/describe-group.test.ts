import { expect, test } from "vitest";
import { calls, FRIEND, groupInput, pays, SPONSOR, USER } from "../../../../../test/support/algorand-groups.ts";
import { parseMethod } from "../policy/abi.ts";
import { describeGroup } from "./describe-group.ts";

test("a group is told transaction by transaction, a call by the method that the policy names", () => {
  const selector = Uint8Array.from(Buffer.from(parseMethod("go(address)void").selector, "hex"));
  const user = [pays({ amt: 7n }), calls({ apaa: [selector, FRIEND.publicKey], apat: [FRIEND.publicKey] })];
  const [sponsored, payment, call] = describeGroup(groupInput({ user }));
  expect(sponsored).toMatchObject({ program: "pay", instruction: "payment", arguments: { amount: "0" } });
  expect(payment).toEqual({
    position: 1,
    program: "pay",
    programName: null,
    instruction: "payment",
    arguments: {
      sender: USER.address,
      note: "",
      rekeyTo: null,
      receiver: FRIEND.address,
      amount: "7",
      closeRemainderTo: null,
    },
    accounts: [
      { role: "sender", address: USER.address },
      { role: "receiver", address: FRIEND.address },
    ],
  });
  expect(call).toMatchObject({
    program: "77",
    programName: "Application",
    instruction: "application-call",
    arguments: { argument0: Buffer.from(selector).toString("hex"), argument1: FRIEND.address },
    accounts: [
      { role: "sender", address: USER.address },
      { role: null, address: FRIEND.address },
    ],
  });
  expect(sponsored?.accounts).toContainEqual({ role: "sender", address: SPONSOR.address });
});
