import { describeAccountAs } from "../account-encoding.ts";
import type { Chain } from "../chain.ts";
import { isRecord } from "../json.ts";
import { readAddress, readConfig, readContextSlot, withContext } from "../params.ts";
import type { Method } from "../rpc.ts";
import { invalidParams } from "../rpc-error.ts";
import {
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
  describeAmount,
  isTokenProgram,
  readMint,
  readTokenAccount,
} from "../token-accounts.ts";
import type { Mint, TokenAccount } from "../token-accounts.ts";

type TokenFilter = (token: TokenAccount, program: string) => boolean;

export const TOKEN_METHODS: Readonly<Record<string, Method>> = {
  getTokenAccountBalance([address, options], { chain }) {
    const slot = readContextSlot(chain, readConfig(options));
    const account = chain.svm.readAccount(readAddress(address));
    if (account === null) throw invalidParams("Invalid param: could not find account");
    const token = readTokenAccount(account);
    if (token === null) throw invalidParams("Invalid param: not a Token account");
    return withContext(slot, describeAmount(token.amount, findMint(chain, token.mint).decimals));
  },

  getTokenSupply([address, options], { chain }) {
    const slot = readContextSlot(chain, readConfig(options));
    const mint = findMint(chain, readAddress(address));
    return withContext(slot, describeAmount(mint.supply, mint.decimals));
  },

  getTokenAccountsByOwner([owner, filter, options], { chain }) {
    const config = readConfig(options);
    const slot = readContextSlot(chain, config);
    const key = readAddress(owner);
    const passes = readTokenFilter(filter);
    const accounts = [TOKEN_PROGRAM, TOKEN_2022_PROGRAM].flatMap((program) =>
      chain.svm.programAccounts(readAddress(program)).flatMap(([pubkey, account]) => {
        const token = readTokenAccount(account);
        if (token === null || token.owner !== key || !passes(token, program)) return [];
        return [{ pubkey, account: describeAccountAs(chain.svm, account, config) }];
      }),
    );
    return withContext(slot, accounts);
  },
};

function readTokenFilter(filter: unknown): TokenFilter {
  if (isRecord(filter) && "mint" in filter) {
    const mint = readAddress(filter["mint"]);
    return (token) => token.mint === mint;
  }
  if (isRecord(filter) && "programId" in filter) {
    const wanted = readAddress(filter["programId"]);
    if (!isTokenProgram(wanted)) throw invalidParams("Invalid param: unrecognized Token program id");
    return (_token, program) => program === wanted;
  }
  throw invalidParams("Invalid param: filter by mint or programId");
}

function findMint(chain: Chain, address: string): Mint {
  const account = chain.svm.readAccount(readAddress(address));
  const mint = account === null ? null : readMint(account);
  if (mint === null) throw invalidParams("Invalid param: could not find mint");
  return mint;
}
