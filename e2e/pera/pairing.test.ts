import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { buttonsOf, challengeFor, openPhoneScene, type Page, type PhoneScene, STAGE } from "./test-support.ts";

const SEEDS = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
const SHORT_TIMERS = { toFake: ["setTimeout", "clearTimeout"] } satisfies Parameters<typeof vi.useFakeTimers>[0];

let scene: PhoneScene;
beforeEach(async () => {
  scene = await openPhoneScene(SEEDS);
});
afterEach(() => scene.close());

const silently = { isSilent: true };
const aloud = { isSilent: false };

async function pair(page: Page): Promise<readonly string[]> {
  const connecting = page.driver.connect(aloud);
  await scene.pera.open(await page.link());
  return connecting;
}

const askMx = ({ driver }: Page, address: string) => driver.family.ways[1]?.sign(address, challengeFor(address));

describe("pairing", () => {
  test("gives the accounts of the phone that scanned the code, and keeps them for the next load without a prompt", async () => {
    const first = await scene.load();
    expect(await first.driver.connect(silently)).toEqual([]);
    expect(await pair(first)).toEqual(scene.pera.addresses);
    const next = await scene.load();
    expect(await next.driver.connect(silently)).toEqual(scene.pera.addresses);
    expect(await next.driver.connect(aloud)).toEqual(scene.pera.addresses);
    expect(next.shown.filter((view) => view !== undefined)).toEqual([]);
  });

  test("says to the phone for which network it is", async () => {
    const page = await scene.load({ network: "algorand:testnet" });
    const connecting = page.driver.connect(aloud);
    expect(await scene.pera.open(await page.link())).toMatchObject({ chainId: 416_002 });
    await connecting;
  });

  test("stores under names of ours alone", async () => {
    await scene.paired();
    expect([...scene.stored.keys()].filter((name) => !name.startsWith("gasless-wallet "))).toEqual([]);
    expect(scene.stored.size).toBe(2);
  });

  test("leaves nothing behind in the page's own scope", async () => {
    const before = new Set(Reflect.ownKeys(globalThis));
    await scene.paired();
    expect(Reflect.ownKeys(globalThis).filter((name) => !before.has(name))).toEqual([]);
  });

  test("that is rejected on the phone ends at once", async () => {
    scene.pera.behave({ session: "reject" });
    const page = await scene.load();
    const refused = expect(page.driver.connect(aloud)).rejects.toMatchObject({ code: "wallet.rejected" });
    await scene.pera.open(await page.link());
    await refused;
    expect(page.shown.at(-1)).toBeUndefined();
  });

  test("that nobody waits for any more leaves no socket behind", async () => {
    const page = await scene.load();
    const waiting = new AbortController();
    const closed = expect(page.driver.connect({ ...aloud, signal: waiting.signal })).rejects.toThrow("closed");
    await vi.waitFor(() => expect(scene.bridge.connections).toBe(1));
    waiting.abort(new Error("closed"));
    await closed;
    await vi.waitFor(() => expect(scene.bridge.connections).toBe(0));
  });

  test("that is given up in the same moment opens none", async () => {
    const page = await scene.load();
    const waiting = new AbortController();
    const closed = expect(page.driver.connect({ ...aloud, signal: waiting.signal })).rejects.toThrow("closed");
    await vi.waitFor(() => expect(page.shown.at(-1)).toBeDefined());
    waiting.abort(new Error("closed"));
    await closed;
    expect(page.shown.at(-1)).toBeUndefined();
    const next = await scene.paired();
    expect([next.address, scene.bridge.connections]).toEqual([scene.pera.addresses[0], 2]);
  });

  test("by a bridge that is dead says so after ten seconds, and works when it is back", async () => {
    await scene.bridge.drop();
    vi.useFakeTimers(SHORT_TIMERS);
    const page = await scene.load();
    const refused = expect(page.driver.connect(aloud)).rejects.toMatchObject({ code: "wallet.unreachable" });
    await vi.advanceTimersByTimeAsync(10_000);
    await refused;
    vi.useRealTimers();
    await scene.bridge.revive();
    expect(await pair(page)).toEqual(scene.pera.addresses);
  });

  test("that was for another network, or by another bridge, is not taken up", async () => {
    await pair(await scene.load({ network: "algorand:testnet" }));
    const shownOn = async (options: Parameters<PhoneScene["load"]>[0]) =>
      (await scene.load(options)).driver.connect(silently);
    expect(await shownOn({ network: "algorand:testnet" })).toEqual(scene.pera.addresses);
    expect(await shownOn({ network: "algorand:mainnet" })).toEqual([]);
    expect(await shownOn({ network: "algorand:testnet", bridge: "http://127.0.0.1:1" })).toEqual([]);
  });

  test("asks Pera for its bridges once, at the first pairing, and never with a bridge of one's own", async () => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (url: string) => {
      asked.push(url);
      return Response.json({ servers: [scene.bridge.url] });
    });
    await scene.paired();
    scene.stored.clear();
    const page = await scene.load({ bridge: null });
    expect(await page.driver.connect(silently)).toEqual([]);
    expect(asked).toEqual([]);
    const [address = ""] = await pair(page);
    await askMx(page, address);
    expect(asked).toEqual(["https://wc.perawallet.app/config.json"]);
  });

  test.each<[string, () => Promise<Response>]>([
    ["does not answer", () => Promise.reject(new Error("offline"))],
    ["names none", async () => Response.json({ servers: [] })],
    ["answers something else", async () => new Response("<html>")],
  ])("where Pera %s is not tried by a bridge that may be anybody's", async (_what, fetch) => {
    vi.stubGlobal("fetch", fetch);
    vi.stubGlobal("WebSocket", () => expect.unreachable("no socket may be opened"));
    const page = await scene.load({ bridge: null });
    await expect(page.driver.connect(aloud)).rejects.toMatchObject({ code: "wallet.unreachable" });
  });
});

