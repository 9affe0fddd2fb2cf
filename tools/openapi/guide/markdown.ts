import { html, type Html } from "../html.ts";
import { codeBlock, scriptBlock } from "../page/code.ts";
import { wordTable } from "../page/fields.ts";

/** What a chapter of the guide is made of. */
export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly id: string; readonly text: string }
  | { readonly kind: "code"; readonly language: string; readonly title: string; readonly text: string }
  | { readonly kind: "list"; readonly isOrdered: boolean; readonly items: readonly string[] }
  | { readonly kind: "table"; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: "paragraph"; readonly text: string };

const FENCE = /^```(\w+) ?(.*)\n([\s\S]*?)\n```$/;
const HEADING = /^(#{1,3}) (.+)$/;
const ITEM = /^(?:-|\d+\.) /;

const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/^\d+\. /, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");

const cellsOf = (line: string): string[] =>
  line
    .slice(1, -1)
    .split("|")
    .map((cell) => cell.trim());

/** Lines that are broken for their writers are one. */
const unwrap = (text: string): string => text.replaceAll(/\s*\n\s*/g, " ");

function parseBlock(text: string): Block {
  const [, language = "", title = "", code] = FENCE.exec(text) ?? [];
  if (code !== undefined) return { kind: "code", language, title, text: code };
  const [, marks, heading] = HEADING.exec(text) ?? [];
  if (marks !== undefined && heading !== undefined) {
    return { kind: "heading", level: marks.length, id: slugOf(heading), text: heading };
  }
  if (ITEM.test(text)) {
    const items = text.split(/\n(?=(?:-|\d+\.) )/).map((item) => unwrap(item.replace(ITEM, "")));
    return { kind: "list", isOrdered: !text.startsWith("-"), items };
  }
  if (text.startsWith("|")) {
    const [head = "", , ...rows] = text.split("\n");
    return { kind: "table", rows: [head, ...rows].map(cellsOf) };
  }
  return { kind: "paragraph", text: unwrap(text) };
}

/** Reads the Markdown that the guide is written in: its blocks stand apart by an empty line, and fences hold any text. */
export function parseMarkdown(source: string): readonly Block[] {
  return source
    .trim()
    .split(/(^```[\s\S]*?^```$)/m)
    .flatMap((part) => (part.startsWith("```") ? [part] : part.split(/\n{2,}/)))
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .map(parseBlock);
}

/** Where a link of the repository leads on a deployment. @throws Error for one that would lead nowhere */
function addressOf(target: string): string {
  if (target.startsWith("https://") || target.startsWith("#")) return target;
  const [file = "", anchor] = target.split("#");
  const pages: Readonly<Record<string, string>> = {
    "../errors.md": "{api}/docs",
    "../permissions.md": "{api}/docs/management",
  };
  if (target.startsWith("/")) return `{api}${target}`;
  if (/^[a-z-]+\.md$/.test(file)) return `#${anchor ?? slugOf(file.replace(/\.md$/, ""))}`;
  const page = pages[file];
  if (page === undefined) throw new Error(`${target} is on no page that the worker serves`);
  return anchor === undefined ? page : `${page}#${anchor}`;
}

/** The address of a deployment, as the guide's texts and examples write it. */
const EXAMPLE_API = "https://api.example";

const withApi = (text: string): string => text.replaceAll(EXAMPLE_API, "{api}");

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\[((?:[^\]`]|`[^`]*`)+)\]\(([^)]+)\)/g;

/** Code, emphasis and links inside a text. */
export function renderInline(text: string): Html {
  const parts: Html[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, strong, label, target = ""] = match;
    parts.push(html`${text.slice(end, match.index)}`);
    if (code !== undefined) parts.push(html`<code>${withApi(code)}</code>`);
    else if (strong !== undefined) parts.push(html`<strong>${renderInline(strong)}</strong>`);
    else parts.push(html`<a href="${addressOf(target)}">${renderInline(label ?? "")}</a>`);
    end = match.index + whole.length;
  }
  return html`${parts}${text.slice(end)}`;
}

function renderBlock(block: Block): Html {
  if (block.kind === "paragraph") return html`<p>${renderInline(block.text)}</p>`;
  if (block.kind === "code") {
    const title = block.title === "" ? block.language : renderInline(block.title);
    return (block.language === "json" ? codeBlock : scriptBlock)(title, withApi(block.text));
  }
  if (block.kind === "table") {
    const [columns = [], ...rows] = block.rows;
    return wordTable(
      columns.join(", "),
      columns,
      rows.map((row) => row.map(renderInline)),
    );
  }
  if (block.kind === "list") {
    const items = block.items.map((item) => html`<li>${renderInline(item)}</li>`);
    return block.isOrdered
      ? html`<ol>
          ${items}
        </ol>`
      : html`<ul>
          ${items}
        </ul>`;
  }
  const { id, level, text } = block;
  return level === 2 ? html`<h3 id="${id}"><a href="#${id}">${text}</a></h3>` : html`<h4>${text}</h4>`;
}

/** A chapter: its title, what stands before its first part, and its parts. */
export function renderChapter(id: string, blocks: readonly Block[], more: readonly Html[] = []): Html {
  const starts = blocks.flatMap((block, index) => (block.kind === "heading" && block.level === 2 ? [index] : []));
  const [title, ...lead] = blocks.slice(0, starts[0] ?? blocks.length);
  if (title?.kind !== "heading") throw new Error("a chapter begins with its title");
  const parts = starts.map((start, index) => blocks.slice(start, starts[index + 1]));
  return html`<section class="group guide" aria-labelledby="${id}">
    <h2 id="${id}">${title.text}</h2>
    <div class="part">${lead.map(renderBlock)}</div>
    ${parts.map((part) => {
      const [heading] = part;
      const label = heading?.kind === "heading" ? heading.id : "";
      return html`<section class="part" aria-labelledby="${label}">${part.map(renderBlock)}</section>`;
    })}
    ${more}
  </section>`;
}
