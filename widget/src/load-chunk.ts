import { GaslessError } from "./errors.ts";

/**
 * A part of the widget that comes when it is needed. `file` is its place beside the script.
 * Chromium remembers of an address that no module came from it, so a second try asks for another one.
 * @throws GaslessError `network.offline` or `network.unreachable`
 */
export async function loadChunk<Chunk>(file: string, load: () => Promise<Chunk>): Promise<Chunk> {
  try {
    return await load();
  } catch {
    try {
      const again = `${new URL(file, import.meta.url).href}?again=${Date.now()}`;
      return (await import(/* @vite-ignore */ again)) as Chunk;
    } catch (cause) {
      throw navigator.onLine
        ? new GaslessError("network.unreachable", `${file} could not be loaded.`, { cause })
        : new GaslessError("network.offline", "This device is offline.", { cause });
    }
  }
}
