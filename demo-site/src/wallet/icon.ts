import { base64 } from "@scure/base";
import type { WalletIcon } from "@wallet-standard/base";

/** Attributes only: no style, class or filter, so that it may be drawn anywhere. */
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48">
<rect width="48" height="48" rx="12" fill="#f2b84b"/>
<path d="M10 17h24a4 4 0 0 1 4 4v13a4 4 0 0 1-4 4H14a4 4 0 0 1-4-4z" fill="#3d2a06"/>
<path d="M10 17l20-8v8z" fill="#7a5614"/>
<rect x="28" y="24" width="12" height="7" rx="3.5" fill="#f2b84b"/>
<circle cx="32" cy="27.5" r="1.5" fill="#3d2a06"/>
</svg>`;

export const ICON: WalletIcon = `data:image/svg+xml;base64,${base64.encode(new TextEncoder().encode(SVG))}`;
