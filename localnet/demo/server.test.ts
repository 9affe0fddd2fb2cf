import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Address } from "@solana/kit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TokenFaucet } from "./faucet.ts";
import { FaucetRefusal } from "./faucet-requests.ts";
import { type AlgorandDemo, type DemoSite, startDemoSite } from "./server.ts";

const API = "http://127.0.0.1:1";
const RPC = "http://127.0.0.1:2";
const VISITOR = "q9Kj7yW5iX14yHEbdrBTH1ASMQvCf27bZqG8q6MiCuF";
const root = mkdtempSync(join(tmpdir(), "gasless-demo-site-test-"));
const folders = { site: join(root, "site"), widget: join(root, "widget") };
const options = { host: "127.0.0.1", port: 0, api: API, rpcUrl: RPC, network: "solana:localnet", folders };
const asked: string[] = [];
const faucet: TokenFaucet = {
  give: (owner) => {
    asked.push(owner);
    const [mint, tokenAccount, guestbookTokenAccount] = ["mint", "own", "guestbook"] as Address[] as [
      Address,
      Address,
      Address,
    ];
    return Promise.resolve({ mint, decimals: 2, tokenAccount, guestbookTokenAccount, amount: "1000" });
  },
};
const VISITOR_ON_ALGORAND = "BEEQSCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEURVP5F4";
const algorand: AlgorandDemo = {
  network: "algorand:localnet",
  algodUrl: "http://127.0.0.1:3",
  bridgeUrl: "http://127.0.0.1:4",
  faucet: {
    assetId: 1001n,
    counter: "COUNTER",
    give(address) {
      if (address !== VISITOR_ON_ALGORAND) throw new FaucetRefusal("Opt in first.");
      return { amount: "10" };
    },
  },
};
let site: DemoSite;

beforeAll(async () => {
  for (const folder of [join(folders.site, "dist"), join(folders.widget, "chunks")])
    mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folders.site, "index.html"),
    '<script src="{{origin}}/x.js"></script><a b="{{publishableKey}}">{{api}} {{rpcUrl}} {{network}} {{faucet}} {{algorand}} {{unknown}}</a>',
  );
  writeFileSync(
    join(folders.site, "algorand.html"),
    "{{publishableKey}} {{api}} {{algorandNetwork}} {{algodUrl}} {{bridgeUrl}} {{assetId}} {{counter}} {{rpcUrl}}",
  );
  writeFileSync(join(folders.site, "phone.html"), "{{algorandNetwork}} {{assetId}}");
  writeFileSync(join(folders.site, "demo.css"), "body {}");
  writeFileSync(join(folders.site, "package.json"), "{}");
  writeFileSync(join(folders.site, "dist", "demo.js"), "demo();");
  writeFileSync(join(folders.widget, "gasless-wallet.js"), "widget();");
  writeFileSync(join(folders.widget, "chunks", "dialog-1.js"), "dialog();");
  writeFileSync(join(root, "secret.js"), "secret");
  site = await startDemoSite({ ...options, publishableKey: `pk_test_"><script>`, faucet });
});

afterAll(async () => {
  await site.close();
  rmSync(root, { recursive: true, force: true });
});

/** Like fetch, but the path goes out exactly as it is written. */
function getRaw(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; location: string | undefined }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number;
    text: string;
    location: string | undefined;
  }>();
  const { hostname, port } = new URL(site.url);
  request({ hostname, port, path, headers }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    response.on("end", () => resolve({ status: response.statusCode ?? 0, text, location: response.headers.location }));
  })
    .on("error", reject)
    .end();
  return promise;
}

