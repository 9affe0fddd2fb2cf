import { ROUTES } from "../../../bff/src/contract/routes.ts";
import { EXAMPLES } from "../examples.ts";
import { html, type Html } from "../html.ts";
import { codeBlock, curlOf, formatJson } from "./code.ts";

function sponsoredTransaction(): Html | undefined {
  const route = ROUTES.find(({ operationId }) => operationId === "createRelay");
  if (!route) return undefined;
  const { id, state, fee } = (EXAMPLES["createRelay"]?.response ?? {}) as Readonly<Record<string, unknown>>;
  return codeBlock("A sponsored transaction", `${curlOf(route)}\n\n${formatJson({ id, state, fee })}`);
}

/** What this is, where it is, and how it looks to use it. */
export function describeApi(about: string): Html {
  return html`<header class="hero">
    <div>
      <p class="eyebrow">HTTP API, version 1</p>
      <h1>Gasless</h1>
      <p class="about">${about}</p>
      <dl class="facts">
        <div>
          <dt>Address</dt>
          <dd><code>{api}</code></dd>
        </div>
        <div>
          <dt>For machines</dt>
          <dd><a href="{api}/openapi.json">OpenAPI 3.1</a></dd>
        </div>
        <div>
          <dt>For integrators</dt>
          <dd><a href="{api}/docs/guide">The guide</a></dd>
        </div>
        <div>
          <dt>Token keys</dt>
          <dd><a href="{api}/.well-known/jwks.json">JSON Web Key Set</a></dd>
        </div>
      </dl>
    </div>
    ${sponsoredTransaction()}
  </header>`;
}
