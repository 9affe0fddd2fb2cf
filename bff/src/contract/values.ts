import * as z from "zod";

/** RFC 4648 section 4, padded and canonical: one spelling per byte string, so that nothing can hide in another. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const SEXTETS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** True when the bits that padding leaves over are zero. */
function hasCleanTail(text: string): boolean {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const last = SEXTETS.indexOf(text.charAt(text.length - padding - 1));
  return padding === 0 || last % (padding === 2 ? 16 : 4) === 0;
}

export const Base64 = z
  .string()
  .min(1)
  .regex(BASE64, "must be base64 (RFC 4648 section 4) with padding")
  .refine(hasCleanTail, "must be canonical base64: the unused bits of its last character are not zero")
  .meta({ format: "byte", description: "base64, RFC 4648 section 4, padded and canonical" });

export const NetworkName = z
  .string()
  .regex(
    /^(?:solana:(?:mainnet|devnet|testnet|localnet)|algorand:(?:mainnet|testnet|localnet)|eip155:[1-9][0-9]{0,17}|near:(?:mainnet|testnet|localnet))$/,
    "must be a network such as solana:devnet",
  )
  .meta({ description: "A network, pinned to one genesis hash", examples: ["solana:localnet"] });
export type NetworkName = z.infer<typeof NetworkName>;

export const Amount = z
  .string()
  .regex(/^[0-9]{1,78}$/, 'must be a whole number of base units as text, such as "10000"')
  .meta({ description: "An amount in base units (lamports on Solana), as a decimal string", examples: ["10000"] });

export const Time = z.string().meta({ format: "date-time", description: "RFC 3339, UTC, with Z" });

export const Wallet = z
  .string()
  .meta({ description: "`<family>:<address>`", examples: ["solana:7v91N7iZ9mNicL8WfG6cgSCKyRXydQjLh6UYBWwm6y1Q"] });

/** An id such as `rly_…`: opaque, prefixed, sortable by the time it was made. */
export const idOf = (prefix: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`), `must be an id: ${prefix}_ and 26 characters`)
    .meta({ examples: [`${prefix}_01jf8zq0k3f7c9v2m5n8p1r4st`] });

/** The console's own project has a name in place of the random part. */
export const ProjectId = z
  .string()
  .regex(/^prj_(?:console|[0-9a-hjkmnp-tv-z]{26})$/, "must be an id: prj_ and 26 characters")
  .meta({ examples: ["prj_01jf8zq0k3f7c9v2m5n8p1r4st"] });

export const SignInMethod = z.enum([
  "siws",
  "message",
  "offchain",
  "memo-transaction",
  "local",
  "arc60",
  "mx",
  "zero-transaction",
  "siwe",
  "eip712",
  "nep413",
]);
export type SignInMethod = z.infer<typeof SignInMethod>;
