import { createHash, randomBytes } from "node:crypto";
import { isNull } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import type { Client, Pool } from "pg";
import { claimCodes, organizations } from "./schema/index.ts";

const CODE_BYTES = 20;

/**
 * A code that makes its bearer the first owner of an installation, once; those before it end. 160 random bits, base64url;
 * only its SHA-256 is kept. Undefined: the installation has been claimed.
 */
export async function createClaimCode(client: Client | Pool): Promise<string | undefined> {
  const code = randomBytes(CODE_BYTES).toString("base64url");
  return drizzle(client).transaction(async (tx) => {
    const claimed = await tx.select({ id: organizations.id }).from(organizations).limit(1);
    if (claimed.length > 0) return undefined;
    await tx.delete(claimCodes).where(isNull(claimCodes.usedAt));
    await tx.insert(claimCodes).values({ codeHash: createHash("sha256").update(code).digest() });
    return code;
  });
}
