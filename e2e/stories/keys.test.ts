import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createProof, createProofKey } from "../../widget/src/api/dpop.ts";
import {
  dialog,
  dialogButton,
  openScene,
  type Scene,
  signIn,
  startMemo,
  statusOf,
  trigger,
  untilStatus,
} from "./support/scene.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());

type Page = Parameters<typeof trigger>[0];

interface Kept {
  readonly refreshToken: string;
  readonly isExtractable: boolean;
  /** What reading the private half in each format came to. */
  readonly reads: readonly string[];
}

/** All that a script in the page can get at of a kept session. */
const readKept = (page: Page): Promise<Kept> =>
  page.evaluate(async () => {
    const settle = <Value>(request: IDBRequest<Value>) =>
      new Promise<Value>((resolve, reject) => {
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(new Error("IndexedDB failed")));
      });
    const database = await settle(indexedDB.open("gasless-wallet"));
    const all = await settle(database.transaction("sessions").objectStore("sessions").getAll());
    database.close();
    const [{ refreshToken, key }] = all as [{ refreshToken: string; key: CryptoKeyPair }];
    const read = (format: "jwk" | "pkcs8") =>
      crypto.subtle.exportKey(format as "jwk", key.privateKey).then(
        () => "read",
        ({ name }: Error) => name,
      );
    return { refreshToken, isExtractable: key.privateKey.extractable, reads: [await read("jwk"), await read("pkcs8")] };
  });

const accessToken = (page: Page): Promise<string> =>
  page
    .locator("gasless-wallet")
    .evaluate((element) => (element as unknown as { getAccessToken(): Promise<string> }).getAccessToken());

/** Somebody else's program, which may write whatever headers it likes. */
async function steal(path: string, headers: Record<string, string>, body?: object): Promise<string> {
  const response = await fetch(scene.stack.api + path, {
    method: body ? "POST" : "GET",
    headers: { ...headers, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return `${response.status} ${((await response.json()) as { code?: string }).code}`;
}

describe("every call of a page", () => {
  test("from the challenge to the relay carries a proof of one key, and no token is a Bearer", async () => {
    const { page } = await scene.visit();
    const calls: { method: string; path: string; headers: Record<string, string> }[] = [];
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.origin !== scene.stack.api || request.method() === "OPTIONS") return;
      calls.push({ method: request.method(), path: url.pathname, headers: request.headers() });
    });
    await signIn(page);
    expect(await (await startMemo(page))()).toMatchObject({ state: "finalized" });
    await page.reload();
    await untilStatus(page, "signed-in");
    await trigger(page).click();
    await dialog(page).getByText("free transactions left today").first().waitFor();

    const proved = calls.filter(({ path }) => path !== "/v1/config");
    expect(new Set(proved.map(({ path }) => path.replace(/rly_.+/, "…")))).toEqual(
      new Set([
        "/v1/challenges",
        "/v1/sessions",
        "/v1/sessions/refresh",
        "/v1/allowance",
        "/v1/relays",
        "/v1/relays/prepare",
        "/v1/relays/…",
      ]),
    );
    const keys = new Set<string>();
    const ids = new Set<string>();
    for (const { method, path, headers } of proved) {
      expect(headers["authorization"] ?? "DPoP", path).toMatch(/^DPoP/);
      const [header = "", claims = ""] = (headers["dpop"] ?? "")
        .split(".")
        .map((part) => Buffer.from(part, "base64url"));
      const { jti, htm, htu } = JSON.parse(String(claims)) as Record<string, string>;
      expect([htm, htu]).toEqual([method, scene.stack.api + path]);
      keys.add(JSON.stringify((JSON.parse(String(header)) as { jwk: unknown }).jwk));
      ids.add(String(jti));
    }
    expect([keys.size, ids.size]).toEqual([1, proved.length]);
  });
});

test("a key that nobody has signed in with is in memory alone: looking at the wallets stores nothing", async () => {
  const { page, context } = await scene.visit();
  const challenged = page.waitForResponse("**/v1/challenges");
  await trigger(page).click();
  await challenged;
  await dialogButton(page, /Burner Wallet/).waitFor();
  const stored = await page.evaluate(async () => [
    localStorage.length,
    sessionStorage.length,
    (await indexedDB.databases()).length,
  ]);
  expect([...stored, (await context.cookies()).length]).toEqual([0, 0, 0, 0]);
});

