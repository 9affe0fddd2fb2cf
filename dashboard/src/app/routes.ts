import type { IconName } from "../ui/icons.ts";
import { createPatterns } from "./router.ts";

export interface Route {
  /** The page's element. */
  readonly tag: string;
  readonly title: string;
  readonly load: () => Promise<unknown>;
}

interface NavigationItem {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
}

const page = (tag: string, title: string, load: () => Promise<unknown>): Route => ({ tag, title, load });

const home = page("home-page", "Organizations", () => import("../pages/home/home-page.ts"));
const projects = page("projects-page", "Projects", () => import("../pages/projects/projects-page.ts"));
const members = page("members-page", "Members", () => import("../pages/members/members-page.ts"));
const overview = page("overview-page", "Overview", () => import("../pages/overview/overview-page.ts"));
const policy = page("policy-page", "Policy", () => import("../pages/policy/policy-page.ts"));
const explain = page("explain-page", "Explain", () => import("../pages/explain/explain-page.ts"));
const backtests = page("backtests-page", "Backtests", () => import("../pages/backtest/backtests-page.ts"));
const backtest = page("backtest-page", "Backtest", () => import("../pages/backtest/backtest-page.ts"));
const jobs = page("jobs-page", "Jobs", () => import("../pages/jobs/jobs-page.ts"));
const job = page("job-page", "Job", () => import("../pages/jobs/job-page.ts"));
const decisions = page("decisions-page", "Decisions", () => import("../pages/decisions/decisions-page.ts"));
const decision = page("decision-page", "Decision", () => import("../pages/decisions/decision-page.ts"));
const relays = page("relays-page", "Relays", () => import("../pages/relays/relays-page.ts"));
const relay = page("relay-page", "Relay", () => import("../pages/relays/relay-page.ts"));
const users = page("users-page", "Users", () => import("../pages/users/users-page.ts"));
const user = page("user-page", "User", () => import("../pages/users/user-page.ts"));
const denylist = page("denylist-page", "Denylist", () => import("../pages/lists/denylist-page.ts"));
const allowlist = page("allowlist-page", "Allowlist", () => import("../pages/lists/allowlist-page.ts"));
const keys = page("keys-page", "Keys", () => import("../pages/keys/keys-page.ts"));
const origins = page("origins-page", "Origins", () => import("../pages/origins/origins-page.ts"));
const networks = page("networks-page", "Networks", () => import("../pages/networks/networks-page.ts"));
const sponsors = page("sponsors-page", "Sponsors", () => import("../pages/sponsors/sponsors-page.ts"));
const budgets = page("budgets-page", "Budgets", () => import("../pages/budgets/budgets-page.ts"));
const audit = page("audit-page", "Audit log", () => import("../pages/audit/audit-page.ts"));
const organizationAudit = page(
  "organization-audit-page",
  "Audit log",
  () => import("../pages/audit/organization-audit-page.ts"),
);
const settings = page("settings-page", "Settings", () => import("../pages/settings/settings-page.ts"));

/** Every address of the dashboard; what matches none is the page that says so. */
export const ROUTES = createPatterns<Route>([
  ["/", home],
  ["/organizations", home],
  ["/o/:organization", projects],
  ["/o/:organization/projects", projects],
  ["/o/:organization/members", members],
  ["/o/:organization/audit", organizationAudit],
  ["/p/:project", overview],
  ["/p/:project/overview", overview],
  ["/p/:project/policy/:version?", policy],
  ["/p/:project/explain/:decision?", explain],
  ["/p/:project/backtests", backtests],
  ["/p/:project/backtests/:job", backtest],
  ["/p/:project/jobs", jobs],
  ["/p/:project/jobs/:job", job],
  ["/p/:project/decisions", decisions],
  ["/p/:project/decisions/:decision", decision],
  ["/p/:project/relays", relays],
  ["/p/:project/relays/:relay", relay],
  ["/p/:project/users", users],
  ["/p/:project/users/:user", user],
  ["/p/:project/denylist", denylist],
  ["/p/:project/allowlist", allowlist],
  ["/p/:project/keys", keys],
  ["/p/:project/origins", origins],
  ["/p/:project/networks", networks],
  ["/p/:project/sponsors", sponsors],
  ["/p/:project/budgets", budgets],
  ["/p/:project/audit", audit],
  ["/p/:project/settings", settings],
]);

/** In front of everything an organization has. */
export const ORGANIZATION_NAVIGATION: readonly NavigationItem[] = [
  { path: "projects", label: "Projects", icon: "projects" },
  { path: "members", label: "Members", icon: "people" },
  { path: "audit", label: "Audit log", icon: "audit" },
];

/** A project's pages, as work goes through them: look, decide, find out, set up. */
export const PROJECT_NAVIGATION: readonly (readonly [group: string, items: readonly NavigationItem[]])[] = [
  ["", [{ path: "overview", label: "Overview", icon: "overview" }]],
  [
    "Policy",
    [
      { path: "policy", label: "Policy", icon: "policy" },
      { path: "explain", label: "Explain", icon: "explain" },
      { path: "backtests", label: "Backtests", icon: "backtest" },
      { path: "denylist", label: "Denylist", icon: "stop" },
      { path: "allowlist", label: "Allowlist", icon: "list" },
    ],
  ],
  [
    "Traffic",
    [
      { path: "decisions", label: "Decisions", icon: "decisions" },
      { path: "relays", label: "Relays", icon: "relays" },
      { path: "users", label: "Users", icon: "user" },
    ],
  ],
  [
    "Money",
    [
      { path: "sponsors", label: "Sponsors", icon: "sponsor" },
      { path: "budgets", label: "Budgets", icon: "budget" },
    ],
  ],
  [
    "Setup",
    [
      { path: "keys", label: "Keys", icon: "key" },
      { path: "origins", label: "Origins", icon: "origin" },
      { path: "networks", label: "Networks", icon: "network" },
      { path: "settings", label: "Settings", icon: "settings" },
    ],
  ],
  [
    "Operations",
    [
      { path: "jobs", label: "Jobs", icon: "jobs" },
      { path: "audit", label: "Audit log", icon: "audit" },
    ],
  ],
];
