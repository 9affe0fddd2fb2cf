import type { Locator } from "playwright-core";

/** Presses a button by keyboard: also one that may not be pressed, which is reached all the same and says why. */
export async function press(button: Locator): Promise<void> {
  await button.focus();
  await button.press("Enter");
}
