import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildTransaction, type ChallengeAnswer, memoBy, type Prepared, toBase64 } from "./api-client.ts";
import { createWallet, type LocalWallet } from "./wallet.ts";

/** A wallet for the command line: it keeps a key in the data folder and signs what the API asks for. */
const USAGE = `usage: npm run --silent wallet <command>
  address         prints the wallet's address
  session         reads a challenge (JSON) and prints the body of POST /v1/sessions
  memo <text>     reads the answer of prepare (JSON) and prints the body of POST /v1/relays
`;

async function openWallet(): Promise<LocalWallet> {
  const folder = process.env["GASLESS_DATA"] ?? fileURLToPath(new URL("../.gasless", import.meta.url));
  const file = join(folder, "demo-wallet.key");
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, randomBytes(32).toString("base64"), { mode: 0o600, flag: "wx" });
  }
  return createWallet(Buffer.from(readFileSync(file, "utf8"), "base64"));
}

/** The API's answer from standard input. @throws Error with the API's own words when it is a refusal */
function readAnswer(field: string): unknown {
  const text = readFileSync(0, "utf8");
  const answer = JSON.parse(text.trim().startsWith("{") ? text : "{}") as Record<string, unknown>;
  if (field in answer) return answer;
  throw new Error(
    typeof answer["code"] === "string"
      ? `${answer["code"]}: ${String(answer["detail"])}`
      : "that is no answer of the API",
  );
}

async function proveChallenge(wallet: LocalWallet): Promise<object> {
  const { challengeId, message } = readAnswer("message") as ChallengeAnswer;
  const signature = toBase64(await wallet.sign(new TextEncoder().encode(message)));
  return { challengeId, network: "solana:localnet", address: wallet.address, method: "message", signature };
}

async function writeMemo(wallet: LocalWallet, text: string): Promise<object> {
  const wire = await buildTransaction(readAnswer("lifetime") as Prepared, [memoBy(wallet, text)], [wallet]);
  return { network: "solana:localnet", transaction: toBase64(wire) };
}

async function main([command, text]: readonly string[]): Promise<string | undefined> {
  const wallet = await openWallet();
  if (command === "address") return wallet.address;
  if (command === "session") return JSON.stringify(await proveChallenge(wallet));
  if (command === "memo" && text !== undefined) return JSON.stringify(await writeMemo(wallet, text));
  return undefined;
}

try {
  const line = await main(process.argv.slice(2));
  if (line === undefined) process.exitCode = 2;
  (line === undefined ? process.stderr : process.stdout).write(line === undefined ? USAGE : `${line}\n`);
} catch (error) {
  process.stderr.write(`wallet: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
