import { mkdirSync, statSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import type { Server } from "node:net";
import { join } from "node:path";
import type { Cleanup } from "./cleanup.ts";

export interface DataFolder {
  readonly path: string;
  readonly postgres: string;
  readonly solanaSnapshot: string;
  readonly algorandSnapshot: string;
  readonly worker: string;
  readonly workerLog: string;
}

const HOLDER_DEADLINE_MS = 500;

/**
 * Makes the folder when it is absent and claims it for this process.
 * @throws Error when another supervisor uses it
 */
export async function claimDataFolder(path: string, cleanup: Cleanup): Promise<DataFolder> {
  // Others may pass through but not look around: as "nobody", PostgreSQL must reach its own folder.
  mkdirSync(path, { recursive: true, mode: 0o711 });
  const claim = await claimFolder(path);
  cleanup.add("the claim on the data folder", () => void claim.close());
  return {
    path,
    postgres: join(path, "postgres"),
    solanaSnapshot: join(path, "solana.json"),
    algorandSnapshot: join(path, "algorand.json"),
    worker: join(path, "worker"),
    workerLog: join(path, "worker.log"),
  };
}

/**
 * The claim is a Linux socket without a file, named after the folder's inode: the kernel gives the name to one
 * process, and takes it back however that process ends. Who connects is told the owner's process id.
 */
async function claimFolder(path: string): Promise<Server> {
  const { dev, ino } = statSync(path);
  const name = `\0gasless-data-${dev}-${ino}`;
  const server = createServer((socket) => socket.on("error", () => undefined).end(String(process.pid)));
  try {
    await listen(server, name);
  } catch (cause) {
    if (!isAddressInUse(cause)) throw cause;
    const holder = await askHolder(name);
    throw new Error(
      `${path} is in use by another npm start${holder}; stop it, or set GASLESS_DATA to another folder.`,
      {
        cause,
      },
    );
  }
  return server.unref();
}

function listen(server: Server, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(name, resolve);
  });
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

async function askHolder(name: string): Promise<string> {
  const socket = createConnection(name).setEncoding("utf8").setTimeout(HOLDER_DEADLINE_MS);
  socket.on("timeout", () => socket.destroy());
  try {
    for await (const text of socket as AsyncIterable<string>) return ` (process ${Number.parseInt(text, 10)})`;
  } catch {
    // It ended meanwhile, or does not answer: the message does without its number.
  }
  return "";
}
