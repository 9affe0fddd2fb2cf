import type { PolicyCheck } from "../../../../bff/src/contract/manage/policies.ts";
import { FakeProblem } from "../fake-api.ts";
import { COMPUTE_BUDGET, SYSTEM, TOKEN } from "./policy-world.ts";

type Document = Readonly<Record<string, unknown>>;
type Finding = PolicyCheck["findings"][number];
interface Found extends Finding {
  readonly mend: (document: Document) => Document;
}

const entriesOf = (document: Document): readonly Document[] =>
  Array.isArray(document["allow"]) ? (document["allow"] as Document[]) : [];

export const policyInvalid = (errors: FakeProblem["errors"]): FakeProblem =>
  new FakeProblem(422, "manage.policy_invalid", "The policy cannot be used as it is.", errors);

/** What does not fit the schema is refused with its places, as the API does. */
function assertReadable(document: Document): void {
  const errors = [
    ...(Array.isArray(document["allow"]) ? [] : [{ pointer: "/allow", detail: "Invalid input: expected array" }]),
    ...["maxFee", "maxRent"].flatMap((name) =>
      document[name] === undefined || /^"\d+"$/.test(JSON.stringify(document[name]))
        ? []
        : [{ pointer: `/${name}`, detail: 'must be a whole number of base units as text, such as "10000"' }],
    ),
  ];
  if (errors.length > 0) throw policyInvalid(errors);
}

const MOVES: Readonly<Record<string, string>> = { [SYSTEM]: "source", [TOKEN]: "owner" };

function findUnbound(document: Document): Found[] {
  return entriesOf(document).flatMap((entry, index): Found[] => {
    const role = String(entry["instruction"]).startsWith("transfer") ? MOVES[String(entry["program"])] : undefined;
    if (role === undefined || entry["sessionWalletIs"] !== undefined) return [];
    return [
      {
        severity: "warning",
        lint: "transfer-of-anybody",
        pointer: `/allow/${index}`,
        message: "Transfers of other signers than the signed-in wallet are sponsored as well.",
        fix: { description: `Set "sessionWalletIs": ["${role}"].` },
        mend: (old) => ({ ...old, allow: entriesOf(old).with(index, { ...entry, sessionWalletIs: [role] }) }),
      },
    ];
  });
}

function findAll(document: Document): Found[] {
  const fee = Number(document["maxFee"] ?? 0);
  const instruction = "setComputeUnitPrice";
  const isSolana = document["maxSignatures"] !== undefined;
  const hasPrice = entriesOf(document).some((entry) => entry["instruction"] === instruction);
  return [
    ...(isSolana && fee < 10_000
      ? [
          {
            severity: "error" as const,
            lint: "fee-too-low",
            pointer: "/maxFee",
            message: "The sponsor and the wallet both sign, which costs 10000 lamports: every transaction is refused.",
            fix: { description: "Raise it to 10000 or more." },
            mend: (old: Document) => ({ ...old, maxFee: "10000" }),
          },
        ]
      : []),
    ...findUnbound(document),
    ...(isSolana && entriesOf(document).length > 0 && !hasPrice
      ? [
          {
            severity: "warning" as const,
            lint: "compute-budget-missing",
            pointer: "/allow",
            message: `Wallets add ${instruction} by themselves; their users are refused.`,
            fix: { description: `Allow ComputeBudget ${instruction}: the bounds of the policy hold for it.` },
            mend: (old: Document) => ({
              ...old,
              allow: [...entriesOf(old), { program: COMPUTE_BUDGET, instruction }],
            }),
          },
        ]
      : []),
  ];
}

/** A few of the lints, enough for every way in which the editor shows what was found. */
export function checkFake(document: Document, currentVersion: number | null): PolicyCheck {
  assertReadable(document);
  const found = findAll(document);
  return {
    document: { ...document },
    currentVersion,
    findings: found.map(({ mend: _mend, ...finding }) => finding),
    mended: { ...found.reduce((mended, { mend }) => mend(mended), document) },
    differences: [],
  };
}
