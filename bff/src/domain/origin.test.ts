import { describe, expect, test } from "vitest";
import { parseOrigin } from "./origin.ts";

describe("what an integrator types becomes what browsers send:", () => {
  test.each([
    ["https://shop.example", "https://shop.example"],
    [" https://Shop.Example/ ", "https://shop.example"],
    ["HTTPS://shop.example:443", "https://shop.example"],
    ["http://localhost:80", "http://localhost"],
    ["https://shop.example:8443", "https://shop.example:8443"],
    ["https://bücher.example", "https://xn--bcher-kva.example"],
    ["https://例え.テスト", "https://xn--r8jz45g.xn--zckzah"],
    // A Cyrillic "а": another site than apple.com, and its stored name shows it.
    ["https://аpple.com", "https://xn--pple-43d.com"],
    ["https://ｓｈｏｐ.example", "https://shop.example"],
    ["https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"],
    ["http://127.0.0.1:5173", "http://127.0.0.1:5173"],
  ])("%s is %s", (typed, origin) => {
    expect(parseOrigin(typed, "live")).toEqual({ ok: true, value: origin });
  });
});

describe("what no page could be served from, or what is more than an origin, is refused:", () => {
  test.each([
    "",
    "null",
    "*",
    "https://*.shop.example",
    "shop.example",
    "//shop.example",
    "https:shop.example",
    "https:\\\\shop.example",
    "https://shop.example/path",
    "https://shop.example//",
    "https://shop.example?",
    "https://shop.example#a",
    "https://user@shop.example",
    "https://user:word@shop.example",
    "https://sh%6fp.example",
    "https://shop .example",
    "https://shop\n.example",
    "https://shop\u200b.example",
    "https://shop_1.example",
    "https://shop.example:99999",
    "https://",
    `https://${"a.".repeat(130)}example`,
    "ftp://shop.example",
    "file:///etc/hosts",
    "data:text/html,x",
    "javascript:alert(1)",
    "chrome-extension://abcdefghijklmnop",
    "https://a.example, https://b.example",
  ])("%j", (typed) => {
    expect(parseOrigin(typed, "test").ok).toBe(false);
  });

  test("plain http, by a live project, but on the own machine", () => {
    expect(parseOrigin("http://shop.example", "live").ok).toBe(false);
    expect(parseOrigin("http://127.0.0.1.shop.example", "live").ok).toBe(false);
    expect(parseOrigin("http://shop.example", "test")).toEqual({ ok: true, value: "http://shop.example" });
    expect(parseOrigin("http://app.localhost:3000", "live").ok).toBe(true);
  });
});
