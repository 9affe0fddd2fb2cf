import type { AllowedInstruction, SolanaPolicy } from "../../contract/policy.ts";
import type { Amendment as AnyAmendment } from "./amendment.ts";
import { accountOf, type Call, sayInstruction } from "./call.ts";
import { LIGHTHOUSE_PROGRAM } from "./programs/known-programs.ts";
import type { NamedInstruction } from "./programs/shape.ts";
import type { RuleInput } from "./rule.ts";
import { widenPredicate } from "./widen-predicate.ts";

type Amendment = AnyAmendment<SolanaPolicy>;

const MAX_WALLET_ROLES = 8;

type NamedCall = Call & { readonly named: NamedInstruction };
const isNamed = (call: Call): call is NamedCall => call.named !== undefined;

/** As narrow as the call is: where the wallet stands in it, only a wallet may stand. */
function addEntry(call: NamedCall, wallet: string): Amendment {
  const { program, named, shape } = call;
  const roles = named.shape.accounts.filter((role) => accountOf(call, role) === wallet).slice(0, MAX_WALLET_ROLES);
  const entry: AllowedInstruction = {
    program,
    instruction: named.shape.name,
    ...(roles.length > 0 && { sessionWalletIs: roles }),
  };
  const where = roles.length > 0 ? ` where the signed-in wallet is its ${roles.join(" and ")}` : "";
  return {
    description: `Allow ${sayInstruction(shape?.name ?? program, named.shape.name)}${where}.`,
    apply: (document) => ({ ...document, allow: [...document.allow, entry] }),
  };
}

type Predicates = NonNullable<AllowedInstruction["accounts"]>;

/** Undefined where a value is none that can be named, or the entry excludes it on purpose. */
function widenAll(
  predicates: Predicates = {},
  valueOf: (name: string) => Parameters<typeof widenPredicate>[1] | undefined,
): Predicates | undefined {
  const widened: Predicates = {};
  for (const [name, predicate] of Object.entries(predicates)) {
    const value = valueOf(name);
    const wider = value === undefined ? undefined : widenPredicate(predicate, value);
    if (!wider) return undefined;
    widened[name] = wider;
  }
  return widened;
}

/** The entry after the least change that lets the call be. Undefined: it is of somebody else than the wallet. */
function widenEntry(entry: AllowedInstruction, call: NamedCall, wallet: string): AllowedInstruction | undefined {
  const isOfWallet = (entry.sessionWalletIs ?? []).every((role) => accountOf(call, role) === wallet);
  const accounts = widenAll(entry.accounts, (role) => accountOf(call, role));
  const values = widenAll(entry.arguments, (name) => call.named.arguments.get(name));
  if (!isOfWallet || !accounts || !values) return undefined;
  return { ...entry, ...(entry.accounts && { accounts }), ...(entry.arguments && { arguments: values }) };
}

function changeEntry(entries: readonly AllowedInstruction[], call: NamedCall, wallet: string): Amendment | undefined {
  for (const entry of entries) {
    const wider = widenEntry(entry, call, wallet);
    if (!wider) continue;
    const text = JSON.stringify(entry);
    return {
      description: `Widen what is allowed of ${call.named.shape.name} to what this transaction says.`,
      apply: (document) => ({
        ...document,
        allow: document.allow.map((other) => (JSON.stringify(other) === text ? wider : other)),
      }),
    };
  }
  return undefined;
}

const ASSERTIONS: Amendment = {
  description: "Let wallets add their Lighthouse assertions.",
  apply: (document) => ({ ...document, walletAssertions: true }),
};

/** What would let a call be that is refused; undefined: it cannot be told apart, or is not the wallet's. */
export function allowCall({ policy, sessionAddress }: RuleInput, call: Call): Amendment | undefined {
  if (!isNamed(call)) return undefined;
  if (call.program === LIGHTHOUSE_PROGRAM) return ASSERTIONS;
  const entries = policy.document.allow.filter(
    ({ program, instruction }) => program === call.program && instruction === call.named.shape.name,
  );
  return entries.length === 0 ? addEntry(call, sessionAddress) : changeEntry(entries, call, sessionAddress);
}
