import { describe, expect, test } from "vitest";
import { composeRefreshToken, parseRefreshToken, refreshMacInput } from "./refresh-token.ts";

const sessionId = "ses_01jf8zq0k3f7c9v2m5n8p1r4st";
const mac = Uint8Array.from({ length: 32 }, (_, index) => 255 - index);
const parts = { kid: "k1", sessionId, counter: 7, mac };
const text = composeRefreshToken(parts);

describe("a refresh token", () => {
  test("reads back as what it was made of", () => {
    expect(text).toMatch(/^rt1\.k1\.ses_01jf8zq0k3f7c9v2m5n8p1r4st\.7\.[A-Za-z0-9_-]{43}$/);
    expect(parseRefreshToken(text)).toEqual(parts);
    expect(parseRefreshToken(composeRefreshToken({ ...parts, counter: 0 }))?.counter).toBe(0);
    expect(parseRefreshToken(composeRefreshToken({ ...parts, counter: 999_999_999 }))?.counter).toBe(999_999_999);
  });

  test.each([
    ["of another version", text.replace("rt1", "rt2")],
    ["with a leading zero in its counter", text.replace(".7.", ".07.")],
    ["with a negative counter", text.replace(".7.", ".-7.")],
    ["with a counter that SQL could not hold", text.replace(".7.", ".9999999999.")],
    ["with a fraction in its counter", text.replace(".7.", ".7e1.")],
    ["without a key id", text.replace(".k1.", "..")],
    ["with another kind of id", text.replace("ses_", "usr_")],
    ["with a MAC that is too short", text.slice(0, -1)],
    ["with a MAC that is too long", `${text}A`],
    ["with padding", `${text}=`],
    ["with standard base64", `${text.slice(0, -1)}+`],
    ["with a second spelling of the same MAC", text.replace(/A$/, "B")],
    ["with a line break behind it", `${text}\n`],
    ["that is nothing", ""],
  ])("%s is none of ours", (_name, other) => {
    expect(parseRefreshToken(other)).toBeUndefined();
  });
});

describe("the bytes under its MAC", () => {
  test("differ with project, session and counter", () => {
    const inputs = [
      refreshMacInput("p", sessionId, 7),
      refreshMacInput("q", sessionId, 7),
      refreshMacInput("p", `${sessionId}0`, 7),
      refreshMacInput("p", sessionId, 8),
      refreshMacInput(`p${sessionId[0]}`, sessionId.slice(1), 7),
    ];
    expect(new Set(inputs.map((bytes) => bytes.join(" "))).size).toBe(inputs.length);
  });
});
