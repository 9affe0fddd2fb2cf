import { createServer } from "node:net";

/** A TCP port nobody listens on at this moment; the caller should bind it at once. */
export async function findFreePort(host: string): Promise<number> {
  return bindAndRelease(host, 0);
}

/**
 * Resolves when `port` can be bound on `host`.
 * @throws Error with the port, what it was for, and the way out
 */
export async function assertPortFree(host: string, port: number, purpose: string): Promise<void> {
  try {
    await bindAndRelease(host, port);
  } catch (cause) {
    throw new Error(explain(port, purpose, cause), { cause });
  }
}

function explain(port: number, purpose: string, cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "EADDRINUSE") {
    return `Port ${port} (${purpose}) is taken by another process; stop it or set PORT=…`;
  }
  if (code === "EACCES") {
    return `Port ${port} (${purpose}) needs privileges this process lacks; set PORT to one above 1023.`;
  }
  return `Port ${port} (${purpose}) cannot be bound: ${cause instanceof Error ? cause.message : String(cause)}`;
}

function bindAndRelease(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : port));
    });
  });
}
