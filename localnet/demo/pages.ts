import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";

export interface Page {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Other sites may embed it. */
  readonly isShared: boolean;
}

export interface PageFolders {
  readonly site: string;
  readonly widget: string;
}

/** A page that is filled in; each value is text, never markup. */
export interface Template {
  readonly file: string;
  readonly values: Readonly<Record<string, string>>;
}

/** By their paths. */
export type Templates = Readonly<Record<string, Template>>;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".map": "application/json",
  ".svg": "image/svg+xml",
};
const SITE_FILES: Readonly<Record<string, string>> = {
  "/demo.css": "demo.css",
  "/favicon.svg": "favicon.svg",
  "/demo.js": "dist/demo.js",
  "/demo.js.map": "dist/demo.js.map",
  "/algorand.js": "dist/algorand.js",
  "/algorand.js.map": "dist/algorand.js.map",
  "/phone.js": "dist/phone.js",
  "/phone.js.map": "dist/phone.js.map",
};
/** No part begins with a dot and nothing is decoded: such a path cannot leave its folder. */
const WIDGET_FILE = /^(?:\/[\w-][\w.-]*)*\/[\w-][\w.-]*\.js(?:\.map)?$/;

/** The page of a path, read anew each time so that a rebuild shows; undefined when there is none. */
export async function findPage(path: string, folders: PageFolders, templates: Templates): Promise<Page | undefined> {
  const template = templates[path];
  if (template !== undefined) {
    const page = await readPage(join(folders.site, template.file));
    return page && { ...page, body: fill(page.body, template.values) };
  }
  const siteFile = SITE_FILES[path];
  if (siteFile !== undefined) return readPage(join(folders.site, siteFile));
  if (!WIDGET_FILE.test(path)) return undefined;
  const page = await readPage(join(folders.widget, path));
  return page && { ...page, isShared: true };
}

async function readPage(file: string): Promise<Page | undefined> {
  try {
    return { type: TYPES[extname(file)] ?? "", body: new Uint8Array(await readFile(file)), isShared: false };
  } catch {
    return undefined;
  }
}

function fill(body: Uint8Array, values: Template["values"]): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder().decode(body);
  const filled = text.replaceAll(/\{\{(\w+)\}\}/g, (placeholder, name: string) =>
    escapeHtml(values[name] ?? placeholder),
  );
  return new TextEncoder().encode(filled);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
