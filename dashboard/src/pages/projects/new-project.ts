import { html, type ReactiveControllerHost, type TemplateResult } from "lit";
import type { App } from "../../app/context.ts";
import { projectLink } from "../../app/router.ts";
import { dialog } from "../../ui/dialog.ts";
import { choiceField, textField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";

interface NewProject {
  open(): void;
  view(organizationId: string): TemplateResult;
}

const INITIAL: { readonly name: string; readonly environment: "test" | "live" } = { name: "", environment: "test" };

/** The dialog that makes a project, and leads to it. */
export function createNewProject(host: ReactiveControllerHost & HTMLElement, app: () => App): NewProject {
  let isOpen = false;
  let organizationId = "";
  const form = createForm(host, {
    initial: INITIAL,
    check: ({ name }) => (name.trim() === "" ? { name: "Give it a name, such as that of its app." } : {}),
    submit: ({ name, environment }) =>
      app().api.call("createProject", { params: { organizationId }, body: { name: name.trim(), environment } }),
    onDone: ({ id }) => app().navigate(projectLink(id, "overview")),
  });
  const show = (isShown: boolean) => {
    isOpen = isShown;
    form.reset();
  };
  return {
    open: () => show(true),
    view(id) {
      organizationId = id;
      return dialog({
        heading: "New project",
        isOpen,
        onClose: () => show(false),
        body: () =>
          form.view({
            fields: html`${textField({ ...form.text("name"), label: "Name", maxLength: 80 })}
            ${choiceField({
              ...form.choice("environment"),
              label: "Environment",
              hint: "It stays: networks and keys of the two never mix.",
              options: [
                { value: "test", label: "Test", hint: "Devnets and testnets. Keys begin with pk_test_ and sk_test_." },
                { value: "live", label: "Live", hint: "Mainnets, with money. Keys begin with pk_live_ and sk_live_." },
              ],
            })}`,
            action: "Make it",
            onCancel: () => show(false),
          }),
      });
    },
  };
}
