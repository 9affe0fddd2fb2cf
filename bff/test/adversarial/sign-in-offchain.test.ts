import { toBase64 } from "@gasless/localnet/api-client";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import { base58 } from "@scure/base";
import { afterAll, beforeAll, describe, test } from "vitest";
import { type Layout, layOut, OFFCHAIN_START, proveMemo } from "../support/method-proofs.ts";
import type { Proof } from "../support/proofs.ts";
import {
  type Attempt,
  encodeText,
  expectOnlyGenuine,
  expectOpened,
  expectRefused,
  proveGenuinely,
  textOfAttempt,
  tryMethods,
  withNewChallenge,
} from "../support/sign-in-attempts.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let other: LocalWallet;
beforeAll(async () => {
  stack = await startStack();
  other = await createWallet();
});
afterAll(() => stack.close());

const LAYOUTS = ["v0", "compact", "v1", "v1-with-length"] as const;
const DOMAIN = "dapp.example";

const tryOffchain = (work: (attempt: Attempt) => Promise<void>): Promise<void> =>
  tryMethods(stack, work, { methods: ["offchain"] });

const textBytes = (attempt: Attempt): Uint8Array => encodeText(textOfAttempt(attempt));

/** Our text in a layout whose parts may be others. */
const layOutText = (attempt: Attempt, layout: Partial<Layout> = {}, text = textBytes(attempt)): Buffer =>
  layOut(text, { name: "v1", signers: [attempt.wallet.address], ...layout });

/** The wallet's honest signature over exactly these bytes. */
async function proveMessage(attempt: Attempt, message: Uint8Array): Promise<Proof> {
  const { target, wallet, challenge } = attempt;
  const [signature, signedMessage] = [toBase64(await wallet.sign(message)), toBase64(message)];
  const { challengeId } = challenge;
  const { network } = target;
  return { challengeId, network, address: wallet.address, method: "offchain", signature, signedMessage };
}

/** The same as some wallets give it: everything in the place of the signature. */
async function proveByEnvelope(attempt: Attempt, message: Uint8Array, count = 1): Promise<Proof> {
  const { signedMessage: _signedMessage, ...proof } = await proveMessage(attempt, message);
  const signature = Buffer.from(proof.signature, "base64");
  return { ...proof, signature: toBase64(Buffer.concat([Buffer.from([count]), signature, message])) };
}

const paddedTo32 = (text: string): Uint8Array => Buffer.concat([Buffer.from(text), Buffer.alloc(32)]).subarray(0, 32);

describe("an off-chain message of our text opens a session", () => {
  test.each(LAYOUTS)(
    "in the layout %s, alone, in an envelope, and in an envelope with itself beside it",
    async (name) => {
      await tryMethods(
        stack,
        async (attempt) => {
          await expectOpened(attempt, await proveMessage(attempt, layOutText(attempt, { name })));
          const second = await withNewChallenge(attempt);
          await expectOpened(second, await proveByEnvelope(second, layOutText(second, { name })));
          const third = await withNewChallenge(attempt);
          const message = layOutText(third, { name });
          const signedMessage = toBase64(message);
          await expectOpened(third, { ...(await proveByEnvelope(third, message)), signedMessage });
        },
        { methods: ["offchain"], opens: 3 },
      );
    },
  );

  test.each<[string, Partial<Layout>]>([
    ["with our domain padded with zeros", { applicationDomain: paddedTo32(DOMAIN) }],
    ["with no domain", { applicationDomain: new Uint8Array(32) }],
    ["in format 0", { format: 0 }],
    ["in format 1", { format: 1 }],
  ])("in v0 %s", async (_name, layout) => {
    await tryOffchain(async (attempt) => {
      await expectOpened(attempt, await proveMessage(attempt, layOutText(attempt, { name: "v0", ...layout })));
    });
  });

  test("by a signature alone when that is of version 1, and of no other layout", async () => {
    await tryOffchain(async (attempt) => {
      for (const name of ["v0", "compact", "v1-with-length"] as const) {
        const { signedMessage: _message, ...bare } = await proveMessage(attempt, layOutText(attempt, { name }));
        await expectRefused(attempt, bare, "auth.signature_invalid");
      }
      const { signedMessage: _message, ...bare } = await proveMessage(attempt, layOutText(attempt));
      await expectOpened(attempt, bare);
    });
  });
});

type Spoil = (attempt: Attempt) => Uint8Array;
/** The message with the byte at this place, counted from the end of what every message begins with, exchanged. */
const withByte =
  (layout: Layout["name"], at: number, value: number): Spoil =>
  (attempt) => {
    const message = layOutText(attempt, { name: layout });
    message[OFFCHAIN_START.length + at] = value;
    return message;
  };

const sorted = (...addresses: readonly string[]): readonly string[] =>
  addresses.toSorted((one, two) => Buffer.compare(base58.decode(one), base58.decode(two)));

