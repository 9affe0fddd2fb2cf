import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectProblem } from "../support/problems.ts";
import { send } from "../support/send.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ algorand: {} });
});
afterAll(() => stack.close());

const get = (path: string) => fetch(stack.api + path, { redirect: "manual" });
const scriptsOf = (page: string): string[] =>
  [...page.matchAll(/src="(\/dashboard\/assets\/[^"]+)"/g)].map(([, src]) => src ?? "");

describe("the dashboard's page", () => {
  test("is the same at every address below it, and asks to be asked for again", async () => {
    const page = await (await get("/dashboard")).text();
    for (const path of ["/dashboard/", "/dashboard/p/prj_x/keys", "/dashboard/invitations/abc"]) {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe("text/html; charset=UTF-8");
      expect(answer.headers.get("cache-control")).toBe("no-cache");
      expect(answer.headers.get("cross-origin-opener-policy")).toBe("same-origin-allow-popups");
      expect(await answer.text()).toBe(page);
    }
  });

  test("runs and styles nothing but its own files, asks nobody but the API and Pera, in no frame, and a string never becomes script", async () => {
    const policy = (await get("/dashboard/")).headers.get("content-security-policy") ?? "";
    expect(policy.split("; ").toSorted()).toEqual(
      [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self' https://wc.perawallet.app wss://*.perawallet.app",
        "img-src 'self' data:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html gasless-wallet-icon 'allow-duplicates'",
      ].toSorted(),
    );
  });

  test("has no inline script or style that its policy would have to let in", async () => {
    const page = await (await get("/dashboard/")).text();
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/i);
  });

  test("names the console project and nothing secret", async () => {
    const page = await (await get("/dashboard/")).text();
    expect(page).toContain('name="gasless-project" content="pk_live_');
    expect(page).not.toMatch(/sk_(?:test|live)_/);
  });
});

describe("the dashboard's files", () => {
  test("are scripts and styles that may be kept for ever, the widget among them", async () => {
    const page = await (await get("/dashboard/")).text();
    const [style] = /\/dashboard\/assets\/[^"]+\.css/.exec(page) ?? [];
    const scripts = scriptsOf(page);
    expect(scripts.some((path) => path.endsWith("/gasless-wallet.js"))).toBe(true);
    for (const path of [...scripts, style ?? ""]) {
      const answer = await get(path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(answer.headers.get("content-type")).toBe(
        path.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8",
      );
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect((await answer.text()).length).toBeGreaterThan(100);
    }
  });

  test("of another name are not there, and a path out of their folder leads nowhere", async () => {
    const ways = ["..%2findex.html", "%2e%2e%2f%2e%2e%2fdocs.csp", "a%2f..%2f..%2fapp.js", "..%5capp.js"];
    for (const name of [...ways, "none.js", "index.html", "x.js.map", "a/b/c/d.js", ".js", "x%00.js"]) {
      expectProblem(await send(stack, "GET", `/dashboard/assets/${name}`), 404, "request.not_found");
    }
  });
});
