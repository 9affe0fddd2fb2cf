import { printSideBySide } from "@gasless/localnet/testing/side-by-side";
import { startAdapterWorkerd } from "../support/adapter-workerd.ts";
import { compareSignIns, MAX_VERIFIES } from "./sign-in-costs.ts";

const ROUNDS = { rounds: 11, turnsPerRound: 4, warmUpRounds: 3 };

const workerd = await startAdapterWorkerd();
try {
  for (const [method, cost] of await compareSignIns(workerd, ROUNDS)) {
    printSideBySide(`${method} / one WebCrypto verify`, cost, { unit: "us", max: MAX_VERIFIES });
  }
} finally {
  await workerd.stop();
}