const listOf =
  (name: Layout["name"], signersOf: (own: string) => readonly string[]): Spoil =>
  (attempt) =>
    layOutText(attempt, { name, signers: signersOf(attempt.wallet.address) });

const SIGNER_LISTS: readonly (readonly [string, (own: string) => readonly string[]])[] = [
  ["ours and another's", (own) => sorted(own, other.address)],
  ["ours and another's in the wrong order", (own) => sorted(own, other.address).toReversed()],
  ["ours twice", (own) => [own, own]],
  ["another's", () => [other.address]],
  ["nobody's", () => []],
];

const WRONG_MESSAGES: readonly (readonly [string, Spoil])[] = [
  ...(["v0", "v1", "v1-with-length"] as const).flatMap((name) =>
    SIGNER_LISTS.map(
      ([whose, signersOf]) => [`whose signers in ${name} are ${whose}`, listOf(name, signersOf)] as const,
    ),
  ),
  ...LAYOUTS.flatMap((name) => [
    [`of version 2 in ${name}`, withByte(name, 0, 2)] as const,
    [`of version 255 in ${name}`, withByte(name, 0, 255)] as const,
    [
      `with a byte behind it in ${name}`,
      (attempt: Attempt) => Buffer.concat([layOutText(attempt, { name }), Buffer.alloc(1)]),
    ] as const,
    [
      `with a byte before it in ${name}`,
      (attempt: Attempt) => Buffer.concat([Buffer.alloc(1), layOutText(attempt, { name })]),
    ] as const,
    [
      `inside another one in ${name}`,
      (attempt: Attempt) => layOutText(attempt, { name }, layOutText(attempt, { name })),
    ] as const,
    [
      `of a text with a final LF in ${name}`,
      (attempt: Attempt) => layOutText(attempt, { name }, encodeText(`${textOfAttempt(attempt)}\n`)),
    ] as const,
    [`of nothing in ${name}`, (attempt: Attempt) => layOutText(attempt, { name }, new Uint8Array())] as const,
    [`that begins like none in ${name}`, (attempt: Attempt) => layOutText(attempt, { name }).subarray(1)] as const,
    [
      `that begins backwards in ${name}`,
      (attempt: Attempt) =>
        Buffer.concat([OFFCHAIN_START.toReversed(), layOutText(attempt, { name }).subarray(OFFCHAIN_START.length)]),
    ] as const,
    [
      `that begins in upper case in ${name}`,
      (attempt: Attempt) =>
        Buffer.concat([
          Buffer.from([0xff]),
          Buffer.from("SOLANA OFFCHAIN"),
          layOutText(attempt, { name }).subarray(OFFCHAIN_START.length),
        ]),
    ] as const,
  ]),
  ["of version 1 under the name of version 0", withByte("v1", 0, 0)],
  ["of version 0 under the name of version 1", withByte("v0", 0, 1)],
  ["of compact form under the name of version 1", withByte("compact", 0, 1)],
  ["with a count of signers that it has not, in v1", withByte("v1", 1, 2)],
  ["with a count of 255 signers in v1", withByte("v1", 1, 255)],
  ["in format 2 of v0", (attempt) => layOutText(attempt, { name: "v0", format: 2 })],
  ["in format 255 of v0", (attempt) => layOutText(attempt, { name: "v0", format: 255 })],
  ["in format 2 of the compact form", (attempt) => layOutText(attempt, { name: "compact", format: 2 })],
  [
    "whose length is one less in the compact form",
    (attempt) => withByte("compact", 2, (textBytes(attempt).length - 1) & 0xff)(attempt),
  ],
  [
    "whose length is one more in the compact form",
    (attempt) => withByte("compact", 2, (textBytes(attempt).length + 1) & 0xff)(attempt),
  ],
  [
    "for another application",
    (attempt) => layOutText(attempt, { name: "v0", applicationDomain: paddedTo32("evil.example") }),
  ],
  [
    "for an application of our domain's start",
    (attempt) => layOutText(attempt, { name: "v0", applicationDomain: paddedTo32("dapp") }),
  ],
  [
    "for an application of our domain in upper case",
    (attempt) => layOutText(attempt, { name: "v0", applicationDomain: paddedTo32("DAPP.EXAMPLE") }),
  ],
  [
    "for an application of our domain behind zeros",
    (attempt) => layOutText(attempt, { name: "v0", applicationDomain: paddedTo32(DOMAIN).toReversed() }),
  ],
  [
    "for an application of our domain and more",
    (attempt) => layOutText(attempt, { name: "v0", applicationDomain: paddedTo32(`${DOMAIN}\0evil`) }),
  ],
  [
    "for an application of our origin",
    (attempt) => layOutText(attempt, { name: "v0", applicationDomain: paddedTo32(`https://${DOMAIN}`) }),
  ],
];

