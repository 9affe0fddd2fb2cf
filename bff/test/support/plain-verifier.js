/** A worker that verifies Ed25519 with WebCrypto and nothing else: what ours would do without its list. */
const plainVerifier = {
  async fetch(request) {
    const verdicts = [];
    for (const parts of await request.json()) {
      const [key, message, signature] = parts.map((part) => Uint8Array.fromHex(part));
      const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
      verdicts.push(await crypto.subtle.verify("Ed25519", imported, signature, message));
    }
    return Response.json(verdicts);
  },
};

// A worker's module is its default export.
// oxlint-disable-next-line import/no-default-export
export default plainVerifier;
