import { afterEach, describe, expect, test, vi } from "vitest";
import { isPhone, peraLink } from "./device.ts";

afterEach(() => void vi.unstubAllGlobals());

const uri = "wc:topic@1?bridge=https%3A%2F%2Fa.example&key=00ff&algorand=true";
const on = (userAgent: string, maxTouchPoints = 0) => vi.stubGlobal("navigator", { userAgent, maxTouchPoints });
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)";
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
const ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9)";

test.each([
  [IPHONE, 5, true],
  [ANDROID, 5, true],
  ["Mozilla/5.0 (iPad; CPU OS 12_0 like Mac OS X)", 5, true],
  [MAC, 5, true],
  [MAC, 0, false],
  ["Mozilla/5.0 (Windows NT 10.0; Win64; x64)", 10, false],
  ["Mozilla/5.0 (X11; Linux x86_64)", 0, false],
])("%s with %i fingers at once: Pera may be on it, %s", (userAgent, touchPoints, expected) => {
  on(userAgent, touchPoints);
  expect(isPhone()).toBe(expected);
});

describe("a link into the app", () => {
  test("is of Pera's own scheme, with the address whole inside of it", () => {
    on(IPHONE);
    expect(new URL(peraLink(uri)).searchParams.get("uri")).toBe(uri);
    expect(peraLink()).toBe("perawallet-wc://");
  });

  test("on Android names the app, so that no other wallet takes it, and where to get it", () => {
    on(ANDROID);
    expect(peraLink(uri)).toBe(
      "intent:topic@1?bridge=https%3A%2F%2Fa.example&key=00ff&algorand=true#Intent;scheme=wc;package=com.algorand.android;" +
        "S.browser_fallback_url=https%3A%2F%2Fperawallet.app%2Fdownload%2F;end",
    );
    expect(peraLink()).toMatch(/^intent:\/\/#Intent;scheme=perawallet-wc;package=com\.algorand\.android;.*;end$/);
  });
});
