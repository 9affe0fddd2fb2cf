import { ContextConsumer } from "@lit/context";
import { LitElement } from "lit";
import type { ManageOperation } from "../api/types.ts";
import { type App, appContext, blockedBy } from "./context.ts";

/**
 * An element of the dashboard: it renders into the page itself, so that labels, descriptions and the one style sheet
 * reach across, and it knows the app that it is in.
 */
export class AppElement extends LitElement {
  declare app: App;

  constructor() {
    super();
    // It keeps itself by the host's list of controllers.
    void new ContextConsumer(this, {
      context: appContext,
      subscribe: true,
      callback: (app) => {
        this.app = app;
        this.requestUpdate();
      },
    });
  }

  /** Why the person may not do this; undefined when they may. */
  blocked(operation: ManageOperation): string | undefined {
    return blockedBy(this.app, operation);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
