import type { ReactiveControllerHost, TemplateResult } from "lit";
import type { Organization } from "../../../../bff/src/contract/manage/organizations.ts";
import type { App } from "../../app/context.ts";
import { dialog } from "../../ui/dialog.ts";
import { textField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { toast } from "../../ui/toast.ts";

interface Rename {
  open(organization: Organization): void;
  view(): TemplateResult;
}

/** The dialog that gives an organization another name. */
export function createRename(host: ReactiveControllerHost & HTMLElement, app: () => App): Rename {
  let organization: Organization | undefined;
  const form = createForm(host, {
    initial: { name: "", id: "", version: "" },
    check: ({ name }) => (name.trim() === "" ? { name: "Give it a name." } : {}),
    submit: ({ name, id, version }) =>
      app().api.call("changeOrganization", { params: { organizationId: id }, body: { version, name: name.trim() } }),
    onDone: async ({ name }) => {
      close();
      await app().refresh();
      toast(`It is called ${name} now.`);
    },
  });
  const close = () => {
    organization = undefined;
    host.requestUpdate();
  };
  return {
    open(given) {
      organization = given;
      form.reset({ name: given.name, id: given.id, version: given.version });
    },
    view: () =>
      dialog({
        heading: "Rename the organization",
        isOpen: organization !== undefined,
        onClose: close,
        body: () =>
          form.view({
            fields: textField({ ...form.text("name"), label: "Name", maxLength: 80 }),
            action: "Rename",
            onCancel: close,
          }),
      }),
  };
}
