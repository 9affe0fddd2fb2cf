import { describe, expect, test } from "vitest";
import { describeUnsafeUrl } from "./public-url.ts";

const onThePublicNet = (text: string) => describeUnsafeUrl(new URL(text), { allowPrivate: false });
const onALocalnet = (text: string) => describeUnsafeUrl(new URL(text), { allowPrivate: true });

/** Hosts that a localnet may have, and nobody else. */
const PRIVATE_HOSTS = [
  "127.0.0.1",
  "127.255.255.254",
  "10.0.0.1",
  "10.255.255.255",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "100.64.0.1",
  "100.127.255.255",
  "[::1]",
  "[fc00::1]",
  "[fdff:ffff::1]",
  "localhost",
  "LOCALHOST",
  "localhost.",
  "localhost..",
  "a.localhost",
  "kubernetes.default.svc",
  "solana",
  "solana.",
  "node.local",
  "node.internal",
  "host.docker.internal",
  "node.lan",
  "router.home.arpa",
];

/** The same addresses in spellings that a URL is read in. */
const SPELLINGS = [
  "2130706433",
  "0x7f000001",
  "0x7f.1",
  "127.1",
  "0177.0.0.1",
  "017700000001",
  "127.0.0.1.",
  "%31%32%37.0.0.1",
  "１２７.０.０.１",
  "[0:0:0:0:0:0:0:1]",
  "loc%61lhost",
];

/** Hosts that nobody may have. */
const NEVER = [
  "0.0.0.0",
  "0.1.2.3",
  "0",
  "169.254.169.254",
  "169.254.170.2",
  "0xa9fea9fe",
  "2852039166",
  "0251.0376.0251.0376",
  "100.100.100.200",
  "168.63.129.16",
  "192.0.0.192",
  "192.0.2.1",
  "192.88.99.1",
  "198.18.0.1",
  "198.19.255.255",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "239.255.255.255",
  "240.0.0.1",
  "255.255.255.255",
  "[::]",
  "[::ffff:127.0.0.1]",
  "[::ffff:8.8.8.8]",
  "[::ffff:a9fe:a9fe]",
  "[::127.0.0.1]",
  "[64:ff9b::7f00:1]",
  "[64:ff9b::8.8.8.8]",
  "[64:ff9b:1::a9fe:a9fe]",
  "[2002:7f00:1::]",
  "[2002:a9fe:a9fe::1]",
  "[2001::1]",
  "[2001:db8::1]",
  "[3fff::1]",
  "[fe80::1]",
  "[febf::1]",
  "[fec0::1]",
  "[ff02::1]",
  "[fd00:ec2::254]",
  "[FD00:0EC2:0:0:0:0:0:0254]",
  "[fd20:ce::254]",
  "metadata",
  "metadata.google.internal",
  "metadata.google.internal.",
  "metadata.google.internal..",
  "x.metadata.google.internal",
  "metadata.goog",
  "instance-data",
  "instance-data.ec2.internal",
];

const PUBLIC_HOSTS = [
  "rpc.example.com",
  "8.8.8.8",
  "1.1.1.1",
  "172.15.255.255",
  "172.32.0.1",
  "100.63.255.255",
  "100.128.0.1",
  "169.253.255.255",
  "223.255.255.255",
  "[2606:4700:4700::1111]",
  "[2001:4860:4860::8888]",
  "[2a00:1450::1]",
  "notlocalhost.com",
  "local.example.com",
  "internal.example.com.",
  "xn--bcher-kva.example",
];

test.each(["a..example.com", ".example.com"])("a host with an empty label is nobody's: %s", (host) => {
  expect(onThePublicNet(`https://${host}/`)).toMatch(/empty labels/);
  expect(onALocalnet(`https://${host}/`)).toMatch(/empty labels/);
});

describe("a URL of the public net", () => {
  test.each(PUBLIC_HOSTS)("may be of %s", (host) => {
    expect(onThePublicNet(`https://${host}/path?api-key=k`)).toBeUndefined();
    expect(onThePublicNet(`https://${host}:8443`)).toBeUndefined();
  });

  test.each([...PRIVATE_HOSTS, ...SPELLINGS])("is not of %s, which is private", (host) => {
    expect(onThePublicNet(`https://${host}/`)).toBe("must be of a public host");
  });

  test.each(NEVER)("is not of %s, which nobody should be sent to", (host) => {
    expect(onThePublicNet(`https://${host}/`)).toMatch(/special$/);
  });

  test.each([
    "http://rpc.example.com",
    "ws://rpc.example.com",
    "ftp://rpc.example.com",
    "file:///etc/passwd",
    "data:,",
  ])("is https, not %s", (text) => {
    expect(onThePublicNet(text)).toBe("must be an https URL");
  });
});

describe("a URL of a localnet", () => {
  test.each([...PRIVATE_HOSTS, ...SPELLINGS, ...PUBLIC_HOSTS])("may be of %s", (host) => {
    expect(onALocalnet(`http://${host}:8899`)).toBeUndefined();
    expect(onALocalnet(`https://${host}`)).toBeUndefined();
  });

  test.each(NEVER)("is not of %s all the same", (host) => {
    expect(onALocalnet(`http://${host}/`)).toMatch(/special$/);
  });

  test.each(["ws://127.0.0.1", "file:///etc/passwd"])("is http or https, not %s", (text) => {
    expect(onALocalnet(text)).toBe("must be an http or https URL");
  });
});

test.each(["https://user@rpc.example.com", "https://:hunter2@rpc.example.com", "https://user:hunter2@127.0.0.1"])(
  "%s holds credentials, and is refused everywhere",
  (text) => {
    expect(onThePublicNet(text)).toBe("must not hold a user name or a password");
    expect(onALocalnet(text)).toBe("must not hold a user name or a password");
  },
);

test.each(["https://1.2.3.4.5", "https://256.1.1.1", "https://[::g]", "https://0x", "https://"])(
  "%s is no URL, or none that leads anywhere",
  (text) => {
    const isUrl = URL.canParse(text);
    expect(isUrl && onThePublicNet(text) === undefined).toBe(false);
  },
);
