import { html, type TemplateResult } from "lit";
import type { Page } from "../app/page.ts";
import { emptyState } from "./states.ts";
import { linkButton } from "./button.ts";
import { selectField } from "./field.ts";

/** Which network the page is about, in its address; nothing to choose where the project has one. */
export const networkPicker = (page: Page): TemplateResult =>
  page.project.networks.length < 2
    ? html``
    : selectField({
        name: "network",
        label: "Network",
        value: page.network ?? "",
        options: page.project.networks.map((network) => ({ value: network, label: network })),
        onChange: (network) => page.setQuery({ network }),
      });

/** Where a page needs a network and the project has none. */
export const noNetwork = (page: Page): TemplateResult =>
  emptyState({
    icon: "network",
    title: "This project has no network yet",
    body: "A network says on which chain transactions are sponsored.",
    action: linkButton({ label: "Add a network", kind: "primary", href: page.projectLink("networks") }),
  });
