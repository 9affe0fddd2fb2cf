/** A transaction as the chain's JSON-RPC tells it, as far as this page looks. */
export interface ChainTransaction {
  readonly slot: number;
  readonly blockTime: number | null;
  readonly transaction: {
    readonly message: {
      readonly accountKeys: readonly string[];
      readonly instructions: readonly {
        readonly programIdIndex: number;
        readonly accounts: readonly number[];
        readonly data: string;
      }[];
    };
  };
  readonly meta: {
    readonly err: unknown;
    readonly fee: number;
    readonly preBalances: readonly number[];
    readonly postBalances: readonly number[];
    readonly preTokenBalances: readonly TokenBalance[];
    readonly postTokenBalances: readonly TokenBalance[];
  };
}

interface TokenBalance {
  readonly owner: string;
  readonly mint: string;
  readonly uiTokenAmount: { readonly uiAmountString: string };
}

export interface Chain {
  /** The transactions that name an address, newest first. */
  listTransactions(address: string, limit: number): Promise<readonly ChainTransaction[]>;
  /** Undefined while the chain does not have it as confirmed. */
  readTransaction(id: string): Promise<ChainTransaction | undefined>;
  readLamports(address: string): Promise<number>;
  /** Whole tokens, as text. */
  readTokens(tokenAccount: string): Promise<string>;
}

const CONFIRMED = { commitment: "confirmed" } as const;
const READ_OPTIONS = { ...CONFIRMED, encoding: "json", maxSupportedTransactionVersion: 0 } as const;
const DEADLINE_MS = 10_000;

interface Call {
  readonly method: string;
  readonly params: readonly unknown[];
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Reads a Solana node by plain JSON-RPC. */
export function createChain(rpcUrl: string): Chain {
  async function callAll(calls: readonly Call[]): Promise<readonly unknown[]> {
    if (calls.length === 0) return [];
    const body = JSON.stringify(calls.map((call, id) => ({ jsonrpc: "2.0", id, ...call })));
    const headers = { "content-type": "application/json" };
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const response = await fetch(rpcUrl, { method: "POST", headers, body, signal });
    const answers = (await response.json()) as readonly Answer[];
    return calls.map((_call, id) => {
      const answer = answers.find((one) => one.id === id);
      if (answer === undefined || answer.error !== undefined) throw new Error(answer?.error?.message ?? "no answer");
      return answer.result;
    });
  }
  const call = async <Result>(method: string, ...params: readonly unknown[]): Promise<Result> =>
    (await callAll([{ method, params }]))[0] as Result;

  return {
    async listTransactions(address, limit) {
      const options = { ...CONFIRMED, limit };
      const listed = await call<readonly { readonly signature: string }[]>("getSignaturesForAddress", address, options);
      const reads = listed.map(({ signature }) => ({ method: "getTransaction", params: [signature, READ_OPTIONS] }));
      const found = (await callAll(reads)) as readonly (ChainTransaction | null)[];
      return found.filter((transaction) => transaction !== null);
    },
    async readTransaction(id) {
      return (await call<ChainTransaction | null>("getTransaction", id, READ_OPTIONS)) ?? undefined;
    },
    async readLamports(address) {
      return (await call<{ readonly value: number }>("getBalance", address, CONFIRMED)).value;
    },
    async readTokens(tokenAccount) {
      type Balance = { readonly value: { readonly uiAmountString: string } };
      return (await call<Balance>("getTokenAccountBalance", tokenAccount, CONFIRMED)).value.uiAmountString;
    },
  };
}
