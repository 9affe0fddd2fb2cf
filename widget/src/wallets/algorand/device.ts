const DOWNLOAD = "https://perawallet.app/download/";
const ANDROID_APP = "com.algorand.android";

const isAndroid = (): boolean => /android/i.test(navigator.userAgent);

/** True where Pera would be on this very device. An iPad says that it is a Mac, but is touched. */
export const isPhone = (): boolean =>
  isAndroid() ||
  /iphone|ipad|ipod/i.test(navigator.userAgent) ||
  (/mac/i.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

/** Opens Pera on this device, with the address of a pairing if there is one; where Android has no Pera, its download. */
export function peraLink(uri?: string): string {
  if (!isAndroid()) return uri === undefined ? "perawallet-wc://" : `perawallet-wc://wc?uri=${encodeURIComponent(uri)}`;
  const [target, scheme] = uri === undefined ? ["//", "perawallet-wc"] : [uri.replace(/^wc:/, ""), "wc"];
  const fallback = `S.browser_fallback_url=${encodeURIComponent(DOWNLOAD)}`;
  return `intent:${target}#Intent;scheme=${scheme};package=${ANDROID_APP};${fallback};end`;
}

export const DOWNLOAD_URL = DOWNLOAD;
