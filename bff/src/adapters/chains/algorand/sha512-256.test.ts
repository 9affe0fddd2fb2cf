import { expect, test } from "vitest";
import { sha512_256 } from "./sha512-256.ts";

test.each([
  ["", "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a"],
  ["abc", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"],
])("SHA-512/256 of %j is the standard's", (text, digest) => {
  expect(Buffer.from(sha512_256(new TextEncoder().encode(text))).toString("hex")).toBe(digest);
});