describe("pages", () => {
  test("the template is filled with text, never with markup", async () => {
    const text = await (await fetch(site.url)).text();
    expect(text).toBe(
      `<script src="${site.url}/x.js"></script><a b="pk_test_&quot;&gt;&lt;script&gt;">${API} ${RPC} solana:localnet on off {{unknown}}</a>`,
    );
  });

  test("every answer carries a policy that allows the API, the chain and nobody else", async () => {
    const policy =
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ${API} ${RPC}; ` +
      `base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'`;
    for (const path of ["/", "/demo.js", "/gasless-wallet.js", "/nowhere"]) {
      const { headers } = await fetch(site.url + path);
      expect(headers.get("content-security-policy")).toBe(policy);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
    }
  });

  test.each([
    ["/demo.css", "text/css; charset=utf-8", "body {}", null],
    ["/demo.js", "text/javascript; charset=utf-8", "demo();", null],
    ["/gasless-wallet.js", "text/javascript; charset=utf-8", "widget();", "*"],
    ["/chunks/dialog-1.js?v=2", "text/javascript; charset=utf-8", "dialog();", "*"],
  ])("%s is served, the widget's files to any page", async (path, type, body, allowed) => {
    const response = await fetch(site.url + path);
    expect(await response.text()).toBe(body);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("access-control-allow-origin")).toBe(allowed);
    expect(response.headers.get("cross-origin-resource-policy")).toBe(allowed === null ? null : "cross-origin");
  });

  test("a rebuild shows at the next request, what has not changed is not sent again", async () => {
    const first = await fetch(`${site.url}/gasless-wallet.js`);
    const etag = first.headers.get("etag") ?? "";
    expect(first.headers.get("cache-control")).toBe("no-cache");
    expect((await fetch(`${site.url}/gasless-wallet.js`, { headers: { "if-none-match": etag } })).status).toBe(304);
    writeFileSync(join(folders.widget, "gasless-wallet.js"), "rebuilt();");
    const again = await fetch(`${site.url}/gasless-wallet.js`, { headers: { "if-none-match": etag } });
    expect(await again.text()).toBe("rebuilt();");
  });

  test.each([
    "/../secret.js",
    "/chunks/../../secret.js",
    "/%2e%2e/secret.js",
    "/..%2fsecret.js",
    "/chunks\\..\\..\\secret.js",
    "//secret.js",
    "/package.json",
    "/dist/demo.js",
    "/index.html",
    "/not-built-yet.js",
    "/demo.js/",
  ])("%s is not found", async (path) => {
    expect(await getRaw(path)).toMatchObject({ status: 404, text: "Not found\n" });
  });

  test("other methods than GET and HEAD are refused", async () => {
    const response = await fetch(site.url, { method: "POST", body: "x" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    const head = await fetch(`${site.url}/demo.css`, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "7", ""]);
  });

  test("who comes by the name localhost is sent to the origin that the project lists", async () => {
    const { port } = new URL(site.url);
    const answer = await getRaw("/", { host: `localhost:${port}` });
    expect(answer).toMatchObject({ status: 307, location: `${site.url}/` });
  });
});

describe("pages for Algorand", () => {
  let other: DemoSite;
  beforeAll(async () => {
    other = await startDemoSite({ ...options, publishableKey: "pk", algorand });
  });
  afterAll(() => other.close());

  const ask = (address: string) =>
    fetch(`${other.url}/algorand/faucet`, {
      method: "POST",
      headers: { origin: other.url, "content-type": "application/json" },
      body: JSON.stringify({ address }),
    });

  test("are not there without a node of Algorand, and the page for Solana does not speak of them", async () => {
    for (const path of ["/algorand", "/algorand/phone", "/algorand/faucet"]) {
      expect((await fetch(site.url + path)).status).toBe(404);
    }
    expect(await (await fetch(site.url)).text()).toContain(" on off ");
    expect(await (await fetch(other.url)).text()).toContain(" off on ");
  });

  test("are filled in, and may talk to the API, the node and the bridge alone", async () => {
    const page = await fetch(`${other.url}/algorand`);
    expect(await page.text()).toBe(
      `pk ${API} algorand:localnet ${algorand.algodUrl} ${algorand.bridgeUrl} 1001 COUNTER {{rpcUrl}}`,
    );
    const connect = `connect-src 'self' ${API} ${algorand.algodUrl} ws://127.0.0.1:4;`;
    expect(page.headers.get("content-security-policy")).toContain(connect);
    const phone = await fetch(`${other.url}/algorand/phone`);
    expect(await phone.text()).toBe("algorand:localnet 1001");
    const { headers } = await fetch(other.url);
    expect(headers.get("content-security-policy")).toContain(`connect-src 'self' ${API} ${RPC};`);
  });

  test("who has opted in gets stamps, who has not is told to, and who has no address is refused", async () => {
    const given = await ask(VISITOR_ON_ALGORAND);
    expect([given.status, await given.json()]).toEqual([200, { amount: "10" }]);
    const early = await ask("AEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEAQCAIBAEA5RCDXMI");
    expect([early.status, await early.json()]).toEqual([409, { detail: "Opt in first." }]);
    expect((await ask(VISITOR)).status).toBe(422);
    expect((await ask(VISITOR_ON_ALGORAND.replace("B", "C"))).status).toBe(422);
  });
});

