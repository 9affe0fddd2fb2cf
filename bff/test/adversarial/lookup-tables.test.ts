import { demoPolicy } from "@gasless/db/factories";
import { callApi, followRelay, toBase64 } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Explanation } from "../../src/contract/relays.ts";
import { memo, MEMO, transferSol, transferTokens } from "../support/instructions.ts";
import { placeLookupTable, type TableInstruction, wireWithTable } from "../support/lookup-table.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { placeMint, placeTokenAccount, tokensIn } from "../support/token-scene.ts";
import { EMPTY_LEDGER, expectRefusal, ledgerOf, post, type Visitor, visitNewProject } from "../support/visitor.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const anyTable = { ...demoPolicy, lookupTables: true };
const hello = ({ wallet }: Visitor) => memo([wallet.address], crypto.randomUUID()) as TableInstruction;

/** The decision, and that the explanation's verdict is the same. */
async function decide(visitor: Visitor, wire: Uint8Array) {
  const body = { network: visitor.target.network, transaction: toBase64(wire) };
  const explained = await callApi<Explanation>(visitor.target, "POST", "/v1/relays/explain", {
    token: visitor.token,
    body,
  });
  const answer = await post(visitor, wire);
  expect(explained.body.verdict).toBe(answer.status === 202 ? "sponsor" : "refuse");
  return answer;
}

describe("accounts behind a lookup table", () => {
  test("are resolved and sponsored where the policy takes tables", async () => {
    const visitor = await visitNewProject(stack, { policy: anyTable });
    const { address: friend } = await createWallet();
    const mint = placeMint(stack);
    const from = placeTokenAccount(stack, { mint, owner: visitor.wallet.address, amount: 100 });
    const to = placeTokenAccount(stack, { mint, owner: friend });
    const table = placeLookupTable(stack, [from, to]);
    const instruction = transferTokens(from, to, visitor.wallet.address, 7) as TableInstruction;
    const answer = await decide(visitor, await wireWithTable(visitor, [instruction], table, [from, to]));
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
    expect((await followRelay(visitor.target, visitor.token, answer.body.id)).state).toBe("finalized");
    expect(await tokensIn(stack, to)).toBe("7");
  });

  test("are refused by every other policy, whoever is in the table", async () => {
    const visitor = await visitNewProject(stack);
    const table = placeLookupTable(stack, [visitor.wallet.address, MEMO]);
    const { address: friend } = await createWallet();
    const listed = placeLookupTable(stack, [friend]);
    const strict = await visitNewProject(stack, { policy: { ...demoPolicy, lookupTables: [listed] } });
    const toFriend = (who: Visitor) => [hello(who), transferSol(who.wallet.address, friend, 0) as TableInstruction];
    expectRefusal(
      await decide(
        visitor,
        await wireWithTable(visitor, toFriend(visitor), placeLookupTable(stack, [friend]), [friend]),
      ),
      "policy.lookup_table_not_allowed",
    );
    expectRefusal(
      await decide(strict, await wireWithTable(strict, toFriend(strict), placeLookupTable(stack, [friend]), [friend])),
      "policy.lookup_table_not_allowed",
    );
    expect(table).not.toBe(listed);
    expect(await ledgerOf(stack, visitor.target)).toEqual(EMPTY_LEDGER);
  });

  test("cannot hide another sponsor of the pool in an instruction", async () => {
    const visitor = await visitNewProject(stack, { policy: anyTable });
    const { address: spare } = await createWallet();
    await stack.database.query("insert into sponsors (id, network, address) values ($1, 'solana:localnet', $2)", [
      `spn_${spare.slice(0, 10)}`,
      spare,
    ]);
    const table = placeLookupTable(stack, [spare]);
    const instruction = transferSol(visitor.wallet.address, spare, 0) as TableInstruction;
    const answer = await decide(visitor, await wireWithTable(visitor, [hello(visitor), instruction], table, [spare]));
    expectRefusal(answer, "policy.fee_payer_misused");
    expect(await ledgerOf(stack, visitor.target)).toMatchObject({ relays: { rejected: 1 }, held: "0", charged: "0" });
  });

  test("cannot hide an account that the project denies", async () => {
    const visitor = await visitNewProject(stack, { policy: anyTable });
    const { address: denied } = await createWallet();
    await stack.database.query("insert into denied_accounts (project_id, network, address) values ($1, $2, $3)", [
      visitor.target.projectId,
      visitor.target.network,
      denied,
    ]);
    const table = placeLookupTable(stack, [denied]);
    const instruction = transferSol(visitor.wallet.address, denied, 0) as TableInstruction;
    const answer = await decide(visitor, await wireWithTable(visitor, [hello(visitor), instruction], table, [denied]));
    expectRefusal(answer, "policy.account_denied");
    expect(answer.body["context"]).toEqual({ address: denied });
    expect(await ledgerOf(stack, visitor.target)).toMatchObject({ relays: { rejected: 1 }, held: "0", charged: "0" });
    const { rows } = await stack.database.query("select transaction_id from relays where project_id = $1", [
      visitor.target.projectId,
    ]);
    expect(rows).toEqual([{ transaction_id: null }]);
  });

  test("cannot hide that an account is not the one that the policy demands", async () => {
    const { address: treasury } = await createWallet();
    const { address: other } = await createWallet();
    const policy = {
      ...anyTable,
      allow: [
        ...demoPolicy.allow.filter(({ instruction }) => instruction !== "transfer"),
        {
          program: "11111111111111111111111111111111",
          instruction: "transfer",
          accounts: { destination: { eq: treasury } },
        },
      ],
    };
    const visitor = await visitNewProject(stack, { policy });
    const pay = async (to: string) => {
      const table = placeLookupTable(stack, [to]);
      const instruction = transferSol(visitor.wallet.address, to, 0) as TableInstruction;
      return decide(visitor, await wireWithTable(visitor, [hello(visitor), instruction], table, [to]));
    };
    expect((await pay(treasury)).status).toBe(202);
    expectRefusal(await pay(other), "policy.argument_not_allowed");
  });

  test("cannot be behind a table that is none", async () => {
    const visitor = await visitNewProject(stack, { policy: anyTable });
    const { address: friend } = await createWallet();
    const instruction = transferSol(visitor.wallet.address, friend, 0) as TableInstruction;
    const wire = await wireWithTable(visitor, [hello(visitor), instruction], visitor.wallet.address, [friend]);
    expectRefusal(await decide(visitor, wire), "transaction.simulation_failed");
  });
});
