export { AlgorandPolicy } from "./algorand-policy.ts";
export { Allowance, AllowanceQuery } from "./allowance.ts";
export { Challenge, ChallengeRequest, SignInFields } from "./challenges.ts";
export { ProjectConfig } from "./config.ts";
export { SolanaPolicy } from "./policy.ts";
export { Problem } from "./problem.ts";
export {
  Explanation,
  PreparedRelay,
  PrepareRequest,
  Relay,
  RelayList,
  RelayListQuery,
  RelayQuery,
  RelayRequest,
} from "./relays.ts";
export {
  CurrentSession,
  LinkedWallet,
  RefreshRequest,
  Session,
  SessionList,
  SessionRequest,
  SessionTokens,
  User,
  WalletList,
} from "./sessions.ts";
export { idOf, NetworkName, SignInMethod } from "./values.ts";