describe("an off-chain message, honestly signed,", () => {
  test.each(WRONG_MESSAGES)("%s opens no session, alone or in an envelope", async (_name, spoil) => {
    await tryOffchain(async (attempt) => {
      const message = spoil(attempt);
      await expectRefused(attempt, await proveMessage(attempt, message), "auth.signature_invalid");
      await expectOnlyGenuine(attempt, await proveByEnvelope(attempt, message), "auth.signature_invalid");
    });
  });

  // Where a layout has a part end, and in the middle of each part.
  const CUTS = [1, 8, 15, 16, 17, 18, 19, 20, 33, 49, 50, 51, 52, 53, 65, 82, 83, 84, 85, 86, 300, -2, -1];
  test.each(LAYOUTS)("cut off anywhere in %s opens no session", async (name) => {
    await tryOffchain(async (attempt) => {
      await Promise.all(
        CUTS.map(async (end) => {
          const cut = await withNewChallenge(attempt);
          const message = layOutText(cut, { name }).subarray(0, end);
          await expectRefused(cut, await proveMessage(cut, message), "auth.signature_invalid");
        }),
      );
      await expectOpened(attempt, await proveMessage(attempt, layOutText(attempt, { name })));
    });
  });
});

describe("an envelope", () => {
  test.each([0, 2, 3, 64, 255])("with a count of %i opens no session", async (count) => {
    await tryOffchain(async (attempt) => {
      const wrong = await proveByEnvelope(attempt, layOutText(attempt), count);
      await expectOnlyGenuine(attempt, wrong, "auth.signature_invalid");
    });
  });

  test("that disagrees with the message beside it opens no session, though both are of our text", async () => {
    await tryOffchain(async (attempt) => {
      const envelope = await proveByEnvelope(attempt, layOutText(attempt));
      for (const beside of [layOutText(attempt, { name: "v0" }), textBytes(attempt), Buffer.alloc(1)]) {
        await expectRefused(attempt, { ...envelope, signedMessage: toBase64(beside) }, "auth.signature_invalid");
      }
      await expectOpened(attempt, envelope);
    });
  });

  test("cut off, or with something behind it, opens no session", async () => {
    await tryOffchain(async (attempt) => {
      const whole = Buffer.from((await proveByEnvelope(attempt, layOutText(attempt))).signature, "base64");
      const wrongs = [
        ...[1, 2, 64, 65, 66, 82, -1].map((end) => whole.subarray(0, end)),
        Buffer.concat([whole, Buffer.alloc(1)]),
        Buffer.concat([Buffer.from([1]), whole]),
        Buffer.concat([whole, whole]),
      ];
      for (const wrong of wrongs) {
        const next = await withNewChallenge(attempt);
        const envelope = await proveByEnvelope(next, layOutText(next));
        await expectRefused(next, { ...envelope, signature: toBase64(wrong) }, "auth.signature_invalid");
      }
      await expectOpened(attempt, await proveGenuinely(attempt));
    });
  });

  test("means nothing to the methods that sign a text", async () => {
    const methods = ["siws", "message", "local"] as const;
    const tryEnvelope = async (attempt: Attempt): Promise<void> => {
      const bytes = textBytes(attempt);
      const own = await proveGenuinely(attempt);
      for (const message of [bytes, layOutText(attempt)]) {
        const { signature } = await proveByEnvelope(attempt, message);
        await expectRefused(attempt, { ...own, signature }, "auth.signature_invalid");
      }
      await expectOpened(attempt, own);
    };
    await tryMethods(stack, tryEnvelope, { methods });
  });
});

describe("what was signed for one method", () => {
  test("is no off-chain message: neither a text nor a transaction", async () => {
    await tryOffchain(async (attempt) => {
      const text = await proveMessage(attempt, textBytes(attempt));
      await expectRefused(attempt, text, "auth.signature_invalid");
      await expectRefused(attempt, { ...text, signedMessage: undefined }, "auth.signature_invalid");
      const { signature, transaction } = await proveMemo(attempt.target, attempt.challenge, attempt.wallet);
      const wire = Buffer.from(transaction, "base64");
      const next = await withNewChallenge(attempt);
      for (const message of [wire, wire.subarray(65)]) {
        await expectRefused(
          attempt,
          { ...text, signature, signedMessage: toBase64(message) },
          "auth.signature_invalid",
        );
      }
      await expectOpened(next, await proveGenuinely(next));
    });
  });

  test.each(LAYOUTS)("as an off-chain message in %s is no text", async (name) => {
    const methods = ["siws", "message", "local"] as const;
    const tryLayout = async (attempt: Attempt): Promise<void> => {
      const { signature, signedMessage } = await proveMessage(attempt, layOutText(attempt, { name }));
      const own = await proveGenuinely(attempt);
      await expectRefused(attempt, { ...own, signature }, "auth.signature_invalid");
      await expectRefused(attempt, { ...own, signature, signedMessage }, "auth.signature_invalid");
      await expectOpened(attempt, own);
    };
    await tryMethods(stack, tryLayout, { methods });
  });
});
