import type { ManagedProject } from "../../../../bff/src/contract/manage/projects.ts";
import { type FakeHandlers, FakeProblem } from "../fake-api.ts";
import {
  daysAgo,
  type FakeOptions,
  fakeId,
  fakeMembership,
  fakeProject,
  FAKE_CODE,
  LIVE_PROJECT_ID,
  ORGANIZATION_ID,
  PROJECT_ID,
  USER_ID,
  WALLET,
} from "./world.ts";

/** Who is signed in, their organization, and its projects. */
export function consoleFake({ role, state, standing = "member" }: FakeOptions): FakeHandlers {
  const memberships = standing === "member" ? [fakeMembership(role)] : [];
  const isRight = (code: string): boolean => code === FAKE_CODE;
  let isFirst = true;
  const user = { id: USER_ID, wallets: [WALLET] };
  const projects: ManagedProject[] = [
    fakeProject({ id: PROJECT_ID, createdAt: daysAgo(state === "empty" ? 0 : 60) }),
    fakeProject({ id: LIVE_PROJECT_ID, name: "Ticket booth", environment: "live", networks: ["solana:mainnet"] }),
  ];
  const find = (id: string): ManagedProject => {
    const project = projects.find((entry) => entry.id === id);
    if (!project) throw new FakeProblem(404, "request.not_found", "There is no such project.");
    return project;
  };
  return {
    readMe: () => ({ user, organizations: memberships, isClaimed: standing !== "unclaimed" || memberships.length > 0 }),
    claim: ({ body }) => {
      if (!isRight(body.code))
        throw new FakeProblem(409, "manage.conflict", "This code does not open anything any more.");
      memberships.push(fakeMembership("owner"));
      return fakeMembership("owner");
    },
    acceptInvitation: ({ body }) => {
      if (!isRight(body.code))
        throw new FakeProblem(404, "request.not_found", "There is no open invitation with this code.");
      if (memberships.length === 0) memberships.push(fakeMembership(role));
      return fakeMembership(role);
    },
    openManageSession: () => ({
      accessToken: "fake",
      tokenType: "Bearer",
      expiresIn: 300,
      user,
      organizations: memberships,
    }),
    createOrganization: ({ body }) => {
      const { organization } = fakeMembership("owner");
      const made = { organization: { ...organization, id: fakeId("org", 2), name: body.name }, role: "owner" as const };
      memberships.push(made);
      return made;
    },
    listOrganizations: () => ({ data: memberships }),
    listProjects: ({ query }) => ({
      data: projects.filter(({ environment }) => !query["environment"] || query["environment"] === environment),
      nextCursor: null,
    }),
    createProject: ({ body }) => {
      const project = fakeProject({
        id: fakeId("prj", 10 + projects.length),
        organizationId: ORGANIZATION_ID,
        name: body.name,
        environment: body.environment,
        networks: body.networks ?? [],
        createdAt: daysAgo(0),
      });
      projects.unshift(project);
      return project;
    },
    readProject: ({ params }) => find(params.projectId),
    changeProject: ({ params, body }) => {
      // Whoever calls it Kiosk finds that somebody was faster, once.
      if (body.name === "Kiosk" && find(params.projectId).version === body.version && isFirst) {
        isFirst = false;
        projects[projects.indexOf(find(params.projectId))] = {
          ...find(params.projectId),
          version: String(Number(body.version) + 1),
          statement: "Sign in, said somebody else.",
        };
      }
      if (body.version !== find(params.projectId).version) {
        throw new FakeProblem(409, "manage.conflict", "Somebody else changed the project meanwhile.");
      }
      const index = projects.indexOf(find(params.projectId));
      const { version: _version, ...changes } = body;
      const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
      const changed = { ...find(params.projectId), ...given, version: String(Number(body.version) + 1) };
      projects[index] = changed;
      return changed;
    },
  };
}
