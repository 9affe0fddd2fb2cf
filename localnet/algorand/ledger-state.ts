/** What an address holds; an absent one is EMPTY_ACCOUNT. */
export interface Account {
  readonly microAlgos: bigint;
  /** Whose key signs for it since a rekey; null: its own. */
  readonly authAddress: string | null;
  readonly holdings: ReadonlyMap<bigint, Holding>;
  readonly created: ReadonlySet<bigint>;
}

export interface Holding {
  readonly amount: bigint;
  readonly isFrozen: boolean;
}

/** An ASA; addresses are null where nobody has the role any more. */
export interface Asset {
  readonly creator: string;
  readonly total: bigint;
  readonly decimals: number;
  readonly isFrozenByDefault: boolean;
  readonly manager: string | null;
  readonly reserve: string | null;
  readonly freeze: string | null;
  readonly clawback: string | null;
  readonly unitName: string;
  readonly name: string;
  readonly url: string;
  readonly metadataHash: Uint8Array | null;
}

/** A map that can lie over another one; what is written stays above until it is committed. */
export interface Table<Key, Value> {
  get(key: Key): Value | undefined;
  /** Undefined deletes. */
  set(key: Key, value: Value | undefined): void;
  /** What is written here: of the lowest table, everything. */
  written(): ReadonlyMap<Key, Value | undefined>;
}

export interface State {
  readonly accounts: Table<string, Account>;
  readonly assets: Table<bigint, Asset>;
  /** The last valid round of each transaction that may not come again. */
  readonly transactions: Table<string, bigint>;
  /** The last round in which the lease is taken, by `leaseKey`. */
  readonly leases: Table<string, bigint>;
  /** Transactions so far: the next asset has the number after it. */
  transactionCount: bigint;
}

/** A state above another one. */
export interface Draft extends State {
  commit(): void;
}

export const EMPTY_ACCOUNT: Account = {
  microAlgos: 0n,
  authAddress: null,
  holdings: new Map(),
  created: new Set(),
};

/** Where today's networks begin to count. */
const FIRST_TRANSACTION_COUNT = 1000n;
const MIN_BALANCE_UNIT = 100_000n;

export function createState(): State {
  return {
    accounts: createTable(),
    assets: createTable(),
    transactions: createTable(),
    leases: createTable(),
    transactionCount: FIRST_TRANSACTION_COUNT,
  };
}

export function openDraft(below: State): Draft {
  const draft: Draft = {
    accounts: createTable(below.accounts),
    assets: createTable(below.assets),
    transactions: createTable(below.transactions),
    leases: createTable(below.leases),
    transactionCount: below.transactionCount,
    commit() {
      pushDown(draft.accounts, below.accounts);
      pushDown(draft.assets, below.assets);
      pushDown(draft.transactions, below.transactions);
      pushDown(draft.leases, below.leases);
      below.transactionCount = draft.transactionCount;
    },
  };
  return draft;
}

export function readAccount(state: State, address: string): Account {
  return state.accounts.get(address) ?? EMPTY_ACCOUNT;
}

/** What is nothing any more is not kept. */
export function writeAccount(state: State, address: string, account: Account): void {
  state.accounts.set(address, isEmpty(account) ? undefined : account);
}

export function isEmpty({ microAlgos, authAddress, holdings }: Account): boolean {
  return microAlgos === 0n && authAddress === null && holdings.size === 0;
}

/** A creator holds its own assets, so they are counted as well. */
export function minBalanceOf({ holdings }: Account): bigint {
  return MIN_BALANCE_UNIT * (1n + BigInt(holdings.size));
}

export function leaseKey(sender: string, lease: Uint8Array): string {
  return `${sender} ${Buffer.from(lease).toString("hex")}`;
}

function createTable<Key, Value>(below?: Table<Key, Value>): Table<Key, Value> {
  const own = new Map<Key, Value | undefined>();
  return {
    get: (key) => (own.has(key) ? own.get(key) : below?.get(key)),
    set(key, value) {
      if (value === undefined && below === undefined) own.delete(key);
      else own.set(key, value);
    },
    written: () => own,
  };
}

function pushDown<Key, Value>(from: Table<Key, Value>, to: Table<Key, Value>): void {
  for (const [key, value] of from.written()) to.set(key, value);
}
