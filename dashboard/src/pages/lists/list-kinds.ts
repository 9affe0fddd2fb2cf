/** What differs between the two lists of a network. */
export const LISTS = {
  denylist: {
    title: "Denylist",
    list: "listDenied",
    add: "deny",
    remove: "undeny",
    import: "importDenied",
    addLabel: "Deny an address",
    addFirstLabel: "Deny a first address",
    addressHint: "A wallet, a token account, a program: whatever a transaction can name.",
    emptyTitle: "Nobody is denied here",
    emptyBody: "Deny an address, and no transaction that names it is sponsored: not as a signer, not as a receiver.",
    removed: (address: string) => `${address} may be named again.`,
    removeBody: "From the next relay on, transactions that name it are sponsored if the policy agrees.",
    replaceBody: "What is not in the file leaves the denylist, and may be named again.",
  },
  allowlist: {
    title: "Allowlist",
    list: "listAllowed",
    add: "allow",
    remove: "disallow",
    import: "importAllowed",
    addLabel: "Allow a wallet",
    addFirstLabel: "Allow a first wallet",
    addressHint: "The address of a wallet that people sign in with, without its family.",
    emptyTitle: "No wallet is on the list",
    emptyBody:
      "Wallets on the list are sponsored while the network takes nobody else: for a closed beta, or your own staff.",
    removed: (address: string) => `${address} is no longer on the list.`,
    removeBody: "From the next relay on it is sponsored only if the list is not asked for.",
    replaceBody: "What is not in the file leaves the allowlist, and is not sponsored while the list is asked for.",
  },
} as const;

export type ListName = keyof typeof LISTS;
