import { type NetworkName, walletOf } from "../../domain/network.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";

type AddressPorts = Pick<Ports, "chains" | "networks">;

const invalid = (pointer: string, detail: string): AppError =>
  new AppError("request.invalid", "The request does not fit its schema.", { errors: [{ pointer, detail }] });

/** An address of a network in its one spelling. @throws request.invalid */
export function normalizeAddress(ports: AddressPorts, network: NetworkName, text: string, pointer: string): string {
  const address = ports.chains(network)?.parseAddress(text.trim());
  if (address === undefined) throw invalid(pointer, `is no address of ${network}`);
  return address;
}

/** A wallet as `<family>:<address>`, in its one spelling, of a network that this deployment serves. @throws request.invalid */
export function normalizeWallet(ports: AddressPorts, text: string, pointer: string): string {
  const [prefix = "", typed = ""] = text.trim().split(":", 2);
  for (const network of ports.networks) {
    const address = ports.chains(network)?.parseAddress(typed);
    const wallet = address === undefined ? undefined : walletOf(network, address);
    if (wallet?.startsWith(`${prefix}:`) === true) return wallet;
  }
  throw invalid(pointer, "must be <family>:<address>, of a network that is served here");
}
