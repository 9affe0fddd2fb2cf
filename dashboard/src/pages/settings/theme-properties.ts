import { DEFAULTS } from "./contrast.ts";

export type Theme = Readonly<Record<string, string>>;

/** The widget's custom properties, without their `--gasless-`. */
export const PROPERTIES = [
  { name: "accent", label: "Accent", hint: "Buttons and links", isColor: true },
  { name: "surface", label: "Surface", hint: "Behind everything", isColor: true },
  { name: "raised", label: "Raised", hint: "Behind rows and fields", isColor: true },
  { name: "text", label: "Text", hint: "", isColor: true },
  { name: "muted", label: "Quiet text", hint: "", isColor: true },
  { name: "line", label: "Lines", hint: "", isColor: true },
  { name: "danger", label: "Errors", hint: "", isColor: true },
  { name: "radius", label: "Radius", hint: "Of corners, such as 12px", isColor: false },
  { name: "font", label: "Font", hint: "A family that your pages have", isColor: false },
] as const;

const NAMES: ReadonlySet<string> = new Set(PROPERTIES.map(({ name }) => name));

/** What the widget takes, in the light, where a theme says nothing. */
export function defaultOf(name: (typeof PROPERTIES)[number]["name"]): string {
  if (name === "radius") return "12px";
  return name === "font" ? "system-ui" : DEFAULTS[name][0];
}

/** What the project has beside those that this page knows. */
export const unlistedIn = (theme: Theme): string[] => Object.keys(theme).filter((name) => !NAMES.has(name));

/** Values that the API would refuse: it takes plain ones, so that nothing can be smuggled into a page's styles. */
export function themeFaults(theme: Theme): Readonly<Record<string, string>> {
  const bad = Object.entries(theme).filter(([, value]) => !/^[#A-Za-z0-9 .,%()/_-]{1,80}$/.test(value));
  return Object.fromEntries(bad.map(([name]) => [name, "takes a plain CSS value, without quotes or semicolons"]));
}

/** What is kept with what was typed since; empty: it is taken away. */
export const themeWith = (kept: Theme, typed: Theme): Theme =>
  Object.fromEntries(Object.entries({ ...kept, ...typed }).filter(([, value]) => value !== ""));

export function sameTheme(one: Theme, other: Theme): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}

/** As a colour field takes it. */
export const fullHex = (rgb: readonly number[]): string =>
  `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
