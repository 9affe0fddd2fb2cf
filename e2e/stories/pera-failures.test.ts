import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  makeTransfer,
  openPeraScene,
  PERA,
  type PeraScene,
  readLink,
  scanCode,
  signInByPera,
  startGroup,
} from "./support/pera-scene.ts";
import { addressOf, dialog, dialogButton, heading, statusOf, trigger, untilStatus } from "./support/scene.ts";

let pera: PeraScene;
beforeAll(async () => {
  pera = await openPeraScene();
});
afterAll(() => pera.close());

/** A page on which somebody is signed in, with something to have sponsored. */
async function signedIn(options: Parameters<PeraScene["visit"]>[0] = {}) {
  const visit = await pera.visit(options);
  const user = await signInByPera(visit);
  const transfer = await makeTransfer(pera, user, pera.createAsset());
  return { ...visit, user, transfer, visit };
}

describe("a person who does otherwise", () => {
  test("rejects the connection: is told so, and tries again with one click", async () => {
    const visit = await pera.visit({ phone: { behaviour: { session: "reject" } } });
    const { page } = visit;
    await trigger(page).click();
    await scanCode(visit);
    await dialog(page).getByText("You declined the request in Pera Wallet.").waitFor();
    expect(await statusOf(page)).toBe("disconnected");
    visit.pera.behave({ session: "approve" });
    await dialogButton(page, "Try again").click();
    await visit.pera.open(await readLink(page));
    await untilStatus(page, "signed-in");
  });

  test("rejects the signature: is told so, is asked in no other way, and tries again without another code", async () => {
    const visit = await pera.visit({ phone: { behaviour: { signing: "reject" } } });
    const { page } = visit;
    await trigger(page).click();
    await scanCode(visit);
    await dialog(page).getByText("You declined the request in Pera Wallet.").waitFor();
    expect(await dialog(page).getByText("hardware wallet").count()).toBe(0);
    expect([visit.pera.requests.length, await statusOf(page)]).toEqual([1, "connected"]);
    visit.pera.behave({ signing: "approve" });
    await dialogButton(page, "Try again").click();
    await untilStatus(page, "signed-in");
  });

  test("rejects a transaction and thinks better of it: the page's call goes on as one", async () => {
    const { page, transfer, visit } = await signedIn();
    visit.pera.behave({ signing: "reject" });
    const outcome = await startGroup(page, [transfer]);
    await dialogButton(page, "Try again").waitFor();
    visit.pera.behave({ signing: "approve" });
    await dialogButton(page, "Try again").click();
    expect(await outcome()).toMatchObject({ state: "finalized" });
  });

  test("closes the dialog before anybody has scanned the code: nothing stays open", async () => {
    const { page } = await pera.visit();
    const before = pera.bridge.connections;
    await trigger(page).click();
    await dialogButton(page, PERA).click();
    await dialog(page).getByRole("img", { name: "Code for Pera Wallet" }).waitFor();
    await expect.poll(() => pera.bridge.connections).toBe(before + 1);
    await page.keyboard.press("Escape");
    await expect.poll(() => pera.bridge.connections).toBe(before);
    expect(await statusOf(page)).toBe("disconnected");
  });
});

test("a code that nobody scans ends after five minutes, leaves nothing open, and one click shows a new one", async () => {
  const visit = await pera.visit({ before: (opening) => opening.clock.install() });
  const { page } = visit;
  const before = pera.bridge.connections;
  await trigger(page).click();
  await dialogButton(page, PERA).click();
  const first = await readLink(page);
  await page.clock.fastForward(299_000);
  expect(await dialog(page).getByText("The code is good for five minutes").count()).toBe(1);
  await page.clock.fastForward(2_000);
  await dialog(page).getByText("Pera Wallet has not answered for a while").waitFor();
  await expect.poll(() => pera.bridge.connections).toBe(before);
  await dialogButton(page, "Try again").click();
  expect(await readLink(page)).not.toBe(first);
});

