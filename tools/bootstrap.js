// Plain JavaScript on purpose: this is what the machine's own Node runs before anything is installed.
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [script = "", ...args] = process.argv.slice(2);
let forward = () => {};
let isStopped = false;

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
  process.on(signal, () => {
    isStopped = true;
    forward(signal);
  });
}

const say = (message) => process.stderr.write(`${message}\n`);

/** Runs a program to its end, passing signals on; gives its exit code. */
function run(program, programArgs, options, signalTo) {
  return new Promise((resolve) => {
    const child = spawn(program, programArgs, { cwd: root, ...options });
    forward = (signal) => child.exitCode === null && child.signalCode === null && signalTo(child, signal);
    child.on("error", ({ message }) => {
      say(`${program} cannot be run: ${message}`);
      resolve(1);
    });
    child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

/** A half-finished install has no list of what it installed; a changed lockfile is newer than that list. */
function isInstalled() {
  const list = statSync(`${root}node_modules/.package-lock.json`, { throwIfNoEntry: false });
  return list !== undefined && list.mtimeMs >= statSync(`${root}package-lock.json`).mtimeMs;
}

if (!isInstalled()) {
  say("Installing the packages of the lockfile (npm ci), once.");
  // A group of its own: npm's children do not get npm's signals.
  const options = { stdio: ["ignore", 2, 2], detached: true };
  const code = await run("npm", ["ci"], options, ({ pid }, signal) => process.kill(-pid, signal));
  if (code !== 0 && !isStopped) say("npm ci failed: the lines above say why. Nothing was started.");
  if (code !== 0 || isStopped) process.exit(isStopped ? 0 : code);
}

const packaged = `${root}node_modules/.bin/node`;
const [major, minor] = process.versions.node.split(".").map(Number);
if (!existsSync(packaged) && !(major >= 24 || (major === 22 && minor >= 18))) {
  say(`Node ${process.versions.node} is too old and none is packaged for this machine: install Node 24.`);
  process.exit(1);
}

const PATH = `${root}node_modules/.bin:${process.env.PATH}`;
const WRANGLER = { WRANGLER_SEND_METRICS: "false", WRANGLER_SEND_ERROR_REPORTS: "false", WRANGLER_HIDE_BANNER: "true" };
const env = { ...process.env, PATH, CLOUDFLARE_CF_FETCH_ENABLED: "false", ...WRANGLER };
// The channel tells the script when this process is gone, however it ended.
const stdio = ["inherit", "inherit", "inherit", "ipc"];
const node = existsSync(packaged) ? packaged : process.execPath;
const code = await run(node, [script, ...args], { stdio, env }, (child, signal) => child.kill(signal));
// A server that is stopped before it can listen for signals has nothing to undo; a test run has not passed.
process.exit(isStopped && code > 128 && script === "localnet/start.ts" ? 0 : code);
