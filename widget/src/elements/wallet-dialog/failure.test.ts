import { describe, expect, test } from "vitest";
import { PROBLEMS } from "../../../../bff/src/errors.ts";
import { GaslessError } from "../../errors.ts";
import { en } from "../../strings/en.ts";
import { isForDeveloper, kindOf, mayBeHardware } from "./failure.ts";

const kind = (code: string) => kindOf(new GaslessError(code, ""));

describe("a failure", () => {
  test("of every code of the API has a sentence of its own kind, and a way forward", () => {
    for (const code of Object.keys(PROBLEMS)) {
      const { key, remedy } = kind(code);
      expect(en[key], code).not.toBe("");
      expect(["retry", "sign-in", "choose", "close"], code).toContain(remedy);
    }
  });

  test("that a person cannot mend is not offered to be tried again", () => {
    const refusals = Object.keys(PROBLEMS).filter((code) => /^(?:policy|budget|request)\./.test(code));
    expect(refusals.length).toBeGreaterThan(15);
    for (const code of refusals) expect([code, kind(code).remedy]).toEqual([code, "close"]);
  });

  test("after which something may have been paid is not offered to be tried again either", () => {
    for (const code of [
      "relay.unfinished",
      "relay.not_found",
      "transaction.already_relayed",
      "transaction.execution_failed",
    ]) {
      expect([code, kind(code).remedy]).toEqual([code, "close"]);
    }
  });

  test("of a wallet that is elsewhere has a sentence of its own, and is tried again", () => {
    for (const code of ["wallet.unreachable", "wallet.disconnected"]) {
      expect(kind(code)).toEqual({ key: `error.${code}`, remedy: "retry" });
    }
  });

  test("that ends the session leads to a new sign-in", () => {
    for (const code of ["auth.session_revoked", "auth.refresh_reused", "auth.token_expired", "auth.token_invalid"]) {
      expect([code, kind(code)]).toEqual([code, { key: "error.session", remedy: "sign-in" }]);
    }
  });

  test("of a code that is not known yet says that nothing was lost, and can be tried again", () => {
    expect(kind("tomorrow.new_code")).toEqual({ key: "error.unknown", remedy: "retry" });
  });

  test("of the page's set-up is for its developer", () => {
    expect(isForDeveloper(new GaslessError("project.origin_not_allowed", ""))).toBe(true);
    expect(isForDeveloper(new GaslessError("wallet.rejected", ""))).toBe(false);
  });

  test("that a hardware wallet may be behind offers the way for one; what no device mends does not", () => {
    const isOffered = (code: string) => mayBeHardware(new GaslessError(code, ""));
    expect(["wallet.failed", "wallet.rejected", "wallet.unsupported", "auth.signature_invalid"].map(isOffered)).toEqual(
      [true, true, true, true],
    );
    expect(["wallet.locked", "wallet.not_found", "network.offline", "rate.limited"].map(isOffered)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
