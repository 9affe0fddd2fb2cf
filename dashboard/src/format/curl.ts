import { pathOf } from "../api/client.ts";
import { OPERATIONS } from "../api/operations.ts";
import type { ManageOperation } from "../api/types.ts";

interface CurlCall {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
}

/** One word of a shell, whatever is in it. */
const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** A call of the management API for a terminal; the secret key comes from the environment, never from the page. */
export function curlOf(api: string, operation: ManageOperation, call: CurlCall): string {
  const [method] = OPERATIONS[operation];
  return [
    `curl --fail-with-body${method === "GET" ? "" : ` --request ${method}`}`,
    `--header "Authorization: Bearer $GASLESS_SECRET_KEY"`,
    quote(api + pathOf(operation, call)),
  ].join(" \\\n  ");
}
