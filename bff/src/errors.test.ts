import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { AppError, PROBLEMS, toAppError } from "./errors.ts";

const ROOT = `${import.meta.dirname}/../../`;

/** Text of every test but this one. */
const tests = ["bff", "e2e"].flatMap((folder) =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts") && name !== "src/errors.test.ts")
    .map((name) => readFileSync(`${ROOT}${folder}/${name}`, "utf8")),
);

/** What was given out once. Only ever add to it: a client somewhere knows each of these. */
const GIVEN_OUT =
  "request.malformed 400, request.invalid 422, request.too_large 413, request.unsupported_media_type 415, request.not_found 404, request.method_not_allowed 405, " +
  "project.key_invalid 401, project.origin_not_allowed 403, project.suspended 403, project.network_not_enabled 403, " +
  "auth.challenge_invalid 401, auth.signature_invalid 401, auth.wallet_unsupported 422, auth.token_missing 401, auth.token_invalid 401, auth.token_expired 401, auth.session_revoked 401, auth.refresh_reused 401, auth.proof_invalid 401, auth.assurance_low 403, auth.wallet_taken 409, auth.wallet_last 409, auth.wallet_limit_reached 409, " +
  "idempotency.key_missing 400, idempotency.in_progress 409, idempotency.key_reused 422, rate.limited 429, " +
  "transaction.malformed 422, transaction.wrong_fee_payer 422, transaction.wrong_network 422, transaction.signature_missing 422, transaction.signature_invalid 422, transaction.expired 422, transaction.too_large 422, transaction.version_unsupported 422, transaction.already_relayed 409, transaction.simulation_failed 422, transaction.execution_failed 422, " +
  "policy.program_not_allowed 403, policy.instruction_not_allowed 403, policy.instruction_unknown 403, policy.argument_not_allowed 403, policy.account_denied 403, policy.fee_payer_misused 403, policy.value_exceeded 403, policy.rent_not_sponsored 403, policy.lookup_table_not_allowed 403, policy.fee_exceeded 403, policy.durable_nonce_not_allowed 403, policy.not_published 403, " +
  "budget.user_exhausted 429, budget.project_exhausted 429, budget.lifetime_exhausted 403, sponsor.underfunded 503, sponsor.unavailable 503, relay.not_found 404, " +
  "upstream.rpc_unavailable 503, upstream.rpc_timeout 504, store.unavailable 503, internal.misconfigured 500, internal.unexpected 500";

describe("the table of errors", () => {
  test("keeps every code and status that was given out", () => {
    const now = Object.entries(PROBLEMS).map(([code, { status }]) => `${code} ${status}`);
    for (const entry of GIVEN_OUT.split(", ")) expect(now).toContain(entry);
  });

  test.each(Object.keys(PROBLEMS))("has a test that produces %s", (code) => {
    expect(tests.some((text) => text.includes(`"${code}"`))).toBe(true);
  });

  test("says for each code what it is and what to do", () => {
    for (const { title, remedy } of Object.values(PROBLEMS)) {
      expect(title).toMatch(/^[A-Z].*[^.]$/);
      expect(remedy).toMatch(/^[A-Z`].*\.$/);
    }
  });
});

describe("an error", () => {
  test("takes its text, context and time to wait from the refusal", () => {
    const refusal = {
      code: "rate.limited",
      detail: "Wait.",
      context: { limit: "user" },
      retryAfterSeconds: 7,
    } as const;
    expect(toAppError(refusal)).toMatchObject({
      status: 429,
      message: "Wait.",
      options: { context: { limit: "user" }, retryAfterSeconds: 7 },
    });
  });

  test("without a text of its own shows its title, and keeps its cause to itself", () => {
    const error = new AppError("internal.unexpected", undefined, { cause: new Error("a secret") });
    expect(error.message).toBe(PROBLEMS["internal.unexpected"].title);
    expect(error.message).not.toContain("secret");
  });
});
