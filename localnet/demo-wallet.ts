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

const readInput = (): unknown => JSON.parse(readFileSync(0, "utf8"));

async function proveChallenge(wallet: LocalWallet): Promise<object> {
  const { challengeId, message } = readInput() as ChallengeAnswer;
  const signature = toBase64(await wallet.sign(new TextEncoder().encode(message)));
  return { challengeId, network: "solana:localnet", address: wallet.address, method: "message", signature };
}

async function writeMemo(wallet: LocalWallet, text: string): Promise<object> {
  const wire = await buildTransaction(readInput() as Prepared, [memoBy(wallet, text)], [wallet]);
  return { network: "solana:localnet", transaction: toBase64(wire) };
}

const [command, text] = process.argv.slice(2);
const wallet = await openWallet();
const print = (line: string): void => void process.stdout.write(`${line}\n`);
if (command === "address") print(wallet.address);
else if (command === "session") print(JSON.stringify(await proveChallenge(wallet)));
else if (command === "memo" && text !== undefined) print(JSON.stringify(await writeMemo(wallet, text)));
else {
  process.stderr.write(USAGE);
  process.exitCode = 2;
}
