import { proveFirstRelay } from "@gasless/localnet/prove";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OPERATIONS } from "../../../dashboard/src/api/operations.ts";
import { expectClean } from "../../browser/page-checks.ts";
import { type ClaimedConsole, openClaimedConsole } from "../support/claimed-console.ts";

const REASON = /your role is viewer/;
const DRAFT = `pol_${"1".repeat(26)}`;
/** Pages on which somebody with another role changes something. */
const CHANGED_HERE = new Set([
  "Projects",
  "Members",
  "Policy",
  "A version",
  "A draft",
  "Backtests",
  "Denylist",
  "Allowlist",
  "One of the Users",
  "Sponsors",
  "Budgets",
  "Origins",
  "Networks",
  "Settings",
]);

let scene: ClaimedConsole;
beforeAll(async () => {
  scene = await openClaimedConsole(async (stack) => {
    const project = await stack.createProject({ name: "Ticket booth" });
    await proveFirstRelay(project, stack.solana.httpUrl);
    await stack.database.query(
      "insert into denied_accounts (project_id, network, address) values ($1, $2, '9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin')",
      [project.projectId, project.network],
    );
    await stack.database.query(
      `insert into policy_drafts (id, project_id, network, name, document)
        select $2, project_id, network, 'Another', document from policies where project_id = $1`,
      [project.projectId, DRAFT],
    );
  });
}, 120_000);
afterAll(() => scene.close());

/** What only other roles may do, and nobody who looks on may even ask for. */
const FORBIDDEN = Object.values(OPERATIONS)
  .filter(([, , roles]) => !(roles as readonly string[]).includes("viewer"))
  .map(([method, path]) => ({ method, path: new RegExp(`^/v1/manage${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`) }));
const isForbidden = (method: string, url: string): boolean =>
  FORBIDDEN.some((each) => each.method === method && each.path.test(new URL(url).pathname));

async function settle(page: Page): Promise<void> {
  await page.locator("main h1").first().waitFor();
  await page.locator("main[aria-busy]").waitFor({ state: "detached" });
  await page.locator("main .skeleton").first().waitFor({ state: "detached" });
}

/** Everything on the page that can be pressed, switched, or sent; by the script, so that nothing is in the way. */
const provoke = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const soon = () => new Promise((resolve) => setTimeout(resolve));
    // What leads away, or ends one's own membership, is not a change that a role forbids.
    const isLeft = (element: Element) => /^(Leave|Try again)/.test(element.ariaLabel ?? element.textContent.trim());
    const pressAll = async (root: ParentNode) => {
      for (const each of root.querySelectorAll<HTMLElement>("button, [role=switch], input[type=checkbox]")) {
        if (!isLeft(each)) each.click();
      }
      for (const form of root.querySelectorAll("form")) form.requestSubmit();
      await soon();
    };
    const main = document.querySelector("main");
    if (!main) return;
    await pressAll(main);
    for (const dialog of document.querySelectorAll("dialog[open]")) await pressAll(dialog);
  });

/** What can be reached but not used, each with what is said of it; a group that is disabled as one counts once. */
const readBlocked = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const textOf = (id: string) => document.querySelector(`#${CSS.escape(id)}`)?.textContent ?? "";
    const reasonOf = (element: Element): string =>
      [element.getAttribute("title"), ...(element.getAttribute("aria-describedby")?.split(" ").map(textOf) ?? [])].join(
        " ",
      );
    const nameOf = (element: Element): string | null =>
      element.ariaLabel ?? element.getAttribute("name") ?? element.textContent.trim().slice(0, 40);
    const unusable = document.querySelectorAll(
      "main :is([aria-disabled=true], :disabled, input[readonly], textarea[readonly])",
    );
    return [...unusable]
      .filter((each) => !each.parentElement?.closest("fieldset:disabled"))
      .map((each) => `${nameOf(each)}: ${reasonOf(each)}`);
  });

test(
  "a viewer is told on every page why nothing there can be changed, and whatever is pressed asks for no change",
  { timeout: 120_000 },
  async () => {
    const { page, watch } = await scene.join("viewer");
    const asked: string[] = [];
    page.on("request", (request) => {
      if (isForbidden(request.method(), request.url())) asked.push(`${request.method()} ${request.url()}`);
    });
    const entries = async () => (await scene.stack.database.query("select from audit_entries")).rowCount;
    const before = await entries();
    const addresses = new Map<string, string>();
    const links = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
    const collect = async () => {
      for (const link of await links.all()) {
        const name = (await link.innerText()).trim();
        const href = (await link.getAttribute("href")) ?? "";
        if (href.startsWith("/dashboard/")) addresses.set(addresses.has(name) ? `${name} of the project` : name, href);
      }
    };
    await collect();
    await page.getByRole("link", { name: "Ticket booth" }).click();
    await settle(page);
    await collect();
    for (const list of ["Decisions", "Relays", "Users"]) {
      await page.goto(scene.stack.api + addresses.get(list));
      await settle(page);
      const href = await page.getByRole("row").nth(1).getByRole("link").first().getAttribute("href");
      addresses.set(`One of the ${list}`, href ?? "");
    }
    addresses.set("A version", `${addresses.get("Policy")}/1`);
    addresses.set("A draft", `${addresses.get("Policy")}?draft=${DRAFT}`);

    const unsaid: string[] = [];
    const open: string[] = [];
    for (const [name, address] of addresses) {
      await page.goto(scene.stack.api + address);
      await settle(page);
      const blocked = await readBlocked(page);
      unsaid.push(...blocked.filter((each) => !REASON.test(each)).map((each) => `${name}: ${each}`));
      if (CHANGED_HERE.has(name) && blocked.length === 0) open.push(name);
      await provoke(page);
      await settle(page);
    }
    expect({ asked, open, unsaid }).toEqual({ asked: [], open: [], unsaid: [] });
    expect(addresses.size).toBeGreaterThan(20);
    expect(await entries()).toBe(before);
    await expectClean(watch, { allowedOrigins: [] });
  },
);
