import { formatUnits } from "./amounts.ts";
import { find, say } from "./dom.ts";
import { transferTokens } from "./instructions.ts";
import type { SolanaPage } from "./solana-page.ts";

interface Gift {
  readonly mint: string;
  readonly decimals: number;
  readonly tokenAccount: string;
  readonly guestbookTokenAccount: string;
  readonly amount: string;
}

/** The token panel: get ten from this server's faucet, send one to the guestbook. */
export function openTokens(page: SolanaPage): void {
  const status = find("token-status", HTMLElement);
  const get = find("get-tokens", HTMLButtonElement);
  const send = find("send-token", HTMLButtonElement);
  const balance = find("token-balance", HTMLElement);
  find("tokens", HTMLElement).hidden = !page.config.hasFaucet;
  let held: { readonly owner: string; readonly gift: Gift } | undefined;

  async function fillUp(owner: string): Promise<Gift> {
    say(status, "busy", "Asking for demo tokens…");
    const gift = await askFaucet(owner);
    held = { owner, gift };
    balance.textContent = await page.chain.readTokens(gift.tokenAccount);
    page.steps.finish("tokens");
    return gift;
  }

  async function getTokens(owner: string): Promise<void> {
    get.disabled = true;
    try {
      const { amount, decimals } = await fillUp(owner);
      const got = formatUnits(BigInt(amount), decimals);
      const text = got === "0" ? "You have 10 tokens already. Send one!" : `${got} demo tokens are yours. Send one!`;
      say(status, "done", text);
    } finally {
      get.disabled = false;
    }
  }

  async function sendToken(owner: string): Promise<void> {
    const gift = held?.owner === owner ? held.gift : await fillUp(owner);
    const { mint, decimals, tokenAccount, guestbookTokenAccount } = gift;
    const ends = { owner, source: tokenAccount, destination: guestbookTokenAccount };
    const transfer = transferTokens({ ...ends, mint, decimals, amount: 10n ** BigInt(decimals) });
    await page.relay({ title: "1 token to the guestbook", input: [transfer], status, button: send });
    balance.textContent = await page.chain.readTokens(tokenAccount).catch(() => "–");
    say(status, "done", "The guestbook has your token, and you paid nothing.");
    page.steps.finish("send");
  }

  get.addEventListener("click", () => page.act(status, getTokens));
  send.addEventListener("click", () => page.act(status, sendToken));
  page.onVisitorChanged((owner) => {
    if (owner === held?.owner) return;
    held = undefined;
    balance.textContent = "–";
    say(status, "idle", "");
  });
}

const FAUCET_TIMEOUT_MS = 30_000;

async function askFaucet(address: string): Promise<Gift> {
  const headers = { "content-type": "application/json" };
  const signal = AbortSignal.timeout(FAUCET_TIMEOUT_MS);
  const response = await fetch("/faucet", { method: "POST", headers, body: JSON.stringify({ address }), signal });
  const body = (await response.json()) as Gift & { readonly detail?: string };
  if (!response.ok) throw new Error(body.detail ?? "The faucet did not answer.");
  return body;
}
