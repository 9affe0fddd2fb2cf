import { drawAvatar, shorten } from "./avatar.ts";
import { create, find, say } from "./dom.ts";
import { MEMO_PROGRAM, writeMemo } from "./instructions.ts";
import { type Note, readNotes } from "./notes.ts";
import type { SolanaPage } from "./solana-page.ts";

const MAX_CHARACTERS = 140;

/** The form and the list of notes. */
export function openGuestbook(page: SolanaPage): void {
  const form = find("guestbook-form", HTMLFormElement);
  const field = find("note", HTMLTextAreaElement);
  const button = find("sign", HTMLButtonElement);
  const status = find("sign-status", HTMLElement);
  const count = find("note-count", HTMLElement);

  const countDown = () => {
    const left = MAX_CHARACTERS - field.value.length;
    count.textContent = `${left} ${left === 1 ? "character" : "characters"} left`;
  };
  field.addEventListener("input", countDown);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });

  async function sign(author: string): Promise<void> {
    const text = field.value.trim() || field.placeholder;
    await page.relay({ title: "A note in the guestbook", input: [writeMemo(author, text)], status, button });
    field.value = "";
    countDown();
    say(status, "done", "Your note is on the chain, and you paid nothing.");
    page.steps.finish("sign");
    await showNotes(page);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    page.act(status, sign);
  });
  // A browser may have kept what was written before a reload.
  countDown();
  void showNotes(page);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void showNotes(page);
  });
}

async function showNotes({ chain, config, address }: SolanaPage): Promise<void> {
  const list = find("entries", HTMLElement);
  const remark = find("entries-note", HTMLElement);
  // Everybody's memos are one list on a chain of one's own; on a public one only this visitor's can be found.
  const named = config.network === "solana:localnet" ? undefined : address();
  try {
    const notes = await readNotes(chain, named ?? MEMO_PROGRAM);
    list.replaceChildren(...notes.map(drawNote));
    remark.textContent = notes.length === 0 ? "The book is empty. Yours can be the first note." : "";
  } catch {
    remark.textContent = "The chain does not answer. The notes will be here when it does.";
  }
  list.removeAttribute("aria-busy");
}

function drawNote({ author, text, writtenAt }: Note): HTMLElement {
  const by = create("span", { class: "author", title: author }, shorten(author));
  const time = writtenAt === null ? "" : create("time", {}, describeAge(writtenAt));
  if (time !== "" && writtenAt !== null) time.dateTime = new Date(writtenAt * 1000).toISOString();
  return create("li", {}, drawAvatar(author), create("p", {}, text), create("p", { class: "meta" }, by, " · ", time));
}

function describeAge(writtenAt: number): string {
  const seconds = Math.max(0, Math.round(Date.now() / 1000 - writtenAt));
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (seconds < 60) return "just now";
  if (seconds < 3600) return format.format(-Math.round(seconds / 60), "minute");
  if (seconds < 86_400) return format.format(-Math.round(seconds / 3600), "hour");
  return format.format(-Math.round(seconds / 86_400), "day");
}
