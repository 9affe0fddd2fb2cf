import { html, type TemplateResult } from "lit";
import { ref } from "lit/directives/ref.js";
import { fromBase64 } from "../../base64.ts";

/** What an icon may consist of. Anything else, a style sheet or a reference outside, and its letter is drawn instead. */
const ELEMENTS = new Set(
  "svg g path rect circle ellipse line polygon polyline defs linearGradient radialGradient stop clipPath mask title".split(
    " ",
  ),
);
const ATTRIBUTES = new Set(
  (
    "xmlns viewBox width height x y x1 y1 x2 y2 cx cy r rx ry fx fy d points fill fill-rule fill-opacity clip-rule clip-path mask " +
    "stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity opacity transform id offset " +
    "stop-color stop-opacity gradientUnits gradientTransform maskUnits clipPathUnits preserveAspectRatio version"
  ).split(" "),
);
const SIDE_PX = 64;
const MAX_LENGTH = 100_000;

/**
 * A wallet's icon, drawn and never loaded: it needs no `img-src` of the page's policy, and nothing of it can act.
 * Raster images are decoded into a canvas, vector images are rebuilt from an allow-list.
 */
export function walletIcon({ name, icon }: { readonly name: string; readonly icon: string }): TemplateResult {
  const draw = (host?: Element) => {
    if (!(host instanceof HTMLElement) || host.dataset["icon"] === name) return;
    host.dataset["icon"] = name;
    host.replaceChildren(name.slice(0, 1).toUpperCase());
    void makeIcon(icon).then(
      (drawn) => drawn && host.dataset["icon"] === name && host.replaceChildren(drawn),
      () => undefined,
    );
  };
  return html`<span class="icon" aria-hidden="true" ${ref(draw)}></span>`;
}

async function makeIcon(uri: string): Promise<Element | undefined> {
  const [, type = "", encoding = "", data = ""] =
    /^data:(image\/[\w.+-]+)(?:;charset=[\w-]+)?(;base64)?,([^]*)$/.exec(uri) ?? [];
  if (data === "" || data.length > MAX_LENGTH) return undefined;
  const bytes = encoding ? fromBase64(data.trim()) : new TextEncoder().encode(decodeURIComponent(data));
  if (type === "image/svg+xml") {
    const text = new TextDecoder().decode(bytes);
    return TELLTALE.test(text) ? undefined : rebuild(parse(text));
  }
  const bitmap = await createImageBitmap(new Blob([bytes], { type }));
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE_PX;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, SIDE_PX, SIDE_PX);
  return canvas;
}

/** Already the parser would ask the page's policy about these, and the page would report it. */
const TELLTALE = /<(?:style|script|image|foreignObject|iframe|use|a)\b|\s(?:style|on\w+|[\w:]*href)\s*=/i;

interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML: (text: string) => string }): { createHTML(text: string): string };
}

let policy: ReturnType<TrustedTypes["createPolicy"]> | undefined;

/** The parsed document is inert: it runs nothing and loads nothing, and only copies of its shapes leave it. */
function parse(text: string): Element {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy("gasless-wallet-icon", { createHTML: (given) => given });
  return new DOMParser().parseFromString(policy?.createHTML(text) ?? text, "image/svg+xml").documentElement;
}

/** Attributes are read as CSS: no escapes, and no function but colours, transforms and a reference inside. */
const isHarmless = (value: string): boolean =>
  /^[^\\(]*$/.test(value) ||
  /^url\(["']?#[\w.-]+["']?\)$/.test(value) ||
  /^(?:\s*(?:matrix|translate|scale|rotate|skewX|skewY|rgba?|hsla?)\([\d\s.,eE%/+-]*\),?)+\s*$/.test(value);

function rebuild(source: Element): Element | undefined {
  if (!ELEMENTS.has(source.localName)) return undefined;
  const copy = document.createElementNS("http://www.w3.org/2000/svg", source.localName);
  for (const { name, value } of source.attributes) {
    if (name.startsWith("xmlns")) continue;
    if (!ATTRIBUTES.has(name) || !isHarmless(value)) return undefined;
    copy.setAttribute(name, value);
  }
  for (const child of source.children) {
    const drawn = rebuild(child);
    if (!drawn) return undefined;
    copy.append(drawn);
  }
  return copy;
}
