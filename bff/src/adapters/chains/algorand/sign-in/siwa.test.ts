import { describe, expect, test } from "vitest";
import { algorandChallenge } from "../../../../../test/support/algorand-sign-ins.ts";
import vectors from "../../../../../test/vectors/algorand/arc60_vectors.json" with { type: "json" };
import { canonicalJson } from "../../../../domain/canonical-json.ts";
import { domainHashOf, writeSiwaData } from "./siwa.ts";

const example = vectors.flatMap(({ input }) =>
  input?.caip122Request ? [{ ...input, request: input.caip122Request }] : [],
)[0];
if (!example) throw new Error("there is no vector of a sign-in");
const { request, signData } = example;
const text = (base64: string): string => Buffer.from(base64, "base64").toString();

describe("the sign-in object", () => {
  test("is written as ARC-60's own example is", () => {
    expect(canonicalJson(request)).toBe(text(signData.data));
  });

  test("has the example's fields for the example's values, and a request id where that has a time before", () => {
    const fields = {
      domain: request.domain,
      statement: request.statement,
      uri: request.uri,
      version: "1" as const,
      chainId: "algorand:mainnet",
      nonce: request.nonce,
      issuedAt: request["issued-at"],
      expirationTime: request["expiration-time"],
      requestId: "chl_1",
      resources: request.resources,
    };
    const { "not-before": _before, ...rest } = request;
    const written = new TextDecoder().decode(writeSiwaData(fields, request.account_address));
    expect(JSON.parse(written)).toEqual({ ...rest, "request-id": "chl_1" });
    expect(Object.keys(JSON.parse(written) as object)).toEqual(Object.keys(JSON.parse(written) as object).toSorted());
  });

  test("names the page with its port, and no other thing than the challenge's", () => {
    const { fields } = algorandChallenge("arc60", "ADDRESS", { origin: "http://localhost:3000" });
    expect(new TextDecoder().decode(writeSiwaData(fields, "ADDRESS"))).toBe(
      '{"account_address":"ADDRESS","chain_id":"283","domain":"localhost:3000","expiration-time":"2027-01-15T08:00:00.000Z",' +
        '"issued-at":"2027-01-15T07:55:00.000Z","nonce":"00ff","request-id":"chl_00ff",' +
        '"resources":["https://api.example/v1/projects/prj_1"],"statement":"Sign in.","type":"ed25519","uri":"http://localhost:3000","version":"1"}',
    );
  });

  test("is for a page whose domain hashes to what the example's authenticator says", async () => {
    const { fields } = algorandChallenge("arc60", "ADDRESS", { origin: "https://arc60.io" });
    expect(Buffer.from(await domainHashOf(fields)).toString("hex")).toBe(signData.authenticationData.padStart(64, "0"));
  });
});
