import { expect, test } from "vitest";
import { curlOf } from "./curl.ts";

const PROJECT = { projectId: "prj_01jf8zq0k3f7c9v2m5n8p1r4st" };

test("a copied command names the call and takes its key from the environment", () => {
  const command = curlOf("https://api.example", "listRelays", { params: PROJECT, query: { state: "failed", to: "" } });
  expect(command).toBe(
    [
      "curl --fail-with-body \\",
      `  --header "Authorization: Bearer $GASLESS_SECRET_KEY" \\`,
      "  'https://api.example/v1/manage/projects/prj_01jf8zq0k3f7c9v2m5n8p1r4st/relays?state=failed'",
    ].join("\n"),
  );
});

test("a call that changes something says its method", () => {
  const params = { ...PROJECT, network: "solana:devnet", address: "A" };
  expect(curlOf("https://api.example", "undeny", { params })).toContain("--request DELETE");
});

test("shell injection: a name with quotes and commands stays one word of the copied command", () => {
  const params = { ...PROJECT, decisionId: "'; rm -rf ~ #$(id)`id`" };
  const command = curlOf("https://api.example", "readDecision", { params });
  const last = command.split("\n").at(-1)?.trim() ?? "";
  expect(last.startsWith("'https://")).toBe(true);
  // Outside quotes there is nothing but the escaped quotes themselves.
  expect(last.replaceAll(String.raw`\'`, "").replaceAll(/'[^']*'/g, "")).toBe("");
});