describe("what a thief takes from a page", () => {
  test("the key itself cannot be read, not even by a script of the page", async () => {
    const { page } = await scene.visit();
    await signIn(page);
    expect(await readKept(page)).toMatchObject({
      isExtractable: false,
      reads: ["InvalidAccessError", "InvalidAccessError"],
    });
  });

  test("a refresh token without the key, or with another one, opens nothing and signs nobody out", async () => {
    const { page, target, url } = await scene.visit();
    await signIn(page);
    const { refreshToken } = await readKept(page);
    const headers = { origin: url, "gasless-key": target.publishableKey };
    const path = "/v1/sessions/refresh";
    const call = { method: "POST", url: scene.stack.api + path, nowMs: Date.now() };
    const dpop = await createProof(await createProofKey(), call);
    expect(await steal(path, headers, { refreshToken })).toBe("401 auth.proof_invalid");
    expect(await steal(path, { ...headers, dpop }, { refreshToken })).toBe("401 auth.proof_invalid");
    await page.reload();
    await untilStatus(page, "signed-in");
    expect(await accessToken(page)).not.toBe("");
  });

  test("an access token without the key reads nothing, as Bearer, with a proof that was seen once, or with a key of its own", async () => {
    const { page, url } = await scene.visit();
    await signIn(page);
    const used = page.waitForRequest("**/v1/allowance*");
    await trigger(page).click();
    const { authorization = "", dpop = "" } = await (await used).allHeaders();
    expect(authorization).toMatch(/^DPoP /);
    await dialog(page).getByText("free transactions left today").first().waitFor();
    const path = "/v1/allowance?network=solana:localnet";
    const bearer = authorization.replace("DPoP", "Bearer");
    const refused = "401 auth.proof_invalid";
    expect(await steal(path, { origin: url, authorization: bearer })).toBe(refused);
    expect(await steal(path, { origin: url, authorization })).toBe(refused);
    expect(await steal(path, { origin: url, authorization, dpop })).toBe(refused);
    const token = authorization.replace("DPoP ", "");
    const call = { method: "GET", url: scene.stack.api + path, nowMs: Date.now(), token };
    const own = await createProof(await createProofKey(), call);
    expect(await steal(path, { origin: url, authorization, dpop: own })).toBe(refused);
    expect(await statusOf(page)).toBe("signed-in");
  });
});

describe("a device whose clock is wrong", () => {
  // Ten days are more than a session lives.
  test.each([
    ["ten minutes behind", -10 * 60_000],
    ["ten minutes ahead", 10 * 60_000],
    ["ten days behind", -10 * 86_400_000],
    ["ten days ahead", 10 * 86_400_000],
  ])("%s signs in, has a transaction paid, and stays signed in", async (_where, offMs) => {
    const { page } = await scene.visit({
      before: (opening) => opening.clock.setSystemTime(Date.now() + offMs),
    });
    await signIn(page);
    expect(await (await startMemo(page))()).toMatchObject({ state: "finalized" });
    await page.reload();
    await untilStatus(page, "signed-in");
    expect(await accessToken(page)).not.toBe("");
  });
});

test("a page that dies between a refresh and its answer is still signed in when it comes back, an hour later too", async () => {
  const { page } = await scene.visit();
  const user = await signIn(page);
  await page.reload();
  await untilStatus(page, "signed-in");
  const before = (await readKept(page)).refreshToken;
  const answered = Promise.withResolvers<string>();
  await page.route("**/v1/sessions/refresh", async (route) => {
    const response = await route.fetch();
    answered.resolve(((await response.json()) as { refreshToken: string }).refreshToken);
    // The answer never arrives: the page is gone.
  });
  void accessToken(page).catch(() => undefined);
  const successor = await answered.promise;
  await page.unroute("**/v1/sessions/refresh");
  await scene.stack.database.query(
    "update sessions set refreshed_at = refreshed_at - interval '1 hour' where user_id in (select user_id from wallets where wallet = $1)",
    [`solana:${user}`],
  );
  await page.reload();
  await untilStatus(page, "signed-in");
  expect((await readKept(page)).refreshToken).toBe(before);
  expect(await accessToken(page)).not.toBe("");
  expect((await readKept(page)).refreshToken).toBe(successor);
  expect(await statusOf(page)).toBe("signed-in");
});

test("a dapp's own backend is given a token and a proof for its own address", async () => {
  const { page, url } = await scene.visit();
  await signIn(page);
  const headers = await page.locator("gasless-wallet").evaluate((element) => {
    const wallet = element as unknown as { authorize(method: string, url: string): Promise<Record<string, string>> };
    return wallet.authorize("post", "/orders?page=2");
  });
  expect(Object.keys(headers)).toEqual(["Authorization", "DPoP"]);
  const claims = Buffer.from(headers["DPoP"]?.split(".")[1] ?? "", "base64url").toString();
  expect(JSON.parse(claims)).toMatchObject({ htm: "POST", htu: `${url}/orders`, ath: expect.any(String) as string });
});
