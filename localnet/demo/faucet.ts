import { createHmac } from "node:crypto";
import {
  type Address,
  createKeyPairSignerFromPrivateKeyBytes,
  createSolanaRpc,
  type Instruction,
  type KeyPairSigner,
} from "@solana/kit";
import { getCreateAccountInstruction } from "@solana-program/system";
import {
  fetchMaybeMint,
  fetchToken,
  findAssociatedTokenPda,
  getCreateAssociatedTokenIdempotentInstruction,
  getInitializeMint2Instruction,
  getMintSize,
  getMintToCheckedInstruction,
  TOKEN_PROGRAM_ADDRESS,
} from "@solana-program/token";
import { topUp } from "../top-up.ts";
import { createSender, type Sender } from "./send.ts";

/** What a page needs to send the tokens on. Amounts in base units, as decimal strings. */
export interface FaucetGift {
  readonly mint: Address;
  readonly decimals: number;
  readonly tokenAccount: Address;
  /** Where the demo page sends tokens to. */
  readonly guestbookTokenAccount: Address;
  /** Given by this call: "0" when the address had enough already. */
  readonly amount: string;
}

export interface TokenFaucet {
  /** Fills an address up to 10 demo tokens. One at a time: calls wait for the ones before them. */
  give(owner: Address): Promise<FaucetGift>;
}

export interface TokenFaucetOptions {
  readonly rpcUrl: string;
  /** 32 bytes; the same seed on the same chain is the same token. */
  readonly seed: Uint8Array;
}

const DECIMALS = 2;
const FULL_BASE_UNITS = 1_000n;

type Shop = { readonly payer: KeyPairSigner; readonly mint: KeyPairSigner; readonly guestbookTokenAccount: Address };

/** A faucet of a token that is worth nothing, for a localnet: its fees come from airdrops. Nothing happens before the first call. */
export function createTokenFaucet({ rpcUrl, seed }: TokenFaucetOptions): TokenFaucet {
  const rpc = createSolanaRpc(rpcUrl);
  const sendAs = createSender(rpc);
  let shop: Promise<Shop> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function open(): Promise<Shop> {
    const [payer, mint, guestbook] = await Promise.all(
      ["payer", "mint", "guestbook"].map((name) => derive(seed, name)),
    );
    if (payer === undefined || mint === undefined || guestbook === undefined) throw new Error("unreachable");
    await topUp(rpcUrl, payer.address);
    const send = sendAs(payer);
    if (!(await fetchMaybeMint(rpc, mint.address, { commitment: "confirmed" })).exists) {
      const rent = await rpc.getMinimumBalanceForRentExemption(BigInt(getMintSize())).send();
      await send(makeMint(payer, mint, rent));
    }
    return { payer, mint, guestbookTokenAccount: await openTokenAccount(send, payer, guestbook.address, mint.address) };
  }

  async function give(owner: Address): Promise<FaucetGift> {
    const { payer, mint, guestbookTokenAccount } = await (shop ??= open());
    await topUp(rpcUrl, payer.address);
    const send = sendAs(payer);
    const tokenAccount = await openTokenAccount(send, payer, owner, mint.address);
    const { data } = await fetchToken(rpc, tokenAccount, { commitment: "confirmed" });
    const amount = data.amount >= FULL_BASE_UNITS ? 0n : FULL_BASE_UNITS - data.amount;
    if (amount > 0n) {
      const token = { mint: mint.address, token: tokenAccount, mintAuthority: payer };
      await send([getMintToCheckedInstruction({ ...token, amount, decimals: DECIMALS })]);
    }
    const gift = { mint: mint.address, decimals: DECIMALS, tokenAccount, guestbookTokenAccount };
    return { ...gift, amount: amount.toString() };
  }

  return {
    give(owner) {
      const gift = last.then(() => give(owner));
      last = gift.catch(() => {
        // The chain may be another one by now: the next call looks again what is there.
        shop = undefined;
      });
      return gift;
    },
  };
}

/** Every key follows from the seed, so that a restart on the same chain finds what is there. */
function derive(seed: Uint8Array, name: string): Promise<KeyPairSigner> {
  const key = createHmac("sha256", seed).update(`gasless demo ${name}`).digest();
  return createKeyPairSignerFromPrivateKeyBytes(new Uint8Array(key));
}

function makeMint(payer: KeyPairSigner, mint: KeyPairSigner, lamports: bigint): readonly Instruction[] {
  const account = { payer, newAccount: mint, lamports, space: getMintSize(), programAddress: TOKEN_PROGRAM_ADDRESS };
  return [
    getCreateAccountInstruction(account),
    getInitializeMint2Instruction({ mint: mint.address, decimals: DECIMALS, mintAuthority: payer.address }),
  ];
}

async function openTokenAccount(send: Sender, payer: KeyPairSigner, owner: Address, mint: Address): Promise<Address> {
  const [ata] = await findAssociatedTokenPda({ owner, mint, tokenProgram: TOKEN_PROGRAM_ADDRESS });
  await send([getCreateAssociatedTokenIdempotentInstruction({ payer, ata, owner, mint })]);
  return ata;
}
