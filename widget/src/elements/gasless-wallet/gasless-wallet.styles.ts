import { css } from "lit";

export const styles = css`
  :host {
    display: inline-block;
    vertical-align: middle;
  }
  :host([hidden]) {
    display: none;
  }
  button {
    display: inline-flex;
    align-items: center;
    gap: 0.6em;
    line-height: 1.2;
    white-space: nowrap;
  }
`;
