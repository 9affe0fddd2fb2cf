import { type ApiTarget, callApi, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { expectProblem } from "../support/problems.ts";
import { makeProof, postSession } from "../support/proofs.ts";
import { pageOf, send } from "../support/send.ts";
import { ORIGIN, type Stack, startStack } from "../support/stack.ts";

const OTHER_ORIGIN = "https://other.example";
/** What an isolate may still believe of a project, and a little time to ask. */
const CACHE = { timeout: 6_000, interval: 200 };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const readConfig = (target: ApiTarget, headers: Record<string, string>) =>
  send(target, "GET", "/v1/config", { headers });

describe("an origin", () => {
  test.each([
    ["with a trailing slash", `${ORIGIN}/`],
    ["in upper case", ORIGIN.toUpperCase()],
    ["with another port", `${ORIGIN}:8443`],
    ["with its default port written out", `${ORIGIN}:443`],
    ["of another scheme", ORIGIN.replace("https", "http")],
    ["of a sub-domain", ORIGIN.replace("dapp", "evil.dapp")],
    ["that only begins alike", `${ORIGIN}.evil.example`],
    ["that only ends alike", "https://evildapp.example"],
    ["with a path", `${ORIGIN}/app`],
    ["null, as of a sandboxed frame", "null"],
    ["that is empty", ""],
    ["twice", `${ORIGIN}, ${ORIGIN}`],
  ])("%s is not the one on the list", async (_name, origin) => {
    const target = await stack.createProject();
    const answer = await readConfig(target, { ...pageOf(target), origin });
    expectProblem(answer, 403, "project.origin_not_allowed");
  });

  test("must be there: a script without one is refused everywhere", async () => {
    const target = await stack.createProject();
    const { accessToken } = await signIn(target, await createWallet());
    const key = { "gasless-key": target.publishableKey };
    const token = { authorization: `Bearer ${accessToken}` };
    const json = { "content-type": "application/json" };
    const post = { body: JSON.stringify({ network: target.network }) };
    const answers = [
      await send(target, "GET", "/v1/config", { headers: key }),
      await send(target, "POST", "/v1/challenges", { headers: { ...key, ...json }, ...post }),
      await send(target, "POST", "/v1/sessions", { headers: { ...key, ...json }, ...post }),
      await send(target, "POST", "/v1/sessions/refresh", { headers: { ...key, ...json }, ...post }),
      await send(target, "GET", "/v1/sessions/current", { headers: token }),
      await send(target, "DELETE", "/v1/sessions", { headers: token }),
      await send(target, "POST", "/v1/relays/prepare", { headers: { ...token, ...json }, ...post }),
      await send(target, "POST", "/v1/relays", { headers: { ...token, ...json }, ...post }),
      await send(target, "GET", "/v1/relays", { headers: token }),
      await send(target, "GET", `/v1/allowance?network=${target.network}`, { headers: token }),
    ];
    for (const answer of answers) expectProblem(answer, 403, "project.origin_not_allowed");
  });

  test("of the project, but not the one that the session was opened from, cannot use its token", async () => {
    const target = await stack.createProject({ origins: [ORIGIN, OTHER_ORIGIN] });
    const { accessToken } = await signIn(target, await createWallet());
    const stolen = { ...target, origin: OTHER_ORIGIN };
    const answer = await callApi(stolen, "GET", "/v1/sessions/current", { token: accessToken });
    expectProblem(answer, 403, "project.origin_not_allowed");
  });
});

describe("a page of the API's own origin, whose GETs carry no Origin", () => {
  test("may read, by the browser's word for it", async () => {
    const target = await stack.createProject({ origins: [stack.api] });
    const headers = { "gasless-key": target.publishableKey, "sec-fetch-site": "same-origin" };
    expect((await readConfig(target, headers)).status).toBe(200);
  });

  test("has no place in a project that does not list it", async () => {
    const target = await stack.createProject();
    const headers = { "gasless-key": target.publishableKey, "sec-fetch-site": "same-origin" };
    expectProblem(await readConfig(target, headers), 403, "project.origin_not_allowed");
  });

  test("is not taken at that word when it posts, or when it says another", async () => {
    const target = await stack.createProject({ origins: [stack.api] });
    const key = { "gasless-key": target.publishableKey };
    for (const site of ["same-site", "cross-site", "none", "Same-Origin"]) {
      expectProblem(await readConfig(target, { ...key, "sec-fetch-site": site }), 403, "project.origin_not_allowed");
    }
    const post = await send(target, "POST", "/v1/challenges", {
      headers: { ...key, "sec-fetch-site": "same-origin", "content-type": "application/json" },
      body: JSON.stringify({ network: target.network }),
    });
    expectProblem(post, 403, "project.origin_not_allowed");
    const foreign = { ...key, "sec-fetch-site": "same-origin", origin: "https://evil.example" };
    expectProblem(await readConfig(target, foreign), 403, "project.origin_not_allowed");
  });
});

describe("a publishable key", () => {
  test.each([
    ["unknown", `pk_test_${"0".repeat(32)}`],
    ["empty", ""],
    ["secret", `sk_test_${"0".repeat(32)}`],
    ["too short", "pk_test_0"],
    ["not one at all", "' or 1=1 --"],
    ["endless", `pk_test_${"0".repeat(4_000)}`],
  ])("that is %s names no project", async (_name, key) => {
    const target = await stack.createProject();
    expectProblem(await readConfig(target, { origin: ORIGIN, "gasless-key": key }), 401, "project.key_invalid");
  });

  test("that is missing, padded or in other case names no project", async () => {
    const target = await stack.createProject();
    expectProblem(await readConfig(target, { origin: ORIGIN }), 401, "project.key_invalid");
    for (const key of [`${target.publishableKey}0`, target.publishableKey.toUpperCase()]) {
      expectProblem(await readConfig(target, { origin: ORIGIN, "gasless-key": key }), 401, "project.key_invalid");
    }
  });

  test("of another project beside a token is refused, its own is not", async () => {
    const [target, other] = [await stack.createProject(), await stack.createProject()];
    const { accessToken: token } = await signIn(target, await createWallet());
    const ask = (key: string) =>
      callApi(target, "GET", "/v1/sessions/current", { token, headers: { "gasless-key": key } });
    expectProblem(await ask(other.publishableKey), 401, "project.key_invalid");
    expectProblem(await ask("pk_test_nobodys_key_at_all"), 401, "project.key_invalid");
    expect((await ask(target.publishableKey)).status).toBe(200);
  });
});

// At once, because each waits for what the isolate still believes.
describe.concurrent("a change of the project holds within five seconds:", () => {
  test("an origin that was taken off the list is refused, with tokens too", async () => {
    const target = await stack.createProject();
    const { accessToken } = await signIn(target, await createWallet());
    await stack.database.query("delete from project_origins where project_id = $1", [target.projectId]);
    await stack.database.query("update projects set revision = revision + 1 where id = $1", [target.projectId]);
    await vi.waitFor(async () => {
      const answer = await callApi(target, "GET", "/v1/sessions/current", { token: accessToken });
      expectProblem(answer, 403, "project.origin_not_allowed");
    }, CACHE);
  });

  test("a revoked key names no project, and opens no session at once", async () => {
    const target = await stack.createProject();
    const proof = await makeProof(target, await createWallet());
    await stack.database.query("update project_keys set revoked_at = now() where id = $1", [target.keyId]);
    expectProblem(await postSession(target, proof), 401, "project.key_invalid");
    await vi.waitFor(async () => {
      expectProblem(await callApi(target, "GET", "/v1/config"), 401, "project.key_invalid");
    }, CACHE);
  });

  test("a suspended project is told so, by key and by token, and opens no session at once", async () => {
    const target = await stack.createProject();
    const { accessToken: token } = await signIn(target, await createWallet());
    const proof = await makeProof(target, await createWallet());
    await stack.database.query("update projects set status = 'suspended', revision = revision + 1 where id = $1", [
      target.projectId,
    ]);
    expectProblem(await postSession(target, proof), 403, "project.suspended");
    await vi.waitFor(async () => {
      expectProblem(await callApi(target, "GET", "/v1/config"), 403, "project.suspended");
      expectProblem(await callApi(target, "GET", "/v1/relays", { token }), 403, "project.suspended");
    }, CACHE);
    // A foreign page does not learn of it.
    const foreign = await callApi({ ...target, origin: OTHER_ORIGIN }, "GET", "/v1/config");
    expectProblem(foreign, 403, "project.origin_not_allowed");
  });
});
