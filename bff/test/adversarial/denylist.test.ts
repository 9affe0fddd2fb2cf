import { demoPolicy } from "@gasless/db/factories";
import { createWallet } from "@gasless/localnet/wallet";
import { base58 } from "@scure/base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { littleEndian } from "../support/assemble.ts";
import { memo, RENT, transferTokens, TOKEN, transferSol } from "../support/instructions.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { placeMint, placeTokenAccount } from "../support/token-scene.ts";
import { expectRefusal, ledgerOf, post, type Visitor, visitNewProject, wireOf } from "../support/visitor.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const deny = ({ target }: Visitor, address: string) =>
  stack.database.query("insert into denied_accounts (project_id, network, address) values ($1, $2, $3)", [
    target.projectId,
    target.network,
    address,
  ]);

describe("a key that a project denies is found", () => {
  test("as an account of the transaction", async () => {
    const visitor = await visitNewProject(stack);
    const { address: denied } = await createWallet();
    await deny(visitor, denied);
    const wire = await wireOf(visitor, [
      memo([visitor.wallet.address], "hi"),
      transferSol(visitor.wallet.address, denied, 0),
    ]);
    expectRefusal(await post(visitor, wire), "policy.account_denied");
  });

  test("as the owner of a token account that the transaction pays into", async () => {
    const visitor = await visitNewProject(stack);
    const { address: denied } = await createWallet();
    await deny(visitor, denied);
    const mint = placeMint(stack);
    const from = placeTokenAccount(stack, { mint, owner: visitor.wallet.address, amount: 100 });
    const to = placeTokenAccount(stack, { mint, owner: denied });
    const answer = await post(visitor, await wireOf(visitor, [transferTokens(from, to, visitor.wallet.address, 7)]));
    expectRefusal(answer, "policy.account_denied");
    expect(answer.body["context"]).toEqual({ address: denied });
    expect(await ledgerOf(stack, visitor.target)).toMatchObject({ relays: { rejected: 1 }, held: "0", charged: "0" });
  });

  test("as a key that is only in the data of an instruction", async () => {
    const policy = { ...demoPolicy, allow: [...demoPolicy.allow, { program: TOKEN, instruction: "initializeMint" }] };
    const visitor = await visitNewProject(stack, { policy });
    const { address: denied } = await createWallet();
    await deny(visitor, denied);
    const initialize = {
      program: TOKEN,
      accounts: [
        [placeMint(stack), "w"],
        [RENT, "r"],
      ] as const,
      data: [0, 6, ...base58.decode(denied), 0],
    };
    const wire = await wireOf(visitor, [memo([visitor.wallet.address], "hi"), initialize]);
    expectRefusal(await post(visitor, wire), "policy.account_denied");
  });

  test("as a delegate or new authority that is named nowhere else", async () => {
    const policy = { ...demoPolicy, allow: [...demoPolicy.allow, { program: TOKEN, instruction: "setAuthority" }] };
    const visitor = await visitNewProject(stack, { policy });
    const { address: denied } = await createWallet();
    await deny(visitor, denied);
    const account = placeTokenAccount(stack, { mint: placeMint(stack), owner: visitor.wallet.address });
    const handOver = {
      program: TOKEN,
      accounts: [
        [account, "w"],
        [visitor.wallet.address, "s"],
      ] as const,
      data: [6, 2, 1, ...base58.decode(denied)],
    };
    expectRefusal(await post(visitor, await wireOf(visitor, [handOver])), "policy.account_denied");
  });

  test("and ten thousand of them of somebody else's change nothing", async () => {
    const crowded = await visitNewProject(stack);
    await stack.database.query(
      `insert into denied_accounts (project_id, network, address)
        select $1, $2, md5(n::text) from generate_series(1, 10000) n`,
      [crowded.target.projectId, crowded.target.network],
    );
    const wire = await wireOf(crowded, [memo([crowded.wallet.address], `${littleEndian(1, 1)[0]}`)]);
    expect((await post(crowded, wire)).status).toBe(202);
  });
});
