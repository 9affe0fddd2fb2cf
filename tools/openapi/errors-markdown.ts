import { PROBLEMS } from "../../bff/src/errors.ts";
import { OWNERS } from "./owners.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** The error table for people who read the repository. */
export function renderErrorsMarkdown(): string {
  const rows = Object.entries(PROBLEMS).map(
    ([code, { status, title, owner, remedy }]) =>
      `| \`${code}\` | ${status} | ${cell(title)} | ${OWNERS[owner]} | ${cell(remedy)} |`,
  );
  return `# Error codes

This page is generated from \`bff/src/errors.ts\`: run \`npm run openapi\` after a change there.

Every refusal is an RFC 9457 problem (\`application/problem+json\`). Decide by its \`code\`: a code is never renamed, reused or
removed. Its \`type\` leads to the same text at \`/docs#<code>\` of the deployment.

| code | status | title | who can fix it | what to do |
|---|---|---|---|---|
${rows.join("\n")}
`;
}
