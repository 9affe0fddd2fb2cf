/** A code and a few plain words, such as `ERR max daily request limit exceeded`. */
const REDIS_WORDS = /^[A-Z]{3,20}(?: [a-z]{1,12}(?=[ ,.:]|$)){0,8}/;

/**
 * What Redis did not do, in our own words and its first ones: the rest, and what its client adds, repeats commands, and
 * with them addresses, proofs and credentials.
 */
export class RedisFault extends Error {
  override readonly name = "RedisFault";
}

export function faultOf(error: unknown): RedisFault {
  if (error instanceof RedisFault) return error;
  const { name, message } = error instanceof Error ? error : new Error();
  return new RedisFault([name, ...(REDIS_WORDS.exec(message) ?? [])].join(": "));
}
