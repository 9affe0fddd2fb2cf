import { expect, test } from "vitest";
import { embedTag, isKeyEndingIn, keyPlaceholder, policyLines } from "./embed.ts";

test("the tag is the one that the guide shows", () => {
  expect(embedTag({ key: "pk_test_abc", api: "https://api.example", network: "solana:devnet" })).toBe(
    `<script type="module" src="/gasless-wallet.js"></script>
<gasless-wallet project="pk_test_abc" api="https://api.example" network="solana:devnet">
  <button>Connect wallet</button>
</gasless-wallet>`,
  );
});

test("a page of another site loads the widget from the chosen one, and its policy lets it", () => {
  const choice = { key: "pk_test_abc", api: "https://api.example", site: "https://shop.example", network: undefined };
  expect(embedTag(choice)).toContain('src="https://shop.example/gasless-wallet.js"');
  expect(policyLines(choice, [])).toContain("script-src https://shop.example");
});

test("markup injection: a pasted key cannot add an attribute to the tag", () => {
  const tag = embedTag({ key: '" onclick="steal()', api: "https://api.example", network: undefined });
  expect(tag).not.toContain('" onclick');
});

test("a key of another environment, a secret one, or one with another end is not taken for this one", () => {
  const key = `pk_test_${"a".repeat(26)}AbCd`;
  expect(isKeyEndingIn(key, "test", "AbCd")).toBe(true);
  expect(isKeyEndingIn(key, "live", "AbCd")).toBe(false);
  expect(isKeyEndingIn(key, "test", "zzzz")).toBe(false);
  expect(isKeyEndingIn(key.replace("pk_", "sk_"), "test", "AbCd")).toBe(false);
});

test("a placeholder is no key that could be sent by mistake", () => {
  expect(isKeyEndingIn(keyPlaceholder("test", "AbCd"), "test", "AbCd")).toBe(false);
});

test("the page's policy lets the widget ask the API, and Pera's bridge only where there is Algorand", () => {
  expect(policyLines({ api: "https://api.example" }, ["solana:devnet"])).toContain("connect-src https://api.example");
  expect(policyLines({ api: "https://api.example" }, ["algorand:testnet"]).join("\n")).toContain(
    "wss://*.perawallet.app",
  );
});
