import { ListPage } from "./list-page.ts";

export class DenylistPageElement extends ListPage {
  readonly list = "denylist";
  readonly lead = "No transaction that names one of these addresses is sponsored, whatever the policy says.";
}

customElements.define("denylist-page", DenylistPageElement);
