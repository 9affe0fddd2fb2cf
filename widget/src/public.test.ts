import type { Adapter } from "@solana/wallet-adapter-base";
import type { Instruction as KitInstruction } from "@solana/kit";
import type { Transaction, TransactionInstruction, VersionedTransaction } from "@solana/web3.js";
import { expectTypeOf, test } from "vitest";
import type { GaslessWalletElement, PageAdapter, SponsorInput } from "./index.ts";

// Checked by the compiler: a dapp passes what it has, without a cast.
test("a page's adapters and transactions fit the typings as they are", () => {
  expectTypeOf<Adapter>().toExtend<PageAdapter>();
  expectTypeOf<KitInstruction>().toExtend<SponsorInput>();
  expectTypeOf<TransactionInstruction>().toExtend<SponsorInput>();
  expectTypeOf<Transaction>().toExtend<SponsorInput>();
  expectTypeOf<VersionedTransaction>().toExtend<SponsorInput>();
  expectTypeOf<HTMLElementTagNameMap["gasless-wallet"]>().toEqualTypeOf<GaslessWalletElement>();
  expectTypeOf<HTMLElementEventMap["gasless-relay-changed"]["relay"]["state"]>().toExtend<string>();
});
