import { expect, test } from "vitest";
import { readPeraLink } from "./pera-link.ts";

const URI = "wc:7f2b@1?bridge=http%3A%2F%2F127.0.0.1%3A8808&key=ab&algorand=true";

test.each([
  ["a link of Pera's own kind", `perawallet-wc://wc?uri=${encodeURIComponent(URI)}`, URI],
  ["one that only opens the app", "perawallet-wc://", ""],
  ["an intent of Android", `intent:${URI.slice(3)}#Intent;scheme=wc;package=com.algorand.android;end`, URI],
  ["an intent that only opens the app", "intent://#Intent;scheme=perawallet-wc;package=com.algorand.android;end", ""],
  ["another link", "https://perawallet.app/download/", undefined],
  ["an intent for somebody else", "intent://x#Intent;scheme=https;end", undefined],
])("%s gives its address", (_name, href, uri) => {
  expect(readPeraLink(href)).toBe(uri);
});
