/** Asked before the person leaves an address by a link, or by the browser's own buttons (`isBack`); true: it is held. */
type Holder = (address: string, isBack: boolean) => boolean;

const holders = new Set<Holder>();

/** Holds the address where it is, as while something is not saved; gives the way to let go. */
export function holdAddress(holder: Holder): () => void {
  holders.add(holder);
  return () => void holders.delete(holder);
}

/** Whether anybody holds the address; whoever does goes on by itself when it may. */
export const isAddressHeld = (address: string, isBack: boolean): boolean =>
  [...holders].some((holder) => holder(address, isBack));
