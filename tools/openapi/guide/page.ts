import { html, type Html } from "../html.ts";
import type { NavigationItem } from "../page/navigation.ts";
import { renderPage } from "../page/shell.ts";
import { type Chapter, CHAPTERS, readChapter } from "./chapters.ts";
import { describeReactions, describeScopes } from "./generated.ts";
import { type Block, renderChapter } from "./markdown.ts";

const ABOUT =
  "How a dapp is added, what it sponsors, why something was refused, and what to look at before real money is behind it.";

/** What is made from tables stands in the chapter that it belongs to. */
const MORE: { readonly [Name in Chapter]?: () => readonly Html[] } = { keys: () => [describeScopes()] };
const ERRORS: NavigationItem = { id: "errors", title: "Errors, and what to do" };

function contentsOf(chapter: Chapter, blocks: readonly Block[]): NavigationItem {
  const headings = blocks.flatMap((block) => (block.kind === "heading" ? [block] : []));
  const [title, ...parts] = headings;
  const more = MORE[chapter] ? [{ id: "scopes", title: "What each scope opens" }] : [];
  const items = parts.filter(({ level }) => level === 2).map(({ id, text }) => ({ id, title: text }));
  return { id: chapter, title: title?.text ?? "", items: [...items, ...more] };
}

/** How a dapp is added, as one page. */
export function renderGuide(): string {
  const chapters = CHAPTERS.map((chapter) => ({ chapter, blocks: readChapter(chapter) }));
  const contents = chapters.map(({ chapter, blocks }) => contentsOf(chapter, blocks));
  const sections = chapters.map(({ chapter, blocks }) => renderChapter(chapter, blocks, MORE[chapter]?.()));
  // Before the checklist, which asks whether the page knows what to do about them.
  const insertAt = CHAPTERS.indexOf("going-live");
  return renderPage({
    page: "guide",
    title: "Guide for integrators",
    about: ABOUT,
    contents: contents.toSpliced(insertAt, 0, ERRORS),
    header: html`<header class="hero">
      <div>
        <p class="eyebrow">For integrators</p>
        <h1>Guide</h1>
        <p class="about">${ABOUT}</p>
      </div>
    </header>`,
    main: sections.toSpliced(insertAt, 0, describeReactions()),
    origin: "Every policy on this page is linted by a test, and every command is run by one.",
  });
}
