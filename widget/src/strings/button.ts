/** What the button alone says: the only texts of the first load. */
export const BUTTON_EN = {
  "button.connect": "Connect wallet",
  "button.connecting": "Connecting…",
  "button.finish": "Finish signing in",
  "button.verifying": "Signing in…",
  "button.again": "Sign in again",
  "button.unavailable": "Sign-in is unavailable",
  "button.account": "Wallet {address}, signed in",
} as const;
