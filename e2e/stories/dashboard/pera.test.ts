import { type Bridge, startBridge } from "@gasless/localnet/walletconnect/bridge";
import { createScriptedPera, type ScriptedPera } from "@gasless/localnet/walletconnect/scripted-pera";
import { afterAll, beforeAll, expect, test } from "vitest";
import { captureState, expectClean } from "../../browser/page-checks.ts";
import { type OpenConsole, openConsole } from "../support/claimed-console.ts";
import { PERA, readLink } from "../support/pera-scene.ts";
import { dialogButton } from "../support/scene.ts";

let bridge: Bridge;
let pera: ScriptedPera;
let scene: OpenConsole;
beforeAll(async () => {
  bridge = await startBridge();
  pera = createScriptedPera();
  scene = await openConsole(async () => undefined, { algorand: {}, bindings: { PERA_BRIDGE: bridge.url } });
}, 120_000);
afterAll(async () => {
  pera.close();
  await scene.close();
  await bridge.close();
});

test("who has Pera alone claims an installation with it, under the page's own policy, and stays signed in", async () => {
  const { page, watch } = await scene.visit(`/dashboard/#claim=${scene.claimCode}`);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Sign in with a wallet" }).click();
  // Nobody pays for anything in the dashboard, and its dialog does not say so either.
  await page.getByRole("dialog").getByText("Signing is free and sends no transaction.").waitFor();
  expect(await page.getByText("pays the network fees").count()).toBe(0);
  await dialogButton(page, PERA).click();
  const link = await readLink(page);
  await captureState(page, "dashboard-pera");
  await pera.open(link);
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByLabel("Name of your organization").fill("Night Market");
  await page.getByRole("button", { name: "Claim", exact: true }).click();
  await page.locator("main h1").getByText("Night Market").waitFor();

  await page.reload();
  await page.locator("main h1").getByText("Night Market").waitFor();
  const { rows } = await scene.stack.database.query("select wallet from wallets where project_id = 'prj_console'");
  expect(rows).toEqual([{ wallet: `algorand:${pera.addresses[0]}` }]);
  await expectClean(watch, { allowedOrigins: [bridge.url] });
});
