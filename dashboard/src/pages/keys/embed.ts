export interface EmbedChoice {
  readonly key: string;
  /** Where the API is. */
  readonly api: string;
  /** Of the site that serves the widget's file; undefined: the page's own. */
  readonly site?: string | undefined;
  /** Whether the page loads the widget's file itself, or its bundler does. */
  readonly isBundled?: boolean;
  /** Undefined: any of the project's. */
  readonly network: string | undefined;
}

/** What stands in for a key that is not kept: its prefix and the characters by which it is known. */
export const keyPlaceholder = (environment: "test" | "live", lastFour: string): string =>
  `pk_${environment}_…${lastFour}`;

/** Whether a pasted text can be the publishable key that ends like this. */
export const isKeyEndingIn = (text: string, environment: "test" | "live", lastFour: string): boolean =>
  new RegExp(`^pk_${environment}_[0-9A-Za-z]{20,60}$`).test(text) && text.endsWith(lastFour);

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** The tag for a page, as the guide shows it. */
export function embedTag({ key, api, site = "", isBundled = false, network }: EmbedChoice): string {
  const attributes = [`project="${escape(key)}"`, `api="${escape(api)}"`];
  if (network !== undefined) attributes.push(`network="${escape(network)}"`);
  return [
    ...(isBundled ? [] : [`<script type="module" src="${escape(site)}/gasless-wallet.js"></script>`]),
    `<gasless-wallet ${attributes.join(" ")}>`,
    "  <button>Connect wallet</button>",
    "</gasless-wallet>",
  ].join("\n");
}

/** What a bundled page's script does before anybody sees the tag. */
export const LOAD_LINES = 'import { load } from "gasless-wallet";\n\nawait load();';

/** What a strict content security policy of the page has to allow. */
export function policyLines(
  { api, site = "'self'" }: Pick<EmbedChoice, "api" | "site">,
  networks: readonly string[],
): string[] {
  const connect = [api];
  // Pera Wallet is reached through its maker's bridge.
  if (networks.some((network) => network.startsWith("algorand:"))) {
    connect.push("https://wc.perawallet.app", "wss://*.perawallet.app");
  }
  return [
    `script-src ${site}`,
    "style-src 'self'",
    `connect-src ${connect.join(" ")}`,
    "require-trusted-types-for 'script'",
    "trusted-types lit-html gasless-wallet-icon",
  ];
}
