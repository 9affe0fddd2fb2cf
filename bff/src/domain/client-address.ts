const IPV6_GROUPS = 8;
const NETWORK_GROUPS = 4;

/** Who counts as one caller: an IPv4 address, or the /64 of an IPv6 address, which is one household. */
export function callerSubject(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const missing = tail === undefined ? 0 : Math.max(0, IPV6_GROUPS - groups.length);
  const whole = [...groups, ...Array.from({ length: missing }, () => "0")];
  return `${whole.slice(0, NETWORK_GROUPS).join(":")}::/64`;
}
