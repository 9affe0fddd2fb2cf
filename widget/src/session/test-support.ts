import type { CallOptions } from "../api/client.ts";
import { createProofKey } from "../api/dpop.ts";
import type { Challenge, SessionTokens } from "../api/types.ts";
import type { Core } from "../core.ts";
import { INITIAL_STATE, type State } from "../state.ts";
import type { WalletDriver } from "../wallets/types.ts";
import type { BoundChallenge, ChallengeBinding } from "./challenges.ts";

export const ORIGIN = { host: "dapp.example", origin: "https://dapp.example" };

export function makeChallenge(id: string, fields: Partial<Challenge["fields"]> = {}): Challenge {
  const challengeId = `chl_${id}`;
  const issuedAt = "2026-01-01T00:00:00.000Z";
  const expiresAt = "2026-01-01T00:05:00.000Z";
  return {
    challengeId,
    expiresAt,
    fields: {
      domain: ORIGIN.host,
      statement: "Sign in to A dapp.",
      uri: ORIGIN.origin,
      version: "1",
      chainId: "localnet",
      nonce: id,
      issuedAt,
      expirationTime: expiresAt,
      requestId: challengeId,
      resources: ["https://gasless.example/v1/projects/prj_1"],
      ...fields,
    },
  };
}

export function makeTokens(address: string, count: number, tokenType: "Bearer" | "DPoP" = "DPoP"): SessionTokens {
  const [createdAt, expiresAt] = ["2026-01-01T00:00:00.000Z", "2096-01-01T00:00:00.000Z"];
  const times = { createdAt, idleExpiresAt: expiresAt, expiresAt };
  return {
    accessToken: `access-${count}`,
    refreshToken: `refresh-${count}`,
    tokenType,
    expiresIn: 300,
    user: { id: "usr_1" },
    session: { id: `ses_${address}`, network: "solana:localnet", wallet: `solana:${address}`, amr: [], ...times },
  };
}

export interface Called {
  readonly path: string;
  readonly options: CallOptions;
}

/** As much of a core as signing in touches, with a wallet that is connected; and what was asked of the API. */
export async function makeCore(
  driver: WalletDriver,
  address: string,
): Promise<{ core: Core; calls: Called[]; kept: unknown[][]; ready: BoundChallenge; asked: ChallengeBinding[] }> {
  const calls: Called[] = [];
  const kept: unknown[][] = [];
  const asked: ChallengeBinding[] = [];
  let state: State = { ...INITIAL_STATE, status: "connected", driver, address };
  const ready = { challenge: makeChallenge("0001"), key: await createProofKey() };
  let isTaken = false;
  const core = {
    get state() {
      return state;
    },
    update: (patch: Partial<State>) => void (state = { ...state, ...patch }),
    follow: (followed: WalletDriver) => void (state = { ...state, driver: followed }),
    resolveNetwork: async (family = "solana") => `${family}:localnet`,
    challenges: {
      async request(binding: ChallengeBinding) {
        asked.push(binding);
        const id = `000${asked.length + 1}`;
        return { challenge: makeChallenge(id), key: ready.key };
      },
      prefetch: async () => ready,
      take: () => (isTaken ? undefined : ((isTaken = true), ready)),
      giveBack: () => void (isTaken = false),
    },
    callApi: async (_method: string, path: string, options: CallOptions) => {
      calls.push({ path, options });
      return makeTokens((options.body as { address: string }).address, 1);
    },
    session: { keep: async (...given: unknown[]) => void kept.push(given) },
  };
  // The rest of a core is not touched: a test that touched it would fail on undefined.
  return { core: core as unknown as Core, calls, kept, ready, asked };
}
