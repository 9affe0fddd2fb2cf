import type { Finding, Lint } from "../lint.ts";
import { SYSTEM_PROGRAM, TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from "../programs/known-programs.ts";
import { SPONSOR_ROLES, switchOf } from "../sponsor-roles.ts";
import { set } from "./fixes.ts";

const KNOWN_SWITCHES = new Set(SPONSOR_ROLES.map(switchOf));
const RENT_SWITCHES = new Set(SPONSOR_ROLES.filter(({ gives }) => gives === "rent").map(switchOf));

const unknownSwitch: Lint = {
  name: "sponsor-role-unknown",
  find: ({ sponsorRoles = [] }) =>
    sponsorRoles.flatMap((role, index): Finding[] =>
      KNOWN_SWITCHES.has(switchOf(role))
        ? []
        : [
            {
              severity: "error",
              pointer: `/sponsorRoles/${index}`,
              message: `The sponsor can never be ${role.role} of this program.`,
              fix: {
                description: "Remove the switch; docs/sponsor-roles.md has those that there are.",
                apply: (document) =>
                  set({
                    sponsorRoles: document.sponsorRoles?.filter((other) => switchOf(other) !== switchOf(role)),
                  })(document),
              },
            },
          ],
    ),
};

const paysRent = ({ sponsorRoles = [] }: Parameters<Lint["find"]>[0]): boolean =>
  sponsorRoles.some((role) => RENT_SWITCHES.has(switchOf(role)));

const rentOff: Lint = {
  name: "rent-role-without-rent",
  find: (document) =>
    paysRent(document) && document.maxRent === undefined
      ? [
          {
            severity: "warning",
            pointer: "/sponsorRoles",
            message:
              "The sponsor may stand where rent is paid, but rent is not sponsored: every such transaction is refused.",
            fix: {
              description: "Set `maxRent`, or turn these roles off.",
              apply: (old) =>
                set({ sponsorRoles: old.sponsorRoles?.filter((role) => !RENT_SWITCHES.has(switchOf(role))) })(old),
            },
          },
        ]
      : [],
};

const rentWithoutBudget: Lint = {
  name: "rent-without-budget",
  find: (document, { hasRentBudget }) =>
    document.maxRent !== undefined && paysRent(document) && !hasRentBudget
      ? [
          {
            severity: "error",
            pointer: "/maxRent",
            message: "Rent is sponsored and no budget bounds it: whoever makes wallets takes all of it.",
            fix: {
              description: "Give the project a budget of rent, or do not sponsor rent.",
              apply: (old) =>
                set({
                  maxRent: undefined,
                  sponsorRoles: old.sponsorRoles?.filter((role) => !RENT_SWITCHES.has(switchOf(role))),
                })(old),
            },
          },
        ]
      : [],
};

const farm: Lint = {
  name: "rent-can-be-farmed",
  find: (document) =>
    document.maxRent === undefined || !paysRent(document)
      ? []
      : document.allow.flatMap(({ program, instruction, accounts }, index): Finding[] => {
          const isToken = program === TOKEN_PROGRAM || program === TOKEN_2022_PROGRAM;
          if (!isToken || instruction !== "closeAccount" || accounts?.["destination"]) return [];
          return [
            {
              severity: "warning",
              pointer: `/allow/${index}`,
              message: "Users can close the accounts whose rent was sponsored and keep it.",
              fix: {
                description: "Do not sponsor closeAccount, or bind its destination.",
                apply: (old) => ({
                  ...old,
                  allow: old.allow.filter((entry) => !(entry.program === program && entry.instruction === instruction)),
                }),
              },
            },
          ];
        }),
};

const gift: Lint = {
  name: "funder-is-a-gift",
  find: ({ sponsorRoles = [] }) =>
    sponsorRoles.flatMap((role, index): Finding[] =>
      role.program === SYSTEM_PROGRAM && role.role === "funder"
        ? [
            {
              severity: "warning",
              pointer: `/sponsorRoles/${index}`,
              message: "Whoever makes an account with the sponsor's lamports owns them: up to `maxRent` a transaction.",
              fix: {
                description:
                  "Use the payer role of the Associated Token Account program where token accounts are meant.",
                apply: (old) =>
                  set({ sponsorRoles: old.sponsorRoles?.filter((other) => switchOf(other) !== switchOf(role)) })(old),
              },
            },
          ]
        : [],
    ),
};

/** What about the sponsor's own roles is a mistake, or dear. */
export const sponsorLints: readonly Lint[] = [unknownSwitch, rentOff, rentWithoutBudget, farm, gift];
