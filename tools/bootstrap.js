// Plain JavaScript on purpose: this is what the machine's own Node runs before anything is installed.
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = `${root}node_modules/.bin`;
const script = process.argv[2] ?? "";
let forward = () => {};
let isStopped = false;

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
  process.on(signal, () => {
    isStopped = true;
    forward(signal);
  });
}

function fail(message, code = 1) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

/** Runs a program to its end, passing signals on; gives its exit code. */
function run(program, args, options, signalTo) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, ...options });
    forward = (signal) => child.exitCode === null && child.signalCode === null && signalTo(child, signal);
    child.on("error", ({ message }) => fail(`${program} cannot be run: ${message}`));
    child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

// A half-finished install has no list of what it installed; a changed lockfile is newer than that list.
const list = statSync(`${root}node_modules/.package-lock.json`, { throwIfNoEntry: false });
if (list === undefined || list.mtimeMs < statSync(`${root}package-lock.json`).mtimeMs) {
  process.stderr.write("Installing the packages of the lockfile (npm ci), once.\n");
  // npm would finish before it obeys. Its children are in its group, and what is half-installed begins anew.
  const options = { stdio: ["ignore", 2, 2], detached: true };
  const code = await run("npm", ["ci", "--loglevel=error"], options, ({ pid }) => process.kill(-pid, "SIGKILL"));
  if (isStopped) process.exit(0);
  if (code !== 0) fail("npm ci failed: the lines above say why. Nothing was started.", code);
}

const node = existsSync(`${bin}/node`) ? `${bin}/node` : process.execPath;
const [major, minor] = process.versions.node.split(".").map(Number);
if (node === process.execPath && !(major >= 24 || (major === 22 && minor >= 18))) {
  fail(`Node ${process.versions.node} is too old and none is packaged for this machine: install Node 24.`);
}

const WRANGLER = { WRANGLER_SEND_METRICS: "false", WRANGLER_SEND_ERROR_REPORTS: "false", WRANGLER_HIDE_BANNER: "true" };
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, CLOUDFLARE_CF_FETCH_ENABLED: "false", ...WRANGLER };
// The channel tells the script when this process is gone, however it ended.
const options = { stdio: ["inherit", "inherit", "inherit", "ipc"], env };
const code = await run(node, process.argv.slice(2), options, (child, signal) => child.kill(signal));
// A server that a signal ends before it listens for signals has nothing to undo; a test run has not passed.
process.exit(script === "localnet/start.ts" && [129, 130, 143].includes(code) ? 0 : code);
