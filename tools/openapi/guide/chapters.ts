import { readFileSync } from "node:fs";
import { type Block, parseMarkdown } from "./markdown.ts";

const FOLDER = new URL("../../../docs/integrators/", import.meta.url);

/** The guide's chapters in their order; a chapter's name is its file and its anchor. */
export const CHAPTERS = ["quick-start", "policies", "keys", "reasons", "going-live"] as const;
export type Chapter = (typeof CHAPTERS)[number];

/** A chapter as it is written in docs/integrators. */
export const readChapter = (chapter: Chapter): readonly Block[] =>
  parseMarkdown(readFileSync(new URL(`${chapter}.md`, FOLDER), "utf8"));
