const IPV6_GROUPS = 8;
const NETWORK_GROUPS = 4;

/** Who counts as one caller: an IPv4 address, or the /64 of an IPv6 address, which is one household. */
export function callerSubject(address: string): string {
  if (!address.includes(":")) return address;
  // IPv4 in the clothes of IPv6: all of them would be one household.
  const [, mapped] = /^::ffff:([0-9.]+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = head === "" ? [] : head.split(":");
  const missing = tail === undefined ? 0 : Math.max(0, IPV6_GROUPS - groups.length);
  const whole = [...groups, ...Array.from({ length: missing }, () => "0")];
  const network = whole.slice(0, NETWORK_GROUPS).map((group) => group.replace(/^0+(?=.)/, ""));
  return `${network.join(":")}::/64`;
}
