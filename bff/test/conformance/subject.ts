import type { TransactionScene } from "../../src/domain/chain-transaction.ts";
import type { ChainPort } from "../../src/ports.ts";
import type { ProxiedRequest } from "@gasless/localnet/faults/http-proxy";

/** A funded key of the test's own. */
export interface Funded {
  readonly address: string;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** A network as the conformance suite needs it, whatever its family. */
export interface Subject {
  /** Where its node is: the suite puts a proxy in front of it. */
  readonly nodeUrl: string;
  readonly foreignGenesisHash: string;
  openChain(options: { readonly url: string; readonly genesisHash?: string }): ChainPort;
  /** Somebody who owns nothing, for whom a sponsor pays. */
  createPerson(): Promise<Funded>;
  /** Who pays: with money enough for many transactions, or with none at all. */
  createSponsor(isFunded: boolean): Promise<Funded>;
  scene(sponsor: Funded, person: Funded): TransactionScene;
  /** The smallest act of the person that can be sponsored, signed by all but the sponsor; another one for each tag. */
  compose(chain: ChainPort, sponsor: Funded, person: Funded, tag: string): Promise<readonly Uint8Array[]>;
  /** The same bytes but for one, in what the person has signed. */
  tamper(parts: readonly Uint8Array[]): readonly Uint8Array[];
  /** True for the request that sends a transaction to the network, and what a node says that took it. */
  readonly send: { isSend(request: ProxiedRequest): boolean; readonly answer: (request: ProxiedRequest) => string };
  /** Lets time pass until nothing that was composed before can land any more. */
  outlive(): Promise<void>;
  /** Lets time pass until what was sent is final. */
  settle(): Promise<void>;
  /** In base units. */
  balanceOf(chain: ChainPort, address: string): Promise<bigint>;
  close(): Promise<void>;
}
