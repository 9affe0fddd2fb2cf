import "./styles/index.ts";
import { createClient } from "./api/client.ts";
import { start } from "./app/start.ts";
import { createTokens } from "./session/token.ts";
import { createWalletSignIn } from "./session/wallet.ts";

const readMeta = (name: string): string =>
  document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
const browserFetch: typeof fetch = (input, init) => fetch(input, init);
const signIn = createWalletSignIn(readMeta("gasless-project"), readMeta("gasless-pera-bridge"));
const tokens = createTokens({ fetch: browserFetch, authorize: signIn.authorize });
// Another session may be another person's.
signIn.onChange(() => tokens.forget());
start({ api: createClient({ fetch: browserFetch, token: tokens.token }), signIn });
