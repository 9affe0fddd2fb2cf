/** Why a transaction or its group cannot land, in algod's words. */
export class Refusal extends Error {
  override name = "Refusal";
}
