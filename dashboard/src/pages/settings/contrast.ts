type Rgb = readonly [red: number, green: number, blue: number];

/** A colour in hex; undefined for what only a browser can work out. */
export function parseHex(text: string): Rgb | undefined {
  const found = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (found === undefined) return undefined;
  const long = found.length === 3 ? found.replaceAll(/./g, "$&$&") : found;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16));
  return [red, green, blue];
}

/** Source: WCAG 2.2, relative luminance. */
function luminanceOf(rgb: Rgb): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** From 1, which nobody can read, to 21. Source: WCAG 2.2, contrast ratio. */
export function contrastOf(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** The widget puts black or white on its accent, whichever can be read. */
export const onAccent = (accent: Rgb): "#000000" | "#ffffff" =>
  contrastOf(accent, WHITE) >= contrastOf(accent, BLACK) ? "#ffffff" : "#000000";

/** Of the widget where a theme says nothing: in the light, in the dark. */
export const DEFAULTS = {
  accent: ["#5b3df5", "#5b3df5"],
  surface: ["#ffffff", "#17161c"],
  raised: ["#f4f3f8", "#23222b"],
  text: ["#17161c", "#f4f3f8"],
  muted: ["#5d5a6b", "#b0adbf"],
  line: ["#dcd9e6", "#3b3947"],
  danger: ["#b3261e", "#ff9c94"],
} as const;
type ColorName = keyof typeof DEFAULTS;

export type Scheme = "light" | "dark";

/** A colour of the theme as it comes out in a scheme. */
export const colorOf = (theme: Readonly<Record<string, string>>, name: ColorName, scheme: Scheme): string =>
  theme[name] ?? DEFAULTS[name][scheme === "light" ? 0 : 1];

interface Check {
  readonly what: string;
  readonly scheme: Scheme;
  /** Undefined: it cannot be told from what is written. */
  readonly ratio: number | undefined;
  readonly isEnough: boolean;
}

/** Of text at its usual size. Source: WCAG 2.2, 1.4.3. */
const NEEDED = 4.5;
const PAIRS: readonly (readonly [what: string, front: ColorName, back: ColorName])[] = [
  ["Text", "text", "surface"],
  ["Text on a raised part", "text", "raised"],
  ["Quiet text", "muted", "surface"],
  ["Errors", "danger", "surface"],
];

/** Whether everything of the widget can be read in this theme, in the light and in the dark. */
export function checkContrast(theme: Readonly<Record<string, string>>): Check[] {
  return (["light", "dark"] as const).flatMap((scheme) =>
    PAIRS.map(([what, front, back]) => {
      const one = parseHex(colorOf(theme, front, scheme));
      const other = parseHex(colorOf(theme, back, scheme));
      const ratio = one && other ? contrastOf(one, other) : undefined;
      return { what, scheme, ratio, isEnough: ratio === undefined || ratio >= NEEDED };
    }),
  );
}
