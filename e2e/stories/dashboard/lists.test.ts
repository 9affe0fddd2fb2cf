import { afterAll, beforeAll, expect, test } from "vitest";
import { captureState, expectClean } from "../../browser/page-checks.ts";
import { type DashboardScene, openDashboardScene, PROJECT_ID } from "../support/dashboard-scene.ts";
import { press } from "../support/press.ts";

const DENYLIST = `/dashboard/p/${PROJECT_ID}/denylist`;
const ALLOWLIST = `/dashboard/p/${PROJECT_ID}/allowlist`;
const ADDRESS = "9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin";
let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

/** Addresses of 32 bytes, each another one; base58 has no zero. */
const csvOf = (count: number): string =>
  [
    "address,note",
    ...Array.from({ length: count }, (_, index) => {
      const end = (index + 1e6).toString(16).replaceAll("0", "x").padStart(7, "y");
      return `${ADDRESS.slice(0, -7)}${end},bot`;
    }),
  ].join("\n");
const csvFile = (name: string, content: string | Uint8Array) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(content),
});

test("an address is denied with a note, found, and taken off again", async () => {
  const { page, watch } = await scene.visit(DENYLIST);
  await page.getByText("43 on the list").waitFor();
  await captureState(page, "denylist");
  await page.getByRole("button", { name: "Deny an address" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Deny an address" });
  await dialog.getByLabel(/^Address/).fill("tooshort");
  await dialog.getByLabel("Note").fill("Drained the faucet");
  await dialog.getByRole("button", { name: "Deny an address" }).click();
  await dialog.getByText("is no address of solana:devnet").first().waitFor();
  await captureState(page, "deny-refused");
  await dialog.getByLabel(/^Address/).fill(ADDRESS);
  await dialog.getByRole("button", { name: "Deny an address" }).click();
  await page.getByText("44 on the list").waitFor();
  await page.getByLabel("Address begins with").fill("9xQe");
  await expect.poll(() => page.getByRole("row").count()).toBe(2);
  expect(new URL(page.url()).search).toBe("?search=9xQe");
  await page.getByRole("button", { name: `Remove ${ADDRESS}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove it" }).click();
  await page.getByText("No entry fits").waitFor();
  await expectClean(watch, { allowedOrigins: [] });
});

test("another network's list begins at its first page", async () => {
  const { page } = await scene.visit(DENYLIST);
  await page.getByRole("button", { name: "Older" }).click();
  await page.getByText("Page 2").waitFor();
  await page.getByLabel("Network").selectOption("algorand:testnet");
  await page.getByText("Nobody is denied here").waitFor();
  expect(await page.getByText("Page 2").count()).toBe(0);
});

test("ten thousand entries are previewed, imported and followed to the end", async () => {
  const { page, watch } = await scene.visit(DENYLIST);
  await page.getByRole("button", { name: "Import a CSV" }).click();
  await captureState(page, "import");
  await page.getByLabel("Choose a file").setInputFiles(csvFile("bots.csv", csvOf(10_000)));
  await page.getByText("10,000 entries, the first line names the columns.").waitFor();
  await captureState(page, "import-preview");
  await page.getByRole("button", { name: "Import 10,000 entries" }).click();
  await page.getByRole("progressbar").waitFor();
  await page.getByText("Done: 10,000 added, 0 changed, 0 removed.").waitFor();
  await captureState(page, "import-done");
  await page.getByText("10,043 on the list").waitFor();
  await expectClean(watch, { allowedOrigins: [] });
});

test("a bad CSV names its lines before it is sent, and what the API refuses names its own", async () => {
  const { page, watch } = await scene.visit(DENYLIST);
  await page.getByRole("button", { name: "Import a CSV" }).click();
  await page.getByLabel("Or paste it").fill(`${ADDRESS},fine\n,nobody\n${ADDRESS},x,not-a-time`);
  await page.getByText("2 lines would be refused").waitFor();
  expect(await page.locator(".line-faults li").allInnerTexts()).toEqual([
    "Line 2 has no address",
    "Line 3 has an end that is neither a date nor a time with its zone, such as 2027-01-31T12:00:00Z",
  ]);
  await captureState(page, "import-bad");
  await page.getByLabel("Or paste it").fill(`${ADDRESS}\nBad0Address`);
  await page.getByRole("cell", { name: "is not in base58, which has no “0”" }).waitFor();
  await page.getByRole("button", { name: "Import 2 entries" }).click();
  await page
    .getByRole("alert")
    .getByText(/line 2: Bad0Address is no address/)
    .waitFor();
  await page.getByText("43 on the list").waitFor();
  await expectClean(watch, { allowedOrigins: [] });
});

test("a file that cannot be read as it was meant is not taken, and can be mended and chosen again", async () => {
  const { page, watch } = await scene.visit(DENYLIST);
  await page.getByRole("button", { name: "Import a CSV" }).click();
  const input = page.getByLabel("Choose a file");
  // It is there for the keyboard, and shown by the button beside it.
  await expect.poll(() => input.evaluate((element) => element === document.activeElement)).toBe(true);
  const windows = Uint8Array.from([...Buffer.from(`${ADDRESS},m`), 0xfc, ...Buffer.from("de")]);
  await input.setInputFiles(csvFile("spam.csv", windows));
  await page.getByRole("alert").getByText("spam.csv is not in UTF-8: save it as “CSV UTF-8”.").waitFor();
  await captureState(page, "import-not-utf-8");
  await input.setInputFiles(csvFile("spam.csv", ""));
  await page.getByRole("alert").getByText("spam.csv is empty.").waitFor();
  await input.setInputFiles(csvFile("spam.csv", `address,reason\n${ADDRESS},müde`));
  await page.getByText("Did you mean note?").waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
  await captureState(page, "import-unknown-column");
  await page.getByRole("button", { name: "Take another" }).click();
  await input.setInputFiles(csvFile("spam.csv", `address,note\n${ADDRESS},"müde\n${ADDRESS},x`));
  await page.getByText("opens a quote that is not closed").first().waitFor();
  await expectClean(watch, { allowedOrigins: [] });
});

test("markup in a note or a file stays text", async () => {
  const { page, watch } = await scene.visit(DENYLIST);
  await page.getByRole("button", { name: "Import a CSV" }).click();
  await page.getByLabel("Or paste it").fill(`${ADDRESS},"<img src=x onerror=alert(1)>"`);
  await page.getByRole("cell", { name: "<img src=x onerror=alert(1)>" }).waitFor();
  expect(await page.locator("img").count()).toBe(0);
  await expectClean(watch, { allowedOrigins: [] });
});

test("replacing a list is asked for with what it has now", async () => {
  const { page } = await scene.visit(DENYLIST);
  await page.getByText("43 on the list").waitFor();
  await page.getByRole("button", { name: "Import a CSV" }).click();
  await page.getByLabel("Or paste it").fill(ADDRESS);
  await page.getByRole("radio", { name: /^Replace/ }).check();
  await page.getByRole("button", { name: "Import 1 entry" }).click();
  const dialog = page.getByRole("dialog", { name: "Replace the denylist of solana:devnet?" });
  await dialog.getByText("It has 43 entries now.").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect(await page.getByRole("progressbar").count()).toBe(0);
  await page.getByRole("button", { name: "Import 1 entry" }).click();
  await dialog.getByRole("button", { name: "Replace the list" }).click();
  await page.getByText("Done: 1 added, 0 changed, 43 removed.").waitFor();
  await page.getByText("1 on the list").waitFor();
});

test("a list is replaced by what was asked about, whatever was chosen meanwhile", async () => {
  const { page } = await scene.visit(DENYLIST);
  await page.getByText("43 on the list").waitFor();
  await page.getByRole("button", { name: "Import a CSV" }).click();
  await page.getByLabel("Or paste it").fill(ADDRESS);
  await page.getByRole("radio", { name: /^Replace/ }).check();
  await page.getByRole("button", { name: "Import 1 entry" }).click();
  const dialog = page.getByRole("dialog", { name: "Replace the denylist of solana:devnet?" });
  await dialog.getByText("It has 43 entries now.").waitFor();
  await page.locator("#csv-file").setInputFiles(csvFile("bots.csv", csvOf(3)));
  await page.locator("list-import").getByText("bots.csv").waitFor();
  await dialog.getByRole("button", { name: "Replace the list" }).click();
  await page.getByText("Done: 1 added, 0 changed, 43 removed.").waitFor();
});

test("a list is replaced on the network that was asked about, whatever the address says by then", async () => {
  const { page } = await scene.visit(`${DENYLIST}?network=algorand:testnet`);
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Denylist" }).click();
  await page.getByText("43 on the list").waitFor();
  await page.getByRole("button", { name: "Import a CSV" }).click();
  await page.getByLabel("Or paste it").fill(ADDRESS);
  await page.getByRole("radio", { name: /^Replace/ }).check();
  await page.getByRole("button", { name: "Import 1 entry" }).click();
  const dialog = page.getByRole("dialog", { name: "Replace the denylist of solana:devnet?" });
  await dialog.getByText("It has 43 entries now.").waitFor();
  await page.goBack();
  await page.getByText("Nobody is denied here").waitFor();
  await dialog.getByRole("button", { name: "Replace the list" }).click();
  await page.getByText("Done: 1 added, 0 changed, 43 removed.").waitFor();
  await page.goForward();
  await page.getByText("1 on the list").waitFor();
});

test("an empty allowlist is turned on only by who has read that nobody is sponsored then", async () => {
  const { page } = await scene.visit(`${ALLOWLIST}?network=algorand:testnet`, { state: "empty" });
  await page.getByText("No wallet is on the list").waitFor();
  await captureState(page, "allowlist-empty");
  const onlyListed = page.getByRole("switch");
  await onlyListed.click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("nobody at all is sponsored").waitFor();
  await captureState(page, "allowlist-turn-on");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect(await onlyListed.isChecked()).toBe(false);
  await onlyListed.click();
  await dialog.getByRole("button", { name: "Only the list" }).click();
  await page.getByText("From now on only the list is sponsored.").waitFor();
  await expect.poll(() => onlyListed.isChecked()).toBe(true);
});

test("a viewer sees the lists, and is told why they cannot be changed", async () => {
  const { page } = await scene.visit(ALLOWLIST, { role: "viewer" });
  await page.getByText("3 on the list").waitFor();
  await captureState(page, "allowlist-viewer");
  expect(await page.getByRole("switch").isDisabled()).toBe(true);
  await press(page.getByRole("button", { name: "Allow a wallet" }).first());
  await page.getByText("your role is viewer").first().waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
});
