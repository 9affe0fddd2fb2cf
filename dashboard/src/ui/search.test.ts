import type { ReactiveController } from "lit";
import { expect, test, vi } from "vitest";
import type { Page } from "../app/page.ts";
import { createSearch } from "./search.ts";

/** A page as far as a search needs one; `show`: an address was come to. */
function createScene() {
  let controller: ReactiveController | undefined;
  const page = {
    query: new URLSearchParams("state=failed"),
    addController: (added: ReactiveController) => (controller = added),
    requestUpdate: () => undefined,
  };
  const onChange = vi.fn();
  createSearch(page as unknown as Page, ["state"], onChange);
  const show = (query: string) => {
    page.query = new URLSearchParams(query);
    controller?.hostUpdate?.();
  };
  return { onChange, show };
}

test("a list whose filter was changed by a link begins at its first page, too", () => {
  const { onChange, show } = createScene();
  show("state=failed");
  show("state=failed&unrelated=1");
  expect(onChange).not.toHaveBeenCalled();
  show("");
  expect(onChange).toHaveBeenCalledOnce();
});
