import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { addressOfClick } from "./router.ts";

const HERE = new URL("https://gasless.example/dashboard/p/prj_1/keys?kind=secret");

class Anchor {
  readonly href: string;
  readonly target: string;
  readonly isDownload: boolean;
  constructor(href: string, target = "", isDownload = false) {
    this.href = new URL(href, HERE).href;
    this.target = target;
    this.isDownload = isDownload;
  }
  hasAttribute(name: string): boolean {
    return name === "download" && this.isDownload;
  }
}
beforeAll(() => void vi.stubGlobal("HTMLAnchorElement", Anchor));
afterAll(() => void vi.unstubAllGlobals());

const click = (anchor: Anchor | undefined, changes: Partial<MouseEvent> = {}) => {
  const plain = { button: 0, metaKey: false, ctrlKey: false, shiftKey: false, altKey: false, defaultPrevented: false };
  const event = { ...plain, composedPath: () => [{}, anchor, {}], ...changes };
  return addressOfClick(event as unknown as MouseEvent, HERE)?.href;
};

describe("a click is the dashboard's own", () => {
  test.each([
    ["/dashboard/o/org_1/members", "https://gasless.example/dashboard/o/org_1/members"],
    ["/dashboard", "https://gasless.example/dashboard"],
    ["?kind=publishable", "https://gasless.example/dashboard/p/prj_1/keys?kind=publishable"],
  ])("on %s", (href, address) => {
    expect(click(new Anchor(href))).toBe(address);
  });
});

describe("a click is the browser's affair", () => {
  test.each([
    ["on another site's address", new Anchor("https://evil.example/dashboard/")],
    ["on a script", new Anchor("javascript:alert(1)")],
    ["on another page of the API", new Anchor("/docs")],
    ["on what only begins alike", new Anchor("/dashboards/x")],
    ["on a place of this page", new Anchor("?kind=secret#main")],
    ["on what opens elsewhere", new Anchor("/dashboard/", "_blank")],
    ["on a file", new Anchor("/dashboard/", "", true)],
    ["beside every link", undefined],
  ])("%s", (_where, anchor) => {
    expect(click(anchor)).toBeUndefined();
  });

  test.each(["metaKey", "ctrlKey", "shiftKey", "altKey", "defaultPrevented"] as const)("with %s", (name) => {
    expect(click(new Anchor("/dashboard/"), { [name]: true })).toBeUndefined();
  });

  test("with another button", () => {
    expect(click(new Anchor("/dashboard/"), { button: 1 })).toBeUndefined();
  });
});
