import { type ApiTarget, callApi } from "@gasless/localnet/api-client";
import { createProofKey, type ProofKey } from "@gasless/localnet/proof-key";
import { codeOf, postRefresh } from "./sessions.ts";

const REFRESH = "/v1/sessions/refresh";

/** Sends a refresh token, whichever it is, and gives what came of it. */
type Attack = (refreshToken: string) => Promise<string>;

const sendWith =
  (target: ApiTarget, dpop: string): Attack =>
  async (refreshToken) =>
    codeOf(await callApi(target, "POST", REFRESH, { body: { refreshToken }, headers: { dpop } }));

/** What a thief of tokens can do without the key: with no proof, with their own, and with what looks like the owner's. */
export async function listAttacks(target: ApiTarget, key: ProofKey): Promise<readonly Attack[]> {
  const thief = await createProofKey();
  const call = { method: "POST", url: target.api + REFRESH };
  const own = await thief.prove(call);
  const [header, claims] = (await key.prove(call)).split(".");
  return [
    async (token) => codeOf(await postRefresh(target, token)),
    async (token) => codeOf(await postRefresh(target, token, thief)),
    // The owner's for other calls, and two in the owner's name that the thief has signed.
    sendWith(target, await key.prove({ ...call, url: `${target.api}/v1/challenges` })),
    sendWith(target, await key.prove({ ...call, method: "GET" })),
    sendWith(target, await thief.prove({ ...call, header: { jwk: key.publicJwk } })),
    sendWith(target, [header, claims, own.slice(own.lastIndexOf(".") + 1)].join(".")),
  ];
}

/** The same with a proof of the owner's that was used: it is good for nothing where that is known. */
export async function replayProof(target: ApiTarget, key: ProofKey): Promise<Attack> {
  const replay = sendWith(target, await key.prove({ method: "POST", url: target.api + REFRESH }));
  await replay("rt1");
  return replay;
}

/** Changed where the thief would gain from it: another generation, another session, another signature. */
export function listForgeries(token: string, otherSessionId: string): string[] {
  const [version, kid, sessionId = "", counter = "", mac = ""] = token.split(".");
  return [
    [version, kid, sessionId, Number(counter) + 1, mac],
    [version, kid, otherSessionId, counter, mac],
    [version, kid, sessionId, counter, `${mac.startsWith("A") ? "B" : "A"}${mac.slice(1)}`],
    [version, "k2", sessionId, counter, mac],
  ].map((parts) => parts.join("."));
}
