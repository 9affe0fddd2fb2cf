import { expect, test } from "vitest";
import { decodeAddress } from "./address.ts";

test.each([
  ["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAY5HFKQ", "00".repeat(32)],
  [
    "BYVBFXCGJLDU5Q7POFA2G4CLAGUBWRU3TOKDPNQG57D44KW6CVY3FPIXRM",
    "0e2a12dc464ac74ec3ef7141a3704b01a81b469b9b9437b606efc7ce2ade1571",
  ],
  ["7777777777777777777777777777777777777777777777777774MSJUVU", "ff".repeat(32)],
])("%s is the key behind it", (address, key) => {
  expect(Buffer.from(decodeAddress(address)).toString("hex")).toBe(key);
});

test("every other spelling of the last letter is the same key, and no text makes it fail", () => {
  const spelled = (last: string) => decodeAddress(`BYVBFXCGJLDU5Q7POFA2G4CLAGUBWRU3TOKDPNQG57D44KW6CVY3FPIXR${last}`);
  for (const last of "NOP") expect(spelled(last)).toEqual(spelled("M"));
  for (const text of ["", "A", "not an address", "9".repeat(200)]) expect(decodeAddress(text)).toHaveLength(32);
});
