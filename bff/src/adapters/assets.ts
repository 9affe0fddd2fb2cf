import { AppError } from "../errors.ts";
import type { AssetPort } from "../ports.ts";

/** The binding of Workers' static assets; only a URL's path matters to it. */
export interface AssetServer {
  fetch(url: string, init: { readonly redirect: "manual"; readonly signal: AbortSignal }): Promise<Response>;
}

const ROOT = "https://assets.invalid/";
const DEADLINE_MS = 2_500;

export function createAssets(server: AssetServer): AssetPort {
  /** The file, or undefined when there is none; anything else is a fault. */
  async function find(name: string): Promise<string | undefined> {
    try {
      const init = { redirect: "manual", signal: AbortSignal.timeout(DEADLINE_MS) } as const;
      const response = await server.fetch(ROOT + name, init);
      if (response.status === 200) return await response.text();
      // A body that nobody reads would hold its connection.
      await response.body?.cancel();
      if (response.status === 404) return undefined;
      throw new Error(`the asset ${name} was answered with status ${response.status}`);
    } catch (cause) {
      throw new AppError("internal.unexpected", undefined, { cause });
    }
  }

  return {
    find,
    async read(name) {
      const text = await find(name);
      if (text !== undefined) return text;
      throw new AppError("internal.unexpected", undefined, {
        cause: new Error(`the asset ${name} was answered with status 404`),
      });
    },
  };
}
