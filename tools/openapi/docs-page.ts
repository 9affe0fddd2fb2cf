import { ROUTES } from "../../bff/src/contract/routes.ts";
import { describePublicPaths } from "./document.ts";
import { html } from "./html.ts";
import { describeCalls, groupId, methodBadge } from "./page/calls.ts";
import { describeErrors, errorDomains } from "./page/errors.ts";
import { describeGuide, GUIDE_PARTS } from "./page/guide.ts";
import { describeApi } from "./page/hero.ts";
import type { NavigationItem } from "./page/navigation.ts";
import { describeObjects } from "./page/objects.ts";
import { describeRunbooks } from "./page/runbooks.ts";
import { renderPage } from "./page/shell.ts";
import { createSchemaBook } from "./schemas.ts";

const ABOUT =
  "Gasless lets people use a dapp with a wallet that owns none of the network's currency: the user signs, and the project's sponsor pays the fee. A project says exactly what it sponsors and how much of it; everything else is refused, with a code that says why.";

const pairs = (parts: readonly (readonly [string, string])[]): readonly NavigationItem[] =>
  parts.map(([id, title]) => ({ id, title }));

function contents(): readonly NavigationItem[] {
  const groups = [...Map.groupBy(ROUTES, ({ group }) => group)].map(([group, routes]) => ({
    id: groupId(group),
    title: group,
    items: routes.map(({ operationId, method, summary }) => ({
      id: operationId,
      title: html`<span>${summary}</span> ${methodBadge(method)}`,
    })),
  }));
  return [
    { id: "guide", title: "Making a call", items: pairs(GUIDE_PARTS) },
    ...groups,
    { id: "objects", title: "Objects and values" },
    { id: "errors", title: "Error codes", items: pairs(errorDomains()) },
    { id: "alerts", title: "Alerts" },
  ];
}

/** What pages call, as one page: every call, every error code and every alert. */
export function renderDocs(): string {
  const book = createSchemaBook();
  describePublicPaths(book);
  return renderPage({
    page: "api",
    title: "HTTP API",
    about: ABOUT,
    contents: contents(),
    header: describeApi(ABOUT),
    main: [
      describeGuide(),
      describeCalls(book),
      describeObjects(book.components),
      describeErrors(),
      describeRunbooks(),
    ],
    origin: "Made from the schemas and the error table that the API itself uses.",
  });
}
