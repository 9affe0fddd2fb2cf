import { describe, expect, test } from "vitest";
import { packTemplates } from "./pack-templates.ts";

describe("packing", () => {
  test("leaves one space where markup had many, and gives the lines back behind it", () => {
    expect(packTemplates("const a = html`<p>\n    x\n  </p>`;\nb();")).toBe("const a = html`<p> x </p>`\n\n;\nb();");
  });

  test("takes from a style sheet what it does not need, and keeps what separates selectors and values", () => {
    const css =
      'css`\n  [dir="rtl"] .a,\n  a:hover > b {\n    color: #ffffff;\n    margin: 0 calc(1px + 0.5em);\n  }\n`';
    expect(packTemplates(css).trim()).toBe('css` [dir="rtl"] .a,a:hover > b{color:#fff;margin:0 calc(1px + .5em)}`');
  });

  test("reaches markup inside of markup, and no text inside of that", () => {
    const code = "html`<a>\n  ${list.map((x) => html`<b\n    >${{ y: `k\n  l` }}</b\n  >`)}\n</a>`";
    expect(packTemplates(code).replaceAll(/`\n+/g, "`")).toBe(
      "html`<a> ${list.map((x) => html`<b>${{ y: `k\n  l` }}</b>`)} </a>`",
    );
    expect(packTemplates(code).split("\n")).toHaveLength(code.split("\n").length);
  });

  test("touches no other template and no code", () => {
    const code = "const a = `x\n   y`;\nconst b = { c: 1 };\nconst html = `a\n  b`;";
    expect(packTemplates(code)).toBe(code);
  });

  test("ends a template at its end, whatever braces and quotes stand in its expressions", () => {
    const code = 'html`<a b=${f({ c: "}`" })}>\n  z\n</a>`;\nconst d = `\n  e`;';
    expect(packTemplates(code)).toBe('html`<a b=${f({ c: "}`" })}> z </a>`\n\n;\nconst d = `\n  e`;');
  });
});
