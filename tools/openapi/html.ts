/** Markup that is safe to put into a page as it is. */
export interface Html {
  readonly html: string;
}

type Content = string | number | Html | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? "");

function render(content: Content): string {
  if (content === undefined) return "";
  if (typeof content === "string" || typeof content === "number") return escapeHtml(String(content));
  return "html" in content ? content.html : content.map(render).join("");
}

/** A template whose every value is escaped, unless it came from this function. Its line breaks are for its readers. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  const texts = parts.map((part) => part.replaceAll(/\s*\n\s*/g, " "));
  return { html: texts.map((text, index) => text + render(values[index])).join("") };
}

/** Text in which `code` stands between backticks. */
export function prose(text: string): Html {
  return html`${text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
