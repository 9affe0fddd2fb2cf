/** Another number, other transactions; a failure names its own. */
export const FUZZ_SEED = Number(process.env["GASLESS_FUZZ_SEED"] ?? process.env["GASLESS_FUZZ_START"] ?? 20_261_120);
/** Of all fuzz tests together. */
export const FUZZ_SECONDS = Number(process.env["GASLESS_FUZZ_SECONDS"] ?? 30);
