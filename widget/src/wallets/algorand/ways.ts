import type { PeraWalletConnect } from "@perawallet/connect";
import type { Challenge } from "../../api/types.ts";
import { fromBase64, toBase64 } from "../../base64.ts";
import { isSame } from "../../bytes.ts";
import { GaslessError } from "../../errors.ts";
import type { SignInWay } from "../types.ts";
import { isRejection } from "../failures.ts";
import { decodeAddress } from "./address.ts";
import { isTextOfThisPage, readSiwaDomain } from "./page-text.ts";
import { readFields, readNumber, writeBytes, writeText } from "./transaction.ts";

export type Ask = <Answer>(request: (pera: PeraWalletConnect) => Promise<Answer>) => Promise<Answer>;
type Base64 = Readonly<Record<string, string>>;

const AUTH_SCOPE = 1;
/** EIP-1193: the wallet does not know the method. */
const UNSUPPORTED = 4200;
/** A round that was over before anybody could sign for it: what is valid then can never land. */
const DEAD_ROUND = 1n;

/**
 * How an Algorand account proves itself, by what Pera can do: a structured text (ARC-60), a plain one, and for what signs
 * neither a transaction that does nothing and can never land. What the server made is read before the wallet gets it: a
 * signature must be good for this page alone.
 */
export function createWays(askWallet: Ask): readonly SignInWay[] {
  /** Some older apps say nothing to what they do not know: then they are asked otherwise the next time. */
  let isUnanswered = false;
  const ask: Ask = (request) => askWallet(request).catch(tellUnsupported);
  return [
    {
      method: "arc60",
      async sign(address, { payload }) {
        if (isUnanswered) throw unsupported("Pera Wallet did not answer before.");
        const [data = "", authenticatorData = ""] = [payload?.data, payload?.authenticatorData];
        const authenticator = readBase64(authenticatorData);
        const domain = readSiwaDomain(readBase64(data), address);
        if (domain === undefined || !isSame(authenticator, await sha256(domain))) throw notOfThisPage();
        // The shim of algosdk takes the address as it is; the library checks the domain against the page's own.
        const signer = address as unknown as Uint8Array;
        const request = { data, signer, domain: location.host, authenticatorData: authenticator };
        isUnanswered = true;
        const signed = await ask((pera) =>
          pera.signArc60Data(request, { scope: AUTH_SCOPE, encoding: "base64" }).finally(() => (isUnanswered = false)),
        );
        return { signature: toBase64(signed.signature), signedMessage: toBase64(signed.authenticatorData) };
      },
    },
    {
      method: "mx",
      async sign(address, { message = "" }) {
        if (!isTextOfThisPage(message, address)) throw notOfThisPage();
        const request = { data: new TextEncoder().encode(message), message: reason() };
        const [signature] = await ask((pera) => pera.signData([request], address));
        if (!signature) throw signedNothing();
        return { signature: toBase64(signature) };
      },
    },
    {
      method: "zero-transaction",
      async sign(address, challenge) {
        const transaction = readBase64(challenge.payload?.transaction ?? "");
        if (!isDeadEnd(transaction, challenge, address)) throw notOfThisPage();
        const request = { txn: transaction as never, message: reason() };
        const [wire] = await askWallet((pera) => pera.signTransaction([[request]]));
        return { ...readSignature(wire), transaction: toBase64(wire ?? new Uint8Array()) };
      },
    },
  ];
}

/** Nothing from oneself to oneself, for nothing, at a time that is over; and with the text, which is this page's. */
function isDeadEnd(transaction: Uint8Array, { message = "" }: Challenge, address: string): boolean {
  const fields = readFields(transaction);
  const own = Uint8Array.from(writeBytes(decodeAddress(address)));
  const is = (key: string, value: Uint8Array) => isSame(fields?.get(key) ?? new Uint8Array(), value);
  const text = new TextEncoder().encode(message);
  return (
    fields !== undefined &&
    [...fields.keys()].every((key) => ["fv", "gen", "gh", "lv", "note", "rcv", "snd", "type"].includes(key)) &&
    is("type", Uint8Array.from(writeText("pay"))) &&
    is("snd", own) &&
    is("rcv", own) &&
    readNumber(fields.get("lv")) === DEAD_ROUND &&
    isSame(fields.get("note")?.subarray(-text.length) ?? new Uint8Array(), text) &&
    isTextOfThisPage(message, address)
  );
}

function readSignature(wire: Uint8Array | undefined): Base64 {
  const signature = wire && readFields(wire)?.get("sig");
  // What a multisig account or a logic signature gives instead is no proof that the server takes.
  if (!signature) throw new GaslessError("auth.wallet_unsupported", "Pera Wallet gave no signature of one key.");
  return { signature: toBase64(signature.subarray(2)) };
}

/**
 * The protocol hands on what a wallet says and drops its code. What an app that is older than a method makes of it reads
 * in many ways; a person's no reads as such.
 */
function tellUnsupported(error: unknown): never {
  const { message } = error as Error;
  const isOfApp = /support|implement|method|invalid|missing|parse|decode|domain/i.test(message);
  if (error instanceof GaslessError || isRejection(error) || !isOfApp) throw error;
  throw unsupported(message, error);
}

const unsupported = (message: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code: UNSUPPORTED });

const reason = (): string => `Sign in to ${location.host}`;

const sha256 = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

function readBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64(text);
  } catch {
    throw notOfThisPage();
  }
}

const notOfThisPage = (): GaslessError =>
  new GaslessError("auth.challenge_invalid", `The server's challenge is not for ${location.origin}.`);
const signedNothing = (): GaslessError => new GaslessError("wallet.failed", "Pera Wallet signed nothing.");