describe("the faucet", () => {
  const ask = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${site.url}/faucet`, {
      method: "POST",
      headers: { origin: site.url, "content-type": "application/json", ...headers },
      body,
    });

  test("gives to the page that is served here", async () => {
    const response = await ask(JSON.stringify({ address: VISITOR }), { "sec-fetch-site": "same-origin" });
    expect([response.status, await response.json()]).toEqual([
      200,
      { mint: "mint", decimals: 2, tokenAccount: "own", guestbookTokenAccount: "guestbook", amount: "1000" },
    ]);
    expect(asked).toEqual([VISITOR]);
  });

  test.each([
    ["another site's page", { origin: "https://evil.example" }, 403],
    ["a page in a sandbox", { origin: "null" }, 403],
    ["a page of another port", { "sec-fetch-site": "same-site" }, 403],
    ["a form", { "content-type": "text/plain" }, 415],
  ])("gives nothing to %s", async (_who, headers, status) => {
    const response = await ask(JSON.stringify({ address: VISITOR }), headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ detail: expect.any(String) as string });
    expect(asked).toHaveLength(1);
  });

  test("gives nothing to who does not say where from", async () => {
    const { hostname, port } = new URL(site.url);
    const status = await new Promise((resolve) => {
      const headers = { "content-type": "application/json" };
      request({ hostname, port, path: "/faucet", method: "POST", headers }, (response) =>
        resolve(response.statusCode),
      ).end("{}");
    });
    expect(status).toBe(403);
  });

  test.each([
    ["no JSON", "x", 422],
    ["no object", "null", 422],
    ["no address", "{}", 422],
    ["an address that is too short", '{"address":"abc"}', 422],
    ["an address that is not text", '{"address":5}', 422],
    ["too much", JSON.stringify({ address: VISITOR, more: "x".repeat(1024) }), 413],
  ])("refuses %s", async (_what, body, status) => {
    expect((await ask(body)).status).toBe(status);
    expect(asked).toHaveLength(1);
  });

  test("is asked by POST only", async () => {
    const response = await fetch(`${site.url}/faucet`);
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
  });

  test("serves sixty requests a minute", async () => {
    const answers: number[] = [];
    for (let count = 0; count < 60; count += 1) answers.push((await ask(JSON.stringify({ address: VISITOR }))).status);
    expect(answers.filter((status) => status === 200)).toHaveLength(59);
    const refused = await ask(JSON.stringify({ address: VISITOR }));
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
  });

  test("lets ten wait, and sends the next one away", async () => {
    const gate = Promise.withResolvers<never>();
    const slow = await startDemoSite({ ...options, publishableKey: "pk", faucet: { give: () => gate.promise } });
    const headers = { origin: slow.url, "content-type": "application/json" };
    const post = () =>
      fetch(`${slow.url}/faucet`, { method: "POST", headers, body: JSON.stringify({ address: VISITOR }) });
    const waiting = Array.from({ length: 11 }, post);
    const first = await Promise.race(waiting);
    expect(first.status).toBe(503);
    expect(await first.text()).toContain("Too many wait");
    gate.reject(new Error("that is enough"));
    await Promise.all(waiting);
    await slow.close();
  });

  test("that cannot reach its chain says so, without the reason", async () => {
    const broken = { give: () => Promise.reject(new Error("secret reason")) };
    const other = await startDemoSite({ ...options, publishableKey: "pk", faucet: broken });
    const headers = { origin: other.url, "content-type": "application/json" };
    const response = await fetch(`${other.url}/faucet`, {
      method: "POST",
      headers,
      body: JSON.stringify({ address: VISITOR }),
    });
    expect([response.status, await response.text()]).toEqual([
      503,
      '{"detail":"The localnet did not give any tokens. Try again."}',
    ]);
    await other.close();
  });
});
