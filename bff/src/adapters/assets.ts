import { AppError } from "../errors.ts";
import type { AssetPort } from "../ports.ts";

/** The binding of Workers' static assets; only a URL's path matters to it. */
export interface AssetServer {
  fetch(url: string, init: { readonly redirect: "manual"; readonly signal: AbortSignal }): Promise<Response>;
}

const ROOT = "https://assets.invalid/";
const DEADLINE_MS = 2_500;

export function createAssets(server: AssetServer): AssetPort {
  return {
    async read(name) {
      try {
        const init = { redirect: "manual", signal: AbortSignal.timeout(DEADLINE_MS) } as const;
        const response = await server.fetch(ROOT + name, init);
        if (response.status !== 200) throw new Error(`the asset ${name} was answered with status ${response.status}`);
        return await response.text();
      } catch (cause) {
        throw new AppError("internal.unexpected", undefined, { cause });
      }
    },
  };
}
