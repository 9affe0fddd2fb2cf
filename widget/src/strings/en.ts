import { BUTTON_EN } from "./button.ts";

/** English, the measure of every other language: each key of it, and no other. `{name}` is filled in. */
export const en = {
  ...BUTTON_EN,
  close: "Close",
  retry: "Try again",
  details: "Details",
  cancel: "Cancel",

  "wallets.title": "Connect a wallet",
  "wallets.lead": "You need no {coin}: {app} pays the network fees.",
  "wallets.recent": "Last used",
  "wallets.installed": "Installed",
  "wallets.phone": "On your phone",
  "wallets.get": "Get",
  "wallets.empty": "No wallet found on this device",
  "wallets.emptyHint": "Install a Solana wallet, or unlock the one you have. It appears here by itself.",
  "wallets.emptyAction": "Find a wallet",

  "opening.title": "Opening {wallet}",
  "opening.lead": "Approve the request in {wallet}.",
  "opening.hint": "Nothing to see? Its window may be behind this one, or waiting in the browser’s toolbar.",

  "explain.title": "One more step",
  "explain.lead": "{wallet} is connected as {address}. Prove that it is yours with a signature.",
  "explain.free": "Signing is free and sends no transaction.",
  "explain.action": "Sign in",

  "hardware.use": "I use a hardware wallet",
  "hardware.title": "Sign in with a hardware wallet",
  "hardware.lead":
    "Many hardware wallets cannot sign a text. Your device shows a transaction instead, with the text in it as a memo.",
  "hardware.free":
    "It is only a signature: the transaction is never sent, cannot land on the network, and costs nothing.",
  "hardware.action": "Sign on the device",

  "verifying.title": "Checking the signature",
  "success.title": "You are signed in",

  "account.title": "Your wallet",
  "account.copy": "Copy address",
  "account.copied": "Copied",
  "account.allowance": "Free gas",
  "account.left.hour": "{left} of {limit} free transactions left this hour",
  "account.left.day": "{left} of {limit} free transactions left today",
  "account.left.month": "{left} of {limit} free transactions left this month",
  "account.left.lifetime": "{left} of {limit} free transactions left",
  "account.returns": "More from {time}",
  "account.unlimited": "{app} pays the fee of every transaction that it allows.",
  "account.recent": "Recent transactions",
  "account.none": "No transaction yet. {app} pays for the first one, too.",
  "account.loading": "Loading…",
  "account.unread": "This could not be loaded.",
  "account.switch": "Switch wallet",
  "account.signOut": "Sign out",

  "changed.title": "Another account",
  "changed.lead": "{wallet} now shows {other}. You are signed in as {address}.",
  "changed.action": "Sign in as {other}",
  "changed.keep": "Stay signed in as {address}",

  "sponsor.preparing": "Preparing the transaction",
  "sponsor.approve": "Approve in {wallet}",
  "sponsor.again": "That took a while, so the transaction was prepared anew. Please approve it once more.",
  "sponsor.fee": "Network fee",
  "sponsor.paidBy": "paid by {app}",
  "sponsor.zero": "Your wallet may warn that you have no {coin}. You need none: {app} pays.",
  "sponsor.sending": "Sending the transaction",
  "sponsor.adjusted": "{wallet} added something of its own to the transaction. It was checked again.",
  "sponsor.confirmed": "The transaction is confirmed",
  "sponsor.explorer": "View in the explorer",
  "sponsor.hide": "Continue in the background",
  "sponsor.done": "Done",

  "state.received": "Received",
  "state.signed": "Sending",
  "state.submitted": "Sending",
  "state.confirmed": "Confirmed",
  "state.finalized": "Done",
  "state.rejected": "Refused",
  "state.failed": "Failed",
  "state.expired": "Expired",

  clock: "This device’s clock is off by {minutes} min. Your wallet may refuse to sign in until it is set right.",

  "error.title": "That did not work",
  "error.unknown": "Something went wrong. Nothing was lost; try it again.",
  "error.network.offline": "This device is offline. It goes on when the connection is back.",
  "error.network.unreachable": "The service does not answer at the moment. Try it again in a moment.",
  "error.widget.misconfigured": "This page is not set up yet. For its developer: {detail}",
  "error.wallet.rejected": "You declined the request in {wallet}.",
  "error.wallet.timeout":
    "{wallet} has not answered for a while. Open it, close any request that waits there, and try again.",
  "error.wallet.locked": "{wallet} is locked. Unlock it and try again.",
  "error.wallet.busy": "{wallet} already shows a request. Answer that one first.",
  "error.wallet.not_found": "{wallet} is not on this page any more. Switch it on, or choose another wallet.",
  "error.wallet.unreachable": "{wallet} cannot be reached at the moment. Try it again.",
  "error.wallet.disconnected": "{wallet} has ended the connection. Connect it again.",
  "error.wallet.unsupported": "{wallet} cannot do what this needs. Choose another wallet.",
  "error.wallet.account_changed":
    "{wallet} shows another account than the one that is signed in. Switch back there, or sign in anew.",
  "error.wallet.message_changed":
    "{wallet} signed another text than it was asked to, so it proves nothing. Choose another wallet.",
  "error.wallet.transaction_changed":
    "{wallet} changed the transaction, and what became of it cannot be sponsored. Switch off what it adds to transactions, or use another wallet.",
  "error.wallet.failed": "{wallet} reported a fault. Try it again, or use another wallet.",
  "error.rate.limited": "Too many requests for the moment. It goes on in {seconds} s.",
  "error.session": "Your session has ended. Sign in again to go on.",
  "error.signature": "The signature does not fit the wallet. Try it again.",
  "error.proof": "The service could not verify this browser. Sign in again to go on.",
  "error.origin": "This page may not use the project. For its developer: add {origin} to the project’s origins.",
  "error.key": "This page is not set up yet. For its developer: the publishable key is not known at {api}.",
  "error.project": "This app is paused at the moment.",
  "error.budget": "Your free gas is used up for now. It returns at {time}.",
  "error.budgetApp": "This app’s free gas is used up for now. It returns at {time}.",
  "error.budgetEnd": "Your free gas for this app is used up.",
  "error.policy": "This app does not pay for that kind of transaction. Nothing was sent.",
  "error.simulation": "The transaction would fail, so it was not sent, and nothing was used up.",
  "error.expired": "The transaction was not signed in time. Sign it once more.",
  "error.failed": "The transaction landed and failed. The app paid its fee.",
  "error.sponsor": "The app cannot pay fees at the moment. Nothing was sent; try it again later.",
  "error.relay.unfinished":
    "It is not certain yet what became of the transaction. Look at your recent transactions before you send it again.",
} as const;

export type StringKey = keyof typeof en;
export type Strings = Readonly<Record<StringKey, string>>;
