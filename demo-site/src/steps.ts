export type StepName = "connect" | "sign" | "tokens" | "send";

export interface Steps {
  finish(name: StepName): void;
  /** Not done, after all: the visitor signed out. */
  reopen(name: StepName): void;
}

/** Shows how far the visitor is, and makes the button of the next step the loud one. */
export function showSteps(buttons: Readonly<Partial<Record<StepName, HTMLElement>>>): Steps {
  const done = new Set<StepName>();
  const items = [...document.querySelectorAll<HTMLElement>(".steps [data-step]")].filter(({ hidden }) => !hidden);

  function draw(): void {
    const next = items.find(({ dataset }) => !done.has(dataset["step"] as StepName));
    for (const item of items) {
      const name = item.dataset["step"] as StepName;
      item.dataset["state"] = done.has(name) ? "done" : item === next ? "next" : "later";
      if (item === next) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      // Connecting is asked for by whatever is tried first, so the note may be written before.
      const isLoud = item === next || (name === "sign" && next?.dataset["step"] === "connect");
      buttons[name]?.classList.toggle("quiet", !isLoud);
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
