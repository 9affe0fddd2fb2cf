import type { HttpProxy, ProxiedRequest } from "@gasless/localnet/faults/http-proxy";
import type { Stack } from "@gasless/localnet/testing/stack";
import { sleep } from "./support.ts";

export const methodOf = ({ body }: Pick<ProxiedRequest, "body">): string =>
  (JSON.parse(body) as { readonly method: string }).method;

/** Holds a method's calls about something back; `arrived` is the first one's arrival, `release` lets them go. */
export function holdCalls(
  proxy: HttpProxy,
  method: string,
  mark: string,
): { readonly arrived: Promise<void>; readonly release: () => void } {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  proxy.onRequest(async (request): Promise<"forward"> => {
    if (methodOf(request) !== method || !request.body.includes(mark)) return "forward";
    arrive();
    await released;
    return "forward";
  });
  return {
    arrived,
    release: () => {
      proxy.onRequest(undefined);
      release();
    },
  };
}

/** What a provider makes of an honest answer to one of its methods; `undefined` leaves it honest. */
export type Lie = (answer: RpcAnswer, request: ProxiedRequest) => unknown;
export type RpcAnswer = { readonly result?: unknown; readonly error?: unknown };

/** From here on the provider changes its answers to these methods; `*` is every method. */
export function lie({ solana }: Stack, proxy: HttpProxy, lies: Readonly<Record<string, Lie>>): void {
  proxy.onRequest(async (request) => {
    const change = lies[methodOf(request)] ?? lies["*"];
    if (!change) return "forward";
    const headers = { "content-type": "application/json" };
    const honest = await fetch(solana.httpUrl, { method: "POST", headers, body: request.body });
    const answer = change((await honest.json()) as RpcAnswer, request);
    return answer === undefined ? "forward" : { status: 200, headers, body: JSON.stringify(answer) };
  });
}

/** Until whatever still runs in the background has been counted. */
const COUNTED_MS = 500;

/** What a counter of the deployment stands at, over all of its labels that hold `label`. */
export async function readCounter({ api, secrets }: Stack, name: string, label = ""): Promise<number> {
  await sleep(COUNTED_MS);
  const page = await fetch(`${api}/metrics`, { headers: { authorization: `Bearer ${secrets.metricsToken}` } });
  const lines = (await page.text()).split("\n").filter((line) => line.startsWith(`${name}{`) && line.includes(label));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