describe("a phone that is paired", () => {
  test("tells of another account, and of its end", async () => {
    const { page } = await scene.paired();
    const heard: (readonly string[])[] = [];
    page.driver.onAccountsChanged((accounts) => heard.push(accounts));
    scene.pera.switchAccount(scene.pera.addresses[1] ?? "");
    await vi.waitFor(() => expect(heard).toEqual([[scene.pera.addresses[1]]]));
    expect(page.note()).toBe("");
    await scene.pera.disconnect();
    await vi.waitFor(() => expect(heard.at(-1)).toEqual([]));
    expect(page.note()).toContain("has ended the connection");
    expect(await page.driver.connect(silently)).toEqual([]);
    expect(scene.stored.size).toBe(0);
  });

  test("with several accounts puts first the one that a person chose", async () => {
    const { page } = await scene.paired();
    const { addresses } = scene.pera;
    const choosing = page.driver.family.choose(addresses, new AbortController().signal);
    const view = page.shown.at(-1)?.(STAGE);
    expect(view?.title).toBe("Choose an account");
    buttonsOf(view?.content)[1]?.();
    expect(await choosing).toBe(addresses[1]);
    expect(await page.driver.connect(silently)).toEqual([addresses[1], addresses[0], addresses[2]]);
  });

  test("that leaves in the middle of a request ends it", async () => {
    const { page, address } = await scene.paired({ signing: "disconnect" });
    await expect(askMx(page, address)).rejects.toMatchObject({ code: "wallet.disconnected" });
  });

  test("is disconnected by the page, on the phone too", async () => {
    const { page, address } = await scene.paired();
    await page.driver.disconnect();
    expect(await page.driver.connect(silently)).toEqual([]);
    expect(await (await scene.load()).driver.connect(silently)).toEqual([]);
    await expect(askMx(page, address)).rejects.toMatchObject({ code: "wallet.disconnected" });
    // Its own account of who is connected.
    scene.pera.switchAccount(scene.pera.addresses[1] ?? "");
    await vi.waitFor(() => expect(scene.bridge.connections).toBe(0));
  });
});

describe("a bridge that is gone for a while", () => {
  test("is waited for: the request that was out is answered when it is back", async () => {
    const { page, address } = await scene.paired({ signing: "hang" });
    const asked = scene.pera.nextRequest();
    const signing = askMx(page, address);
    await asked;
    await scene.bridge.drop();
    await vi.waitFor(() => expect(page.hint()).toContain("is interrupted"));
    scene.pera.answerHeld();
    await scene.bridge.revive();
    expect(await signing).toMatchObject({ signature: expect.stringMatching(/^[\w+/]{86}==$/) as string });
    expect(page.hint()).not.toContain("is interrupted");
  });

  test("for too long ends the request", async () => {
    const { page, address } = await scene.paired({ signing: "hang" });
    const asked = scene.pera.nextRequest();
    vi.useFakeTimers(SHORT_TIMERS);
    const refused = expect(askMx(page, address)).rejects.toMatchObject({ code: "wallet.unreachable" });
    await asked;
    await scene.bridge.drop();
    await vi.waitFor(() => expect(page.hint()).toContain("is interrupted"));
    await vi.advanceTimersByTimeAsync(30_000);
    await refused;
  });
});
