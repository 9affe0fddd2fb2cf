import type { Allowance, RelayList } from "../../api/types.ts";
import type { Core } from "../../core.ts";
import type { AccountData } from "./view.ts";

/** What the sheet of the account shows beside the session; each part says by itself that it could not be read. */
export async function readAccount({ session: { call }, state }: Core): Promise<AccountData> {
  const network = encodeURIComponent(state.session?.network ?? "");
  const [allowance, list] = await Promise.all([
    call<Allowance>("GET", `/v1/allowance?network=${network}`).catch(() => null),
    call<RelayList>("GET", "/v1/relays?limit=3").catch(() => null),
  ]);
  return { allowance, relays: list?.data ?? null };
}
