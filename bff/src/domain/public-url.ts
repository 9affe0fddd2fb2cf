/** Names that only mean something on the machine or in the network of whoever asks. Source: RFC 6761, 6762, 8375, ICANN. */
const PRIVATE_SUFFIXES = [
  "svc",
  "localhost",
  "local",
  "localdomain",
  "internal",
  "intranet",
  "lan",
  "home",
  "corp",
  "arpa",
] as const;

/** Where clouds keep what a machine may know of itself: credentials. Never asked, not even on a localnet. */
const METADATA_NAMES = [
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "instance-data",
  "instance-data.ec2.internal",
] as const;
/** Alibaba, Azure, Oracle; AWS and Google over IPv6. What most use, 169.254.169.254, is link-local. */
const METADATA_ADDRESSES = new Set([
  "100.100.100.200",
  "168.63.129.16",
  "192.0.0.192",
  "fd00:ec2::254",
  "fd20:ce::254",
]);

type Reach = "public" | "private" | "never";
type Range = readonly [network: string, prefixLength: number, reach: Reach];

/** Source: IANA IPv4 Special-Purpose Address Registry. What is in no range is public. */
const IPV4_RANGES: readonly Range[] = [
  ["0.0.0.0", 8, "never"],
  ["10.0.0.0", 8, "private"],
  ["100.64.0.0", 10, "private"],
  ["127.0.0.0", 8, "private"],
  ["169.254.0.0", 16, "never"],
  ["172.16.0.0", 12, "private"],
  ["192.0.0.0", 24, "never"],
  ["192.0.2.0", 24, "never"],
  ["192.88.99.0", 24, "never"],
  ["192.168.0.0", 16, "private"],
  ["198.18.0.0", 15, "never"],
  ["198.51.100.0", 24, "never"],
  ["203.0.113.0", 24, "never"],
  ["224.0.0.0", 4, "never"],
  ["240.0.0.0", 4, "never"],
];

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

function readIpv4(text: string): number {
  return text.split(".").reduce((value, part) => value * 256 + Number(part), 0);
}

function reachOfIpv4(address: string): Reach {
  const value = readIpv4(address);
  const range = IPV4_RANGES.find(([network, prefixLength]) => {
    const size = 2 ** (32 - prefixLength);
    return Math.floor(value / size) === Math.floor(readIpv4(network) / size);
  });
  return range?.[2] ?? "public";
}

/** The eight groups of an address as `URL` writes it: in hexadecimal, with at most one `::`. */
function readIpv6(text: string): readonly number[] {
  const [head = "", tail] = text.split("::");
  const groups = (part: string): number[] => (part === "" ? [] : part.split(":").map((group) => parseInt(group, 16)));
  const [front, back] = [groups(head), groups(tail ?? "")];
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}

/**
 * Only global unicast is public, without what carries an IPv4 address inside (6to4, Teredo) and what is for examples.
 * IPv4-mapped and NAT64 addresses are outside of it, and never taken: each has a plain spelling.
 */
function reachOfIpv6(address: string): Reach {
  const [first = 0, second = 0, ...rest] = readIpv6(address);
  const isLoopback = first === 0 && second === 0 && rest.every((group, index) => group === (index === 5 ? 1 : 0));
  if (isLoopback || (first & 0xfe00) === 0xfc00) return "private";
  const isGlobalUnicast = (first & 0xe000) === 0x2000;
  const isSpecial =
    (first === 0x2001 && (second < 0x0200 || second === 0x0db8)) ||
    first === 0x2002 ||
    (first === 0x3fff && second < 0x1000);
  return isGlobalUnicast && !isSpecial ? "public" : "never";
}

const isUnder = (host: string, suffixes: readonly string[]): boolean =>
  suffixes.some((suffix) => host === suffix || host.endsWith(`.${suffix}`));

function reachOfName(host: string): Reach {
  if (isUnder(host, METADATA_NAMES)) return "never";
  return !host.includes(".") || isUnder(host, PRIVATE_SUFFIXES) ? "private" : "public";
}

function reachOf(host: string): Reach {
  const isIpv6 = host.startsWith("[");
  const address = isIpv6 ? host.slice(1, -1) : host;
  if (METADATA_ADDRESSES.has(address)) return "never";
  if (isIpv6) return reachOfIpv6(address);
  return IPV4.test(address) ? reachOfIpv4(address) : reachOfName(address);
}

/**
 * Why nobody should be sent to a URL that somebody else chose, or undefined when it is https to a public host.
 * `allowPrivate` also takes http, loopback and private networks, but never link-local or metadata addresses. It is about
 * what is written: what a name resolves to is for the runtime. The reason holds nothing of the URL.
 */
export function describeUnsafeUrl(url: URL, { allowPrivate }: { readonly allowPrivate: boolean }): string | undefined {
  if (url.protocol !== "https:" && !(allowPrivate && url.protocol === "http:")) {
    return allowPrivate ? "must be an http or https URL" : "must be an https URL";
  }
  if (url.username !== "" || url.password !== "") return "must not hold a user name or a password";
  // `URL` has already turned octal, hexadecimal, short and percent-encoded spellings into the one form.
  const host = url.hostname.replace(/\.+$/, "");
  if (host.split(".").includes("")) return "must be of a host without empty labels";
  const reach = reachOf(host);
  if (reach === "never") return "must not be of an address that is link-local, for metadata or otherwise special";
  return reach === "private" && !allowPrivate ? "must be of a public host" : undefined;
}
