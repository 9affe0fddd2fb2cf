/** A key of WebCrypto, by whichever runtime's types the code is read. */
export type WebCryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;
