import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { type UnpackedChromium, unpackChromium } from "./bundled-chromium.ts";

const SYSTEM_PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Nothing here weakens what a page may do: web security, site isolation and CSP are those of every user. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A headless Chromium: the one of CHROMIUM_PATH, else the system's, else the one from npm. The caller closes it. */
export async function launchChromium(): Promise<Browser> {
  const { executablePath, env } = await findChromium();
  return await chromium.launch({ executablePath, env: { ...process.env, ...env }, args: ARGUMENTS, headless: true });
}

async function findChromium(): Promise<UnpackedChromium> {
  const chosen = process.env["CHROMIUM_PATH"];
  const executablePath = chosen === undefined || chosen === "" ? SYSTEM_PATHS.find((path) => existsSync(path)) : chosen;
  return executablePath === undefined ? await unpackChromium() : { executablePath, env: {} };
}
