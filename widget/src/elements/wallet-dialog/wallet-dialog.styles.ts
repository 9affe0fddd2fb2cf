import { css } from "lit";

export const styles = css`
  dialog {
    box-sizing: border-box;
    width: min(26rem, calc(100vw - 2rem));
    max-height: calc(100dvh - 2rem);
    padding: 0;
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) * 1.5);
    background: var(--_surface);
    color: var(--_text);
    font-size: 1rem;
    line-height: 1.45;
    text-align: start;
    overflow: hidden auto;
    box-shadow: 0 1rem 3rem rgb(0 0 0 / 25%);
  }
  dialog::backdrop {
    background: rgb(10 8 20 / 50%);
  }
  .body {
    display: grid;
    gap: 1rem;
    padding: 1.25rem;
  }
  .heading {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    min-height: 44px;
  }
  h2 {
    flex: 1;
    margin: 0;
    font-size: 1.2rem;
    line-height: 1.25;
    outline: none;
    overflow-wrap: anywhere;
  }
  h3 {
    margin: 0 0 0.4rem;
    font-size: 0.95rem;
  }
  p {
    margin: 0;
    text-wrap: pretty;
  }
  .muted {
    color: var(--_muted);
  }
  .small {
    font-size: 0.875rem;
  }
  .quiet {
    background: transparent;
    color: var(--_muted);
    font-weight: 400;
    text-decoration: underline;
    text-underline-offset: 0.2em;
  }
  .plain {
    display: inline-grid;
    place-items: center;
    min-width: 44px;
    padding: 0;
    background: transparent;
    font-size: 1.4rem;
    font-weight: 400;
  }
  ul,
  dl,
  ol {
    display: grid;
    gap: 0.5rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 0.8rem;
    width: 100%;
    text-align: start;
  }
  .row > .name {
    flex: 1;
    overflow-wrap: anywhere;
  }
  .row > .note {
    color: var(--_muted);
    font-weight: 400;
    font-size: 0.875rem;
  }
  .icon {
    flex: none;
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
    border-radius: 8px;
    overflow: hidden;
    background: var(--_surface);
    font-weight: 700;
  }
  .icon svg,
  .icon canvas {
    width: 100%;
    height: 100%;
  }
  .actions {
    display: grid;
    gap: 0.6rem;
  }
  /* What is read meanwhile has its room already: nothing moves under a finger that is about to press. */
  .late {
    min-height: 6.75rem;
  }
  .pair {
    display: flex;
    justify-content: space-between;
    gap: 1rem;
  }
  dt {
    color: var(--_muted);
  }
  dd {
    margin: 0;
    text-align: end;
    overflow-wrap: anywhere;
  }
  code {
    overflow-wrap: anywhere;
    font-size: 0.85rem;
  }
  .meter {
    box-sizing: border-box;
    display: block;
    width: 100%;
    height: 10px;
    border-radius: 5px;
    background: var(--_raised);
    border: 1px solid var(--_muted);
    overflow: hidden;
  }
  [dir="rtl"] .meter {
    transform: scaleX(-1);
  }
  .meter rect {
    fill: var(--_accent);
  }
  .who {
    display: flex;
    align-items: center;
    gap: 0.75rem;
  }
  .who svg {
    width: 40px;
    height: 40px;
  }
  .spinner {
    width: 28px;
    height: 28px;
    border: 3px solid var(--_line);
    border-top-color: var(--_text);
    border-radius: 50%;
    animation: turn 0.9s linear infinite;
  }
  .center {
    display: grid;
    justify-items: center;
    gap: 0.75rem;
    padding-block: 0.5rem;
    text-align: center;
  }
  .danger {
    color: var(--_danger);
  }
  .notice {
    padding: 0.6rem 0.8rem;
    border-radius: var(--_radius);
    background: var(--_raised);
    font-size: 0.875rem;
  }
  details {
    font-size: 0.875rem;
  }
  summary {
    display: flex;
    align-items: center;
    min-height: 44px;
    color: var(--_muted);
    cursor: pointer;
  }
  summary::before {
    content: "";
    margin-inline-end: 0.6em;
    border-block: 0.3em solid transparent;
    border-inline-start: 0.4em solid currentColor;
  }
  [open] > summary::before {
    rotate: 90deg;
  }
  a {
    color: inherit;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @keyframes turn {
    to {
      transform: rotate(1turn);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .spinner {
      animation: none;
    }
  }
  @media (max-width: 32rem) {
    dialog {
      width: 100vw;
      max-width: 100vw;
      margin-block-end: 0;
      border-inline: 0;
      border-block-end: 0;
      border-end-start-radius: 0;
      border-end-end-radius: 0;
    }
    .body {
      padding-block-end: calc(1.25rem + env(safe-area-inset-bottom));
    }
  }
`;
