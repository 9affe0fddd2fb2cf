import { css } from "lit";

/** Buttons and links, the same in both elements. */
export const controls = css`
  button,
  a.button {
    box-sizing: border-box;
    min-height: 44px;
    padding: 0.5em 1.1em;
    border: 1px solid transparent;
    border-radius: var(--_radius);
    background: var(--_raised);
    color: var(--_text);
    font: inherit;
    font-weight: 600;
    text-decoration: none;
    cursor: pointer;
  }
  button.primary,
  a.primary {
    background: var(--_accent);
    color: var(--_on-accent);
  }
  button:disabled {
    opacity: 1;
    background: var(--_raised);
    color: var(--_muted);
    cursor: default;
  }
  button:focus-visible,
  a:focus-visible,
  summary:focus-visible {
    outline: 3px solid var(--_text);
    outline-offset: 2px;
  }
  @media (hover: hover) {
    button:not(:disabled):hover,
    a.button:hover {
      border-color: var(--_text);
    }
  }
  @media (forced-colors: active) {
    button,
    a.button {
      border-color: ButtonText;
    }
  }
`;
