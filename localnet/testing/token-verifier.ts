import { createRemoteJWKSet, customFetch, jwtVerify } from "jose";

/** A dapp's own backend that keeps the published keys for as long as a test wants. */
export interface TokenVerifier {
  /** The key's id when the token is good. @throws Error otherwise */
  verify(token: string): Promise<string>;
  /** What happens when the copy of the keys has become too old. */
  readKeys(): Promise<void>;
}

export function createTokenVerifier(api: string, projectId: string, readUrl: () => string): TokenVerifier {
  // Neither age nor an unknown key makes it read again: no test could tell then who had the key in time.
  const keys = createRemoteJWKSet(new URL(`${api}/.well-known/jwks.json`), {
    cacheMaxAge: Infinity,
    cooldownDuration: Infinity,
    [customFetch]: (_url, init) => fetch(`${readUrl()}/.well-known/jwks.json`, init),
  });
  const options = { issuer: api, audience: projectId, typ: "at+jwt", algorithms: ["ES256"], clockTolerance: 5 };
  return {
    verify: async (token) => (await jwtVerify(token, keys, options)).protectedHeader.kid ?? "",
    readKeys: () => keys.reload(),
  };
}
