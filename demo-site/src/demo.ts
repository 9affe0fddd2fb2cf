import { readConfig } from "./config.ts";
import { find } from "./dom.ts";
import { findWallet } from "./gasless-wallet.ts";
import { openGuestbook } from "./guestbook.ts";
import { createChain } from "./rpc.ts";
import { createSolanaPage } from "./solana-page.ts";
import { showSteps } from "./steps.ts";
import { openTokens } from "./tokens.ts";
import { announceDemoWallet } from "./wallet/demo-wallet.ts";

const config = readConfig();
if (!config.hasFaucet) {
  for (const step of document.querySelectorAll<HTMLElement>('[data-step="tokens"], [data-step="send"]')) {
    step.hidden = true;
  }
}
find("networks", HTMLElement).hidden = !config.hasAlgorand;
const steps = showSteps({
  sign: find("sign", HTMLElement),
  tokens: find("get-tokens", HTMLElement),
  send: find("send-token", HTMLElement),
});
const page = createSolanaPage(findWallet(), { config, chain: createChain(config.rpcUrl), steps });

announceDemoWallet();
openGuestbook(page);
openTokens(page);
