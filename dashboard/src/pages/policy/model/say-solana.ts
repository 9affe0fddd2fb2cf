import { formatAmount } from "../../../format/amounts.ts";
import type { Names } from "./names.ts";
import { isObject, type Json, pointerOf } from "./pointer.ts";
import { type SayNumber, sayPredicate } from "./say-predicate.ts";
import { listWords, type Statement, value, type Words } from "./words.ts";

const SYSTEM_PROGRAM = "11111111111111111111111111111111";
const list = (given: unknown): readonly unknown[] => (Array.isArray(given) ? (given as unknown[]) : []);
const text = (given: unknown): string => (typeof given === "string" ? given : "something unreadable");

/** What the System program moves is lamports; of tokens only their mint knows the decimals. */
const lamports =
  (network: string): SayNumber =>
  (digits) =>
    formatAmount(network, digits);

function conditionsOf(entry: Json, network: string): readonly Words[] {
  const isSystem = entry["program"] === SYSTEM_PROGRAM;
  const wallet = list(entry["sessionWalletIs"]).map((role): Words => [
    "the ",
    value(text(role)),
    " is the signed-in wallet",
  ]);
  const accounts = Object.entries(isObject(entry["accounts"]) ? entry["accounts"] : {}).map(
    ([role, predicate]): Words => ["the account ", value(role), " ", ...sayPredicate(predicate)],
  );
  const values = Object.entries(isObject(entry["arguments"]) ? entry["arguments"] : {}).map(
    ([name, predicate]): Words => {
      const isAmount = isSystem && (name === "amount" || name === "lamports");
      return [value(name), " ", ...sayPredicate(predicate, isAmount ? lamports(network) : undefined)];
    },
  );
  return [...wallet, ...accounts, ...values];
}

/** An entry in one sentence, where its program is told already: "transferChecked, when the owner is the signed-in wallet". */
export function sayInstruction(entry: Json, network: string): Words {
  const head: Words = [value(text(entry["instruction"]))];
  const conditions = conditionsOf(entry, network);
  return conditions.length === 0 ? [...head, " without conditions"] : [...head, ", when ", ...listWords(conditions)];
}

function sayOptions({ lookupTables, unlistedPrograms, walletAssertions }: Json): readonly Statement[] {
  const option = (name: string, words: Words): Statement => ({ section: "option", name, pointer: `/${name}`, words });
  const tables = list(lookupTables);
  return [
    option(
      "lookupTables",
      lookupTables === true
        ? ["Any lookup table may be used"]
        : tables.length > 0
          ? ["These lookup tables may be used: ", { values: tables.map(text) }]
          : ["No lookup table may be used"],
    ),
    option("unlistedPrograms", [
      unlistedPrograms === true
        ? "Programs that are not listed run, where no sponsor key is among their accounts"
        : "Programs that are not listed are refused",
    ]),
    option("walletAssertions", [
      walletAssertions === true
        ? "Up to two assertions that wallets add by themselves are let through"
        : "Assertions that wallets add by themselves are refused",
    ]),
  ];
}

/** Everything that a policy of Solana says. */
export function saySolana(document: Json, names: Names, network: string): readonly Statement[] {
  return [
    ...list(document["allow"]).map((entry, index): Statement => ({
      section: "allow",
      pointer: pointerOf(["allow", index]),
      words: isObject(entry)
        ? [...names(text(entry["program"])), " · ", ...sayInstruction(entry, network)]
        : ["An entry that cannot be read"],
    })),
    ...list(document["sponsorRoles"]).map((role, index): Statement => ({
      section: "sponsor",
      pointer: pointerOf(["sponsorRoles", index]),
      words: isObject(role)
        ? ["The sponsor may be the ", value(text(role["role"])), " in ", ...names(text(role["program"]))]
        : ["A role that cannot be read"],
    })),
    ...sayOptions(document),
    ...list(document["programs"]).map((program, index): Statement => ({
      section: "programs",
      pointer: pointerOf(["programs", index]),
      words: sayProgram(program),
    })),
  ];
}

function sayProgram(program: unknown): Words {
  if (!isObject(program)) return ["A program that cannot be read"];
  const instructions = list(program["instructions"]).map((each) => (isObject(each) ? text(each["name"]) : "?"));
  return [
    `${text(program["name"])} at `,
    value(text(program["address"])),
    ` is told apart by ${instructions.length === 1 ? "one instruction" : `${instructions.length} instructions`}: `,
    { values: instructions },
  ];
}
