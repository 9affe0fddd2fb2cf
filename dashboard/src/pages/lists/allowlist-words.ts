const wallets = (total: number): string =>
  total === 1 ? "The one wallet" : `The ${total.toLocaleString("en")} wallets`;

/** What it means that a network asks for the list, or does not. */
export function allowlistWords(isOn: boolean, total: number | undefined): string {
  if (!isOn) {
    return "The list is not asked for: every signed-in user is sponsored as far as policy and budgets go.";
  }
  if (total === 0) {
    return "The list is empty: nobody at all is sponsored. Add wallets first, or turn it off.";
  }
  const who = total === undefined ? "The wallets" : wallets(total);
  return `${who} on the list ${total === 1 ? "is" : "are"} sponsored as far as policy and budgets go; everybody else is refused, signed in or not.`;
}
