import { makeAssetTransferTxnWithSuggestedParamsFromObject, type Transaction } from "algosdk";
import { formatUnits } from "../amounts.ts";
import { find, say } from "../dom.ts";
import type { Account } from "./algod.ts";
import type { AlgorandPage } from "./algorand-page.ts";

const ALGO_DECIMALS = 6;
const FAUCET_TIMEOUT_MS = 30_000;

/** The panel: make room for stamps, get ten from this server's faucet, send one on. */
export function openAlbum(page: AlgorandPage): void {
  const { algod, config, steps } = page;
  const status = find("album-status", HTMLElement);
  const accept = find("accept-stamps", HTMLButtonElement);
  const get = find("get-stamps", HTMLButtonElement);
  const send = find("send-stamp", HTMLButtonElement);
  let shown: string | undefined;

  async function transferStamps(sender: string, receiver: string, amount: bigint): Promise<Transaction> {
    const suggestedParams = await algod.readParams();
    const { assetId: assetIndex } = config;
    return makeAssetTransferTxnWithSuggestedParamsFromObject({ sender, receiver, amount, assetIndex, suggestedParams });
  }

  async function refresh(owner: string): Promise<Account> {
    const account = await algod.readAccount(owner);
    // Meanwhile somebody else may have signed in.
    if (page.address() === owner) draw(account);
    if (account.stamps !== undefined) steps.finish("accept");
    if ((account.stamps ?? 0n) > 0n) steps.finish("stamps");
    return account;
  }

  async function acceptStamps(owner: string): Promise<void> {
    const { stamps } = await refresh(owner);
    if (stamps !== undefined) return say(status, "done", "Your wallet has room for stamps already. Get some!");
    say(status, "busy", "Writing the opt-in…");
    // A transfer of nothing to oneself is how a wallet on Algorand accepts an asset.
    const input = [await transferStamps(owner, owner, 0n)];
    await page.relay({ title: "Room for stamps in your wallet", input, status, button: accept });
    await refresh(owner);
    return say(status, "done", "Your wallet has room for stamps, and you paid nothing.");
  }

  async function getStamps(owner: string): Promise<void> {
    if ((await refresh(owner)).stamps === undefined) throw new Error("First make room for stamps in your wallet.");
    get.disabled = true;
    try {
      say(status, "busy", "Asking for stamps…");
      const amount = await askFaucet(owner);
      await refresh(owner);
      const text = amount === "0" ? "You have 10 stamps already. Send one!" : `${amount} stamps are yours. Send one!`;
      say(status, "done", text);
    } finally {
      get.disabled = false;
    }
  }

  async function sendStamp(owner: string): Promise<void> {
    const { stamps = 0n } = await refresh(owner);
    if (stamps === 0n) throw new Error("You have no stamp to send yet. Get some first.");
    say(status, "busy", "Writing the transfer…");
    const input = [await transferStamps(owner, config.counter, 1n)];
    await page.relay({ title: "1 stamp to the counter", input, status, button: send });
    await refresh(owner);
    say(status, "done", "The counter has your stamp, and you paid nothing.");
    steps.finish("send");
  }

  accept.addEventListener("click", () => page.act(status, acceptStamps));
  get.addEventListener("click", () => page.act(status, getStamps));
  send.addEventListener("click", () => page.act(status, sendStamp));
  page.onVisitorChanged((owner) => {
    if (owner === shown) return;
    shown = owner;
    say(status, "idle", "");
    for (const name of ["accept", "stamps", "send"] as const) steps.reopen(name);
    draw(undefined);
    if (owner !== undefined) void refresh(owner).catch(() => undefined);
  });
}

function draw(account: Account | undefined): void {
  find("stamp-balance", HTMLElement).textContent = account === undefined ? "–" : String(account.stamps ?? 0n);
  const algos = account && formatUnits(account.microalgos, ALGO_DECIMALS);
  const isBound = account !== undefined && account.microalgos > 0n && account.microalgos === account.minBalance;
  const note = isBound ? `${algos} ALGO, all of it the minimum balance that the sponsor gave` : `${algos} ALGO`;
  find("algo-balance", HTMLElement).textContent = account === undefined ? "" : `In your wallet: ${note}.`;
}

/** Gives how many were given. */
async function askFaucet(address: string): Promise<string> {
  const headers = { "content-type": "application/json" };
  const signal = AbortSignal.timeout(FAUCET_TIMEOUT_MS);
  const body = JSON.stringify({ address });
  const response = await fetch("/algorand/faucet", { method: "POST", headers, body, signal });
  const answer = (await response.json()) as { readonly amount: string; readonly detail?: string };
  if (!response.ok) throw new Error(answer.detail ?? "The faucet did not answer.");
  return answer.amount;
}
