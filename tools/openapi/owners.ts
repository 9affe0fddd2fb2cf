import type { PROBLEMS } from "../../bff/src/errors.ts";

/** Who can do something about an error, as a reader would say it. */
export const OWNERS: Readonly<Record<(typeof PROBLEMS)[keyof typeof PROBLEMS]["owner"], string>> = {
  user: "the user",
  integrator: "the integrator",
  operator: "the operator",
  upstream: "the network's node",
  us: "Gasless",
};
