import {
  SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE,
  address,
  generateKeyPairSigner,
  isSolanaError,
} from "@solana/kit";
import type { Instruction, KeyPairSigner } from "@solana/kit";
import { expect, test } from "vitest";
import { callRpc, openScene, sign, transfer } from "./test-support.ts";
import type { Scene } from "./test-support.ts";

const CLOCK = address("SysvarC1ock11111111111111111111111111111111");
const ABSENT = address("Foo1111111111111111111111111111111111111111");

async function simulatedError(
  scene: Scene,
  payer: KeyPairSigner,
  instructions: readonly Instruction[],
): Promise<unknown> {
  const { wire } = await sign(scene, payer, instructions);
  const { result } = await callRpc<{ value: { err: unknown } }>(scene.net, "simulateTransaction", wire, {
    encoding: "base64",
  });
  return result?.value.err;
}

test("each failure has Agave's JSON form", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const fresh = (await generateKeyPairSigner()).address;
  const poor = await scene.fund(1000n);
  const nobody = await generateKeyPairSigner();
  expect(await simulatedError(scene, payer, [transfer(payer, fresh, 10n ** 18n)])).toEqual({
    InstructionError: [0, { Custom: 1 }],
  });
  expect(await simulatedError(scene, payer, [transfer(payer, fresh, 1n)])).toEqual({
    InsufficientFundsForRent: { account_index: 1 },
  });
  expect(await simulatedError(scene, payer, [{ programAddress: CLOCK, data: new Uint8Array() }])).toBe(
    "InvalidProgramForExecution",
  );
  expect(await simulatedError(scene, payer, [{ programAddress: ABSENT, data: new Uint8Array() }])).toBe(
    "ProgramAccountNotFound",
  );
  expect(await simulatedError(scene, poor, [transfer(payer, fresh, 1_000_000n)])).toBe("InsufficientFundsForFee");
  expect(await simulatedError(scene, nobody, [transfer(payer, fresh, 1_000_000n)])).toBe("AccountNotFound");
  expect(await simulatedError(scene, nobody, [{ programAddress: ABSENT, data: new Uint8Array() }])).toBe(
    "AccountNotFound",
  );
  const withoutSigner = { ...transfer(payer, fresh, 1_000_000n), data: new Uint8Array([99, 0, 0, 0]) };
  expect(await simulatedError(scene, payer, [withoutSigner])).toEqual({
    InstructionError: [0, "InvalidInstructionData"],
  });
});

test("kit reads a failed preflight down to the program's own error number", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const { wire } = await sign(scene, payer, [transfer(payer, (await generateKeyPairSigner()).address, 10n ** 18n)]);
  const error: unknown = await scene.rpc
    .sendTransaction(wire, { encoding: "base64" })
    .send()
    .catch((caught: unknown) => caught);
  if (!isSolanaError(error, SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE)) throw error;
  if (!isSolanaError(error.cause, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM)) throw error;
  expect(error.cause.context.code).toBe(1);
  expect(error.context.logs?.length).toBeGreaterThan(0);
  const raw = await callRpc(scene.net, "sendTransaction", wire, { encoding: "base64" });
  expect(raw.error?.message).toBe(
    "Transaction simulation failed: Error processing Instruction 0: custom program error: 0x1",
  );
  expect(scene.net.chain.history.count()).toBe(0);
});

test("a missing or false signature is refused in preflight and never lands without it", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const { wire } = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  for (const byte of [0, 7]) {
    const forged = Buffer.from(wire, "base64").fill(byte, 1, 65).toString("base64");
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- kit's brand is exactly what a forger gets around
    const sent = scene.rpc.sendTransaction(forged as typeof wire, { encoding: "base64" }).send();
    const error: unknown = await sent.catch((caught: unknown) => caught);
    expect(isSolanaError(error, SOLANA_ERROR__JSON_RPC__SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE)).toBe(
      true,
    );
    const raw = await callRpc(scene.net, "sendTransaction", forged, { encoding: "base64", skipPreflight: true });
    expect(raw.result).toBeTypeOf("string");
    const verified = await callRpc(scene.net, "simulateTransaction", forged, { encoding: "base64", sigVerify: true });
    expect(verified.error?.code).toBe(-32003);
  }
  expect(scene.net.chain.history.count()).toBe(0);
});
