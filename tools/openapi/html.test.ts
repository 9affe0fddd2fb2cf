import { expect, test } from "vitest";
import { html, prose } from "./html.ts";

test("a value cannot become markup", () => {
  const { html: text } = html`<p title="${`"><script>'&`}">${["<b>", html`<i>${1}</i>`, undefined]}</p>`;
  expect(text).toBe('<p title="&quot;&gt;&lt;script&gt;&#39;&amp;">&lt;b&gt;<i>1</i></p>');
});

test("a line break in a template is one space, in a value it stays", () => {
  const parts = Object.assign(["<p>\n    ", "\n  </p>"], { raw: [] });
  expect(html(parts, "a\n  b").html).toBe("<p> a\n  b </p>");
});

test("what stands between backticks is code", () => {
  expect(prose("send `<id>` again").html).toBe("send <code>&lt;id&gt;</code> again");
});
