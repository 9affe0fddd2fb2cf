/** Another number, other transactions; a failure names its own. */
export const FUZZ_SEED = Number(process.env["GASLESS_FUZZ_SEED"] ?? 20_261_120);
/** Of all fuzz tests together. */
export const FUZZ_SECONDS = Number(process.env["GASLESS_FUZZ_SECONDS"] ?? 25);
