import { type ApiTarget, callApi, expectStatus, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { type ProjectSeed, type SeededProject, seedId } from "@gasless/db/factories";
import type { Scene } from "./drill.ts";
import { createUsers, type User } from "./intents.ts";

/** The console's own, as it stands on the dashboard's page everywhere. */
const CONSOLE_KEY = "pk_live_GaslessConsoleOfThisHost0OUbAs";

/** An organization with a project, its users, and whoever manages it. */
export interface Neighbour {
  readonly project: ApiTarget & SeededProject;
  readonly users: readonly User[];
  /** One reading of the management API about the project. */
  manage(path: string): Promise<{ readonly status: number; readonly text: string }>;
}

async function openConsole({ stack, hidden }: Scene): Promise<{ readonly token: string; readonly userId: string }> {
  const { api } = stack;
  const target = { api, origin: api, publishableKey: CONSOLE_KEY, network: "solana:localnet" };
  const { accessToken, refreshToken, user } = await signIn(target, await createWallet());
  const opening = callApi<{ accessToken: string }>(target, "POST", "/v1/manage/sessions", {
    token: accessToken,
    body: {},
  });
  const { accessToken: token } = expectStatus(await opening, 201);
  for (const credential of [accessToken, refreshToken, token]) hidden.add(credential);
  return { token, userId: user.id };
}

/** Straight in SQL, as nobody needs a claim code for it. */
export async function createNeighbour(
  scene: Scene,
  { name, address, users, ...seed }: Partial<ProjectSeed> & { name: string; address: string; users: number },
): Promise<Neighbour> {
  const { stack } = scene;
  const project = await stack.createProject(seed);
  const { token, userId } = await openConsole(scene);
  const organizationId = seedId("org", name);
  await stack.database.query("insert into organizations (id, name) values ($1, $2)", [organizationId, name]);
  await stack.database.query("insert into members (organization_id, user_id, role) values ($1, $2, 'owner')", [
    organizationId,
    userId,
  ]);
  await stack.database.query("update projects set organization_id = $1 where id = $2", [
    organizationId,
    project.projectId,
  ]);
  const headers = { authorization: `Bearer ${token}`, origin: stack.api, "cf-connecting-ip": address };
  return {
    project,
    users: await createUsers(scene, project, users),
    async manage(path) {
      const answer = await fetch(`${stack.api}/v1/manage/projects/${project.projectId}/${path}`, { headers });
      return { status: answer.status, text: await answer.text() };
    },
  };
}
