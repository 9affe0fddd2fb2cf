import { base58 } from "@scure/base";
import type { Call } from "./call.ts";
import type { CompiledPolicy } from "./compile.ts";
import type { DecodedTransaction } from "./decoded-transaction.ts";
import { nameInstruction } from "./programs/name-instruction.ts";
import { KNOWN_PROGRAMS, SYSTEM_PROGRAM } from "./programs/known-programs.ts";
import { sponsorRoleAt, switchOf } from "./sponsor-roles.ts";

interface Scene {
  readonly transaction: DecodedTransaction;
  readonly calls: readonly Call[];
  readonly policy: CompiledPolicy;
}

/** True when any text inside a JSON value is one of the given. */
function mentions(value: unknown, texts: ReadonlySet<string>): boolean {
  if (typeof value === "string") return texts.has(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((member) => mentions(member, texts));
}

/** Lamports that leave one account for another. */
interface Payment {
  readonly from: string;
  readonly to: string;
  readonly lamports: bigint;
}

/** Where a node's parser writes who is paid, by the call's type. Source: Agave, transaction-status/src/parse_system.rs. */
const PAID_IN_PARSED: ReadonlyMap<unknown, string> = new Map([
  ["createAccount", "newAccount"],
  ["createAccountAllowPrefund", "newAccount"],
  ["transfer", "destination"],
]);

function fromParsed(parsed: unknown): Payment | undefined {
  const { type, info } = (parsed ?? {}) as { type?: unknown; info?: Readonly<Record<string, unknown>> };
  const payee = PAID_IN_PARSED.get(type);
  const to = payee === undefined ? undefined : info?.[payee];
  const { source: from, lamports } = info ?? {};
  const isAmount = typeof lamports === "bigint" || (typeof lamports === "number" && Number.isSafeInteger(lamports));
  return typeof from === "string" && typeof to === "string" && isAmount
    ? { from, to, lamports: BigInt(lamports) }
    : undefined;
}

const PAYMENTS = new Set(["createAccount", "createAccountAllowPrefund", "transfer"]);

function fromBytes(accounts: readonly string[], data: string): Payment | undefined {
  const system = KNOWN_PROGRAMS.get(SYSTEM_PROGRAM);
  let bytes: Uint8Array;
  try {
    bytes = base58.decode(data);
  } catch {
    return undefined;
  }
  const named = system && nameInstruction(system, bytes, accounts.length);
  if (!named || !PAYMENTS.has(named.shape.name)) return undefined;
  const lamports = named.arguments.get("lamports") ?? named.arguments.get("amount");
  // `createAccountAllowPrefund` names the new account first; the payer is the account that its shape calls so.
  const payer = accounts[named.shape.accounts.indexOf(named.shape.name === "transfer" ? "source" : "payer")];
  const target = accounts[named.shape.accounts.indexOf(named.shape.name === "transfer" ? "destination" : "newAccount")];
  return typeof lamports === "bigint" && payer !== undefined && target !== undefined
    ? { from: payer, to: target, lamports }
    : undefined;
}

/** What a call to the System program pays, or undefined when it is anything but a plain payment. */
function readPayment(inner: unknown): Payment | undefined {
  const { programId, parsed, accounts, data } = inner as {
    programId?: unknown;
    parsed?: unknown;
    accounts?: readonly string[];
    data?: string;
  };
  if (programId !== SYSTEM_PROGRAM) return undefined;
  if (parsed !== undefined) return fromParsed(parsed);
  return accounts && data !== undefined ? fromBytes(accounts, data) : undefined;
}

/**
 * A call that a program makes by itself may name the sponsor only as what a role of the outer call has promised: lamports
 * of rent, at most its worst case, to the account that the role pays for. Whatever cannot be read and names a sponsor key
 * is refused.
 */
export function isInnerCallAllowed(
  inner: unknown,
  { transaction, calls, policy }: Scene,
  pool: ReadonlySet<string>,
  instruction: number,
): boolean {
  const sponsor = transaction.accounts[0] ?? "";
  if (!mentions(inner, new Set(pool).add(sponsor))) return true;
  const payment = readPayment(inner);
  if (payment?.from !== sponsor || pool.has(payment.to)) return false;
  return calls.some((call) => {
    if (call.instruction !== instruction) return false;
    return call.accounts.some((account, position) => {
      const role = account === sponsor ? sponsorRoleAt(call, position) : undefined;
      if (role?.beneficiary === undefined || !policy.sponsorRoles.has(switchOf(role))) return false;
      const beneficiary = call.accounts[call.named?.shape.accounts.indexOf(role.beneficiary) ?? -1];
      return beneficiary === payment.to && payment.lamports <= role.worstRent(call);
    });
  });
}
