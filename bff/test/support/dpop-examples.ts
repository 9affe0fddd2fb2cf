import vectors from "../vectors/jose/dpop_draft_examples.json" with { type: "json" };

const SERVER = "https://server.example.com";
const RESOURCE = "https://resource.example.org";
/** Source: RFC 9449, section 7.1: the access token whose hash the third proof names. */
const ACCESS_TOKEN = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
const [toToken = "", toTokenAgain = "", toResource = ""] = vectors.proofs;

export interface DpopExample {
  readonly name: string;
  readonly proof: string;
  readonly api: string;
  readonly call: { readonly method: string; readonly path: string; readonly accessToken: string | undefined };
  /** The proof's own time. */
  readonly nowMs: number;
  readonly jti: string;
}

/** What RFC 9449 says of each of its proofs: for which call it was made, and when. */
export const DPOP_EXAMPLES: readonly DpopExample[] = [
  {
    name: "for a token",
    proof: toToken,
    api: SERVER,
    call: { method: "POST", path: "/token", accessToken: undefined },
    nowMs: 1_562_262_616_000,
    jti: "-BwC3ESc6acc2lTc",
  },
  {
    name: "for a token, by refresh",
    proof: toTokenAgain,
    api: SERVER,
    call: { method: "POST", path: "/token", accessToken: undefined },
    nowMs: 1_562_265_296_000,
    jti: "-BwC3ESc6acc2lTc",
  },
  {
    name: "for a resource",
    proof: toResource,
    api: RESOURCE,
    call: { method: "GET", path: "/protectedresource", accessToken: ACCESS_TOKEN },
    nowMs: 1_562_262_618_000,
    jti: "e1j3V_bKic8-LAEB",
  },
];
