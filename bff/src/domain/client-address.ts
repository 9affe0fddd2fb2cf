const IPV6_GROUPS = 8;
const NETWORK_GROUPS = 4;

/** The eight groups of an IPv6 address, however it is written. */
function readGroups(address: string): readonly string[] {
  const [head = "", tail] = address.toLowerCase().split("::");
  const groupsOf = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const [first, last] = [groupsOf(head), groupsOf(tail ?? "")];
  const missing = tail === undefined ? 0 : Math.max(0, IPV6_GROUPS - first.length - last.length);
  const groups = [...first, ...Array.from({ length: missing }, () => "0"), ...last];
  return groups.map((group) => group.replace(/^0+(?=.)/, ""));
}

/** IPv4 in the clothes of IPv6, of which all would be one household: its last two groups in decimals. */
function readMapped(groups: readonly string[]): string | undefined {
  const [high = "", low = ""] = groups.slice(-2);
  if (groups.slice(0, 5).some((group) => group !== "0") || groups[5] !== "ffff") return undefined;
  const value = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join(".");
}

/** Who counts as one caller: an IPv4 address, or the /64 of an IPv6 address, which is one household. */
export function callerSubject(address: string): string {
  if (!address.includes(":")) return address;
  const [, dotted] = /^::ffff:([0-9.]+)$/i.exec(address) ?? [];
  if (dotted !== undefined) return dotted;
  const groups = readGroups(address);
  return readMapped(groups) ?? `${groups.slice(0, NETWORK_GROUPS).join(":")}::/64`;
}