describe("a phone that is gone", () => {
  test("has ended the connection: the sheet says so, and the next transaction pairs it again", async () => {
    const { page, transfer, user, visit } = await signedIn();
    await visit.pera.disconnect();
    await trigger(page).click();
    await dialog(page).getByText("Pera Wallet has ended the connection. You stay signed in").waitFor();
    await page.keyboard.press("Escape");
    const outcome = await startGroup(page, [transfer]);
    await heading(page).getByText("Connect Pera Wallet").waitFor();
    await visit.pera.open(await readLink(page));
    expect(await outcome()).toMatchObject({ state: "finalized" });
    expect(await addressOf(page)).toBe(user);
  });

  test("ends the connection in the middle of a sign-in: said so, and one click shows a new code", async () => {
    const visit = await pera.visit({ phone: { behaviour: { signing: "disconnect" } } });
    const { page } = visit;
    await trigger(page).click();
    await scanCode(visit);
    await dialog(page).getByText("Pera Wallet has ended the connection. Connect it again.").waitFor();
    expect(await statusOf(page)).toBe("disconnected");
    visit.pera.behave({ signing: "approve" });
    await dialogButton(page, "Try again").click();
    await visit.pera.open(await readLink(page));
    await untilStatus(page, "signed-in");
  });

  test("ends the connection before the second tap of somebody who is on it: said so, and the wallets are listed again", async () => {
    const visit = await pera.visit({
      context: { userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)" },
    });
    const { page } = visit;
    await trigger(page).click();
    await scanCode(visit);
    await dialogButton(page, "Sign in").waitFor();
    expect(await dialog(page).getByText("hardware wallet").count()).toBe(0);
    await visit.pera.disconnect();
    await dialog(page).getByText("has ended the connection. Connect it again.").waitFor();
    expect(await statusOf(page)).toBe("disconnected");
    await dialogButton(page, "Try again").click();
    await scanCode(visit);
    await dialogButton(page, "Sign in").click();
    await untilStatus(page, "signed-in");
  });

  test("ends the connection in the middle of a transaction: said so, and the page's call goes on after a new code", async () => {
    const { page, transfer, visit } = await signedIn();
    visit.pera.behave({ signing: "disconnect" });
    const outcome = await startGroup(page, [transfer]);
    await dialog(page).getByText("Pera Wallet has ended the connection. Connect it again.").waitFor();
    visit.pera.behave({ signing: "approve" });
    await dialogButton(page, "Try again").click();
    await visit.pera.open(await readLink(page));
    expect(await outcome()).toMatchObject({ state: "finalized" });
  });

  test("says nothing: a hint after eight seconds, a way out after a minute", async () => {
    const visit = await pera.visit({
      phone: { behaviour: { signing: "hang" } },
      before: (opening) => opening.clock.install(),
    });
    const { page } = visit;
    await trigger(page).click();
    await scanCode(visit);
    await expect.poll(() => visit.pera.requests.length).toBe(1);
    await dialog(page).getByText("Pera Wallet on your phone shows the request").waitFor();
    expect(await dialog(page).getByText("Nothing to see?").count()).toBe(0);
    await page.clock.fastForward(9_000);
    await dialog(page).getByText("Nothing to see?").waitFor();
    await page.clock.fastForward(60_000);
    await dialog(page).getByText("Open it, close what waits there").waitFor();
    visit.pera.behave({ signing: "approve" });
    await dialogButton(page, "Try again").click();
    await expect
      .poll(async () => {
        await page.clock.fastForward(50);
        return statusOf(page);
      })
      .toBe("signed-in");
  });
});

describe("a bridge", () => {
  test("that is gone for a while is waited for: the request that is out is answered when it is back", async () => {
    const visit = await pera.visit({ phone: { behaviour: { signing: "hang" } } });
    const { page } = visit;
    await trigger(page).click();
    await scanCode(visit);
    await expect.poll(() => visit.pera.requests.length).toBe(1);
    await pera.bridge.drop();
    await dialog(page).getByText("The connection is interrupted").waitFor();
    visit.pera.answerHeld();
    await pera.bridge.revive();
    await untilStatus(page, "signed-in");
    expect(visit.pera.requests).toHaveLength(1);
  });

  test("that is dead is said so after ten seconds, and a click tries it again", async () => {
    const visit = await pera.visit({ before: (opening) => opening.clock.install() });
    const { page } = visit;
    await pera.bridge.drop();
    await trigger(page).click();
    await dialogButton(page, PERA).click();
    await heading(page).getByText("Connect Pera Wallet").waitFor();
    await dialog(page).getByText("The connection is interrupted").waitFor();
    await page.clock.fastForward(10_000);
    await dialog(page).getByText("Pera Wallet cannot be reached at the moment").waitFor();
    await dialog(page).getByText("Details").click();
    await dialog(page).getByText("wallet.unreachable").waitFor();
    await pera.bridge.revive();
    await dialogButton(page, "Try again").click();
    await visit.pera.open(await readLink(page));
    await expect
      .poll(async () => {
        await page.clock.fastForward(50);
        return statusOf(page);
      })
      .toBe("signed-in");
  });
});

test("a group that died while the phone was open is prepared anew, signed once more and paid once", async () => {
  const { page, transfer, user, visit } = await signedIn();
  visit.pera.behave({ signing: "hang" });
  const outcome = await startGroup(page, [transfer]);
  await expect.poll(() => visit.pera.requests.length).toBe(2);
  pera.algorand.localnet.chain.warp(30);
  visit.pera.behave({ signing: "hang" });
  visit.pera.answerHeld();
  await dialog(page).getByText("That took a while, so the transaction was prepared anew").waitFor();
  await expect.poll(() => visit.pera.requests.length).toBe(3);
  visit.pera.answerHeld();
  expect(await outcome()).toMatchObject({ state: "finalized" });
  expect(pera.algorand.localnet.chain.balanceOf(user)).toBe(200_000n);
});

test("a group that the project does not pay for is refused before the phone is asked, or after, and nothing is sent", async () => {
  const { page, user, visit } = await signedIn({
    seed: { policy: { allow: [{ transaction: "payment" }], maxFee: "5000" } },
  });
  const asked = visit.pera.requests.length;
  const outcome = await startGroup(page, [await makeTransfer(pera, user, pera.createAsset())]);
  await dialog(page).getByText("This app does not pay for that kind of transaction").waitFor();
  expect(await outcome()).toMatchObject({ code: "policy.instruction_not_allowed" });
  expect(visit.pera.requests.length - asked).toBeLessThanOrEqual(1);
  expect(pera.algorand.localnet.chain.balanceOf(user)).toBe(0n);
});
