import { createHash } from "node:crypto";
import { type ApiAnswer, type ApiTarget, callApi, expectStatus, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import type { ManageSession } from "../../src/contract/manage/organizations.ts";
import type { Role, Scope } from "../../src/contract/manage/values.ts";
import { CONSOLE_PUBLISHABLE_KEY } from "../../src/contract/manage/console.ts";
import { API_KEY_BYTES, formatApiKey } from "../../src/domain/api-key.ts";
import { createRandom } from "../../src/adapters/ids.ts";
import { NETWORK, type Stack } from "./stack.ts";

const random = createRandom(() => Date.now());

/** Somebody who has signed in to the console. */
export interface Manager {
  readonly userId: string;
  readonly wallet: string;
  /** Of the console's project: what a management token is made from. */
  readonly consoleToken: string;
  readonly token: string;
}

/** An organization of its own, with members and projects, made straight in SQL: nobody needs a claim code for it. */
export interface Organization {
  readonly id: string;
  member(role: Role): Promise<Manager>;
  /** Hands a project, and what pays for it, to the organization. */
  own(project: { readonly projectId: string; readonly sponsorId?: string }): Promise<void>;
  /** A secret key of a project that it owns. */
  key(projectId: string, scopes: readonly Scope[]): Promise<string>;
}

export interface Console {
  readonly target: ApiTarget;
  /** Signs in with a new wallet; a member of nothing. */
  signIn(): Promise<Manager>;
  organization(name?: string): Promise<Organization>;
  /** One call below `/v1/manage`, with a management token from the API's own pages, or with a secret key from a server. */
  call<Body = Record<string, unknown>>(
    token: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<ApiAnswer<Body>>;
}

export function createConsole(stack: Pick<Stack, "api" | "database">): Console {
  const { api, database } = stack;
  const target = { api, origin: new URL(api).origin, publishableKey: CONSOLE_PUBLISHABLE_KEY, network: NETWORK };

  const call: Console["call"] = (token, method, path, body) =>
    callApi(target, method, `/v1/manage${path}`, {
      token,
      ...(body !== undefined && { body }),
      // Node's fetch sends an origin only when it is told to: a server sends none.
      ...(token.startsWith("sk_") && { headers: { origin: "" } }),
    });

  async function signInToConsole(): Promise<Manager> {
    const { accessToken, user, session } = await signIn(target, await createWallet());
    const opened = expectStatus(await call<ManageSession>(accessToken, "POST", "/sessions", {}), 201);
    return { userId: user.id, wallet: session.wallet, consoleToken: accessToken, token: opened.accessToken };
  }

  async function organization(name = "Test organization"): Promise<Organization> {
    const id = random.id("org");
    await database.query("insert into organizations (id, name) values ($1, $2)", [id, name]);
    const member = async (role: Role): Promise<Manager> => {
      const manager = await signInToConsole();
      await database.query("insert into members (organization_id, user_id, role) values ($1, $2, $3)", [
        id,
        manager.userId,
        role,
      ]);
      return manager;
    };
    await member("owner");
    return {
      id,
      member,
      async own({ projectId, sponsorId }) {
        await database.query("update projects set organization_id = $1 where id = $2", [id, projectId]);
        if (sponsorId === undefined) return;
        await database.query("update sponsors set organization_id = $1 where id = $2", [id, sponsorId]);
      },
      async key(projectId, scopes) {
        const key = formatApiKey("secret", "test", random.bytes(API_KEY_BYTES)) ?? "";
        const hash = createHash("sha256").update(key).digest();
        await database.query(
          `insert into project_keys (id, project_id, kind, name, scopes, key_hash, last_four)
            values ($1, $2, 'secret', 'test', $3, $4, $5)`,
          [random.id("key"), projectId, scopes, hash, key.slice(-4)],
        );
        return key;
      },
    };
  }

  return { target, signIn: signInToConsole, organization, call };
}
