import type { ManageRateClass } from "../contract/manage/routes.ts";
import type { Possession } from "./possession.ts";

export interface LimitCheck {
  readonly name:
    | "address"
    | "key"
    | "project"
    | "user"
    | "sign-in"
    | "reading"
    | "prepare"
    | "explain"
    | ManageRateClass
    | "manage-heavy-shared";
  readonly subject: string;
  readonly perMinute: number;
}

export interface LimitState {
  readonly name: LimitCheck["name"];
  readonly limit: number;
  /** Below zero: this request was one too many. */
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** What a request takes, and asks, before anything else is done for it. */
export interface LimiterRequest {
  readonly checks: readonly LimitCheck[];
  /** Of a challenge that the body names. */
  readonly nonce: string | undefined;
  readonly possession: Possession | undefined;
  /** An access token came along. */
  readonly isSignedIn: boolean;
}

export interface LimiterAnswer {
  readonly states: readonly LimitState[];
  readonly isNonceBurnt: boolean;
  /** The proof of possession had been seen before. */
  readonly isReplay: boolean;
}

export interface LimitUsage {
  readonly window: "hour" | "day" | "month" | "lifetime";
  readonly unit: "relays" | "fee" | "rent";
  readonly limit: bigint;
  readonly used: bigint;
  readonly held: bigint;
  readonly resetsAt: Date | null;
}
