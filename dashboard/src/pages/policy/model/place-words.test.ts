import { expect, test } from "vitest";
import { placeWords } from "./place-words.ts";

const DOCUMENT = {
  allow: [{ program: "Token", instruction: "transfer", arguments: { amount: { lte: "a lot" } } }, "what?"],
  programs: [{ name: "tickets", address: "none" }],
  maxFee: "a little",
};

test.each([
  ["/maxFee", "Fee"],
  ["/allow", "What is sponsored"],
  ["/allow/0", "Entry 1, transfer"],
  ["/allow/0/arguments/amount/lte", "Entry 1, transfer: amount"],
  ["/allow/0/sessionWalletIs", "Entry 1, transfer: sessionWalletIs"],
  ["/allow/1", "Entry 2"],
  ["/programs/0/address", "Own programs, 1, tickets: address"],
  ["/minimumBalance/assets", "Minimum balance"],
  ["", "The policy as a whole"],
  ["/maxFees", "maxFees"],
  ["/constructor", "constructor"],
])("the place of a finding is told as the form calls it: %s", (pointer, words) => {
  expect(placeWords(DOCUMENT, pointer)).toBe(words);
});
