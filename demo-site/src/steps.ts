/** Of one page; each has "connect". */
export interface Steps<Name extends string> {
  finish(name: Name | "connect"): void;
  /** Not done, after all: the visitor signed out. */
  reopen(name: Name | "connect"): void;
}

/** Shows how far the visitor is, and makes the button of the next step the loud one. The first button can always be used. */
export function showSteps<Name extends string>(buttons: Readonly<Record<Name, HTMLElement>>): Steps<Name> {
  const done = new Set<string>();
  const first = Object.keys(buttons)[0];
  const items = [...document.querySelectorAll<HTMLElement>(".steps [data-step]")].filter(({ hidden }) => !hidden);

  function draw(): void {
    const next = items.find(({ dataset }) => !done.has(dataset["step"] ?? ""));
    for (const item of items) {
      const name = item.dataset["step"] ?? "";
      item.dataset["state"] = done.has(name) ? "done" : item === next ? "next" : "later";
      if (item === next) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      // Connecting is asked for by whatever is tried first.
      const isLoud = item === next || (name === first && next?.dataset["step"] === "connect");
      if (name in buttons) buttons[name as Name].classList.toggle("quiet", !isLoud);
    }
  }
  draw();
  return {
    finish(name) {
      done.add(name);
      draw();
    },
    reopen(name) {
      done.delete(name);
      draw();
    },
  };
}
