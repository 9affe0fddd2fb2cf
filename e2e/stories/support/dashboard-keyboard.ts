import type { Locator, Page } from "playwright-core";

/** More than any page of the dashboard has to offer. */
const MAX_TABS = 150;

/** A person without a mouse: Tab, Shift, Enter, Space, arrows, and letters. */
interface Keyboard {
  /** Goes on with Tab until this has the focus. @throws Error when Tab does not lead there */
  reach(target: Locator): Promise<void>;
  press(target: Locator): Promise<void>;
  type(target: Locator, text: string): Promise<void>;
  /** Goes to a choice of a group by its arrows. */
  choose(target: Locator): Promise<void>;
  /** Goes to an option of a select by its first letters. */
  select(target: Locator, option: string): Promise<void>;
}

export function createKeyboard(page: Page): Keyboard {
  const isFocused = (target: Locator): Promise<boolean> =>
    target.evaluate((element) => (element.getRootNode() as Document | ShadowRoot).activeElement === element);

  async function go(target: Locator, key: string): Promise<void> {
    await target.waitFor();
    for (let presses = 0; presses < MAX_TABS; presses += 1) {
      if (await isFocused(target)) return;
      await page.keyboard.press(key);
    }
    throw new Error(`${key} does not lead to ${target.toString()}`);
  }

  const reach = (target: Locator): Promise<void> => go(target, "Tab");
  return {
    reach,
    async press(target) {
      await reach(target);
      await page.keyboard.press("Enter");
    },
    async type(target, text) {
      await reach(target);
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.type(text);
    },
    async choose(target) {
      const group = target.locator("xpath=ancestor::fieldset[1]").locator("input:checked");
      await reach(group);
      await go(target, "ArrowDown");
    },
    async select(target, option) {
      await reach(target);
      await page.keyboard.type(option);
    },
  };
}
