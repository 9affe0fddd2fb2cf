export type Theme = "auto" | "light" | "dark";

const KEY = "gasless-dashboard-theme";

export function readTheme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "auto";
}

/** Told on the window when it was changed, by whichever switch. */
export const THEME_CHANGED = "gasless-theme-changed";

/** `auto` follows the system, live. */
export function applyTheme(theme: Theme): void {
  if (theme === "auto") {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset["theme"];
  } else {
    localStorage.setItem(KEY, theme);
    document.documentElement.dataset["theme"] = theme;
  }
}

export function changeTheme(theme: Theme): void {
  applyTheme(theme);
  window.dispatchEvent(new Event(THEME_CHANGED));
}
