import { type ApiTarget, buildTransaction, postRelay, prepareRelay, signIn } from "@gasless/localnet/api-client";
import { NETWORK } from "@gasless/localnet/testing/stack";
import { createWallet } from "@gasless/localnet/wallet";
import { getTransferSolInstruction } from "@solana-program/system";
import { createNoopSigner } from "@solana/kit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectClean } from "../../browser/page-checks.ts";
import { type OpenConsole, openConsole } from "../support/claimed-console.ts";
import { createKeyboard } from "../support/dashboard-keyboard.ts";

const ORIGIN = "https://tickets.example";
let scene: OpenConsole;
beforeAll(async () => {
  // What pays belongs to whoever claims.
  scene = await openConsole((stack) => stack.createProject({ name: "What was there before" }));
}, 120_000);
afterAll(() => scene.close());

/** A person of the dapp, who sends nothing to themselves again and again: the code of the answer, or its state. */
async function comeIn(publishableKey: string): Promise<() => Promise<unknown>> {
  const target: ApiTarget = { api: scene.stack.api, origin: ORIGIN, publishableKey, network: NETWORK };
  const wallet = await createWallet();
  const { accessToken } = await signIn(target, wallet);
  const source = createNoopSigner(wallet.address);
  return async () => {
    const prepared = await prepareRelay(target, accessToken);
    const transfer = getTransferSolInstruction({ source, destination: wallet.address, amount: 0 });
    const wire = await buildTransaction(prepared, [transfer], [wallet]);
    const { status, body } = await postRelay(target, accessToken, wire);
    return status === 202 ? "accepted" : body["code"];
  };
}

test(
  "without a mouse: from the claim to a refused relay, why, the fix, and the relay is sponsored",
  { timeout: 120_000 },
  async () => {
    const { page, watch } = await scene.visit(`/dashboard/#claim=${scene.claimCode}`);
    const { press, type, choose, select } = createKeyboard(page);
    const heading = (name: string) => page.locator("main h1").getByText(name).waitFor();
    const dialog = page.getByRole("dialog");
    const button = (name: string | RegExp) =>
      page.getByRole("button", { name, exact: typeof name === "string" }).first();
    const inDialog = (name: string | RegExp) => dialog.getByRole("button", { name, exact: typeof name === "string" });
    const open = async (name: string) => {
      await press(page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true }).first());
      await heading(name);
    };

    await press(button("Sign in with a wallet"));
    await press(inDialog(/Burner Wallet/));
    await dialog.waitFor({ state: "hidden" });
    await type(page.getByLabel("Name of your organization"), "Night Market");
    await page.keyboard.press("Enter");
    await heading("Night Market");

    await press(button("New project"));
    await type(dialog.getByLabel("Name", { exact: true }), "Ticket booth");
    await page.keyboard.press("Enter");
    await heading("Ticket booth");
    await open("Networks");
    await select(page.getByLabel("Network", { exact: true }), NETWORK);
    await press(button("Add the network"));
    await page.getByRole("row", { name: /solana:localnet/ }).waitFor();
    await open("Origins");
    await type(page.getByLabel("Origin", { exact: true }), ORIGIN);
    await page.keyboard.press("Enter");
    await page.getByRole("row", { name: /tickets\.example/ }).waitFor();

    await open("Policy");
    await press(button("Write the first policy"));
    await choose(dialog.getByRole("radio", { name: /^Say something/ }));
    await press(inDialog("Begin"));
    await press(button("Publish…"));
    await press(inDialog("Publish"));
    await page.locator("main").getByText("In force: version 1").waitFor();

    await open("Keys");
    await press(button("Make a key"));
    await type(dialog.getByLabel("Name"), "Booth");
    await press(inDialog("Make the key"));
    const key = await page.locator("new-key-panel pre code").innerText();
    await createKeyboard(page).reach(page.getByLabel("I have stored it"));
    await page.keyboard.press("Space");
    await press(button("Done"));

    const send = await comeIn(key);
    expect(await send()).toBe("policy.program_not_allowed");
    await open("Decisions");
    await press(
      page
        .getByRole("row", { name: /program_not_allowed/ })
        .getByRole("link")
        .first(),
    );
    await page.locator("main").getByText("It was refused").waitFor();
    await press(page.getByRole("link", { name: "Explain", exact: true }).last());
    await press(button(/^Open as a draft/));
    await press(button("Publish…"));
    await press(inDialog("Publish"));
    await page
      .locator("main")
      .getByRole("heading", { name: /^It would be/ })
      .waitFor();
    await expect.poll(send, { timeout: 10_000, interval: 250 }).toBe("accepted");
    await expectClean(watch, { allowedOrigins: [], allowedErrors: [/\b404\b.*policies\/current/] });
  },
);
