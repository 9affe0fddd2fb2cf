/** Who is at this browser, as the widget knows it. */
export interface SignIn {
  /** The widget's button, for the head of the page. */
  readonly element: HTMLElement;
  readonly isSignedIn: boolean;
  /** True when somebody was signed in when this tab was loaded last: then it is worth a moment's wait. */
  readonly wasSignedIn: boolean;
  /** Shows the widget's dialog. */
  open(): void;
  signOut(): Promise<void>;
  setTheme(theme: "auto" | "light" | "dark"): void;
  /** Calls back at every change. */
  onChange(listener: () => void): void;
}
