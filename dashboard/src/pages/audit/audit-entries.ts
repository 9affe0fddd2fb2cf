import { html, nothing, type TemplateResult } from "lit";
import type { AuditEntry } from "../../../../bff/src/contract/manage/audit.ts";
import { dateTime } from "../../format/times.ts";
import { badge } from "../../ui/badge.ts";
import { shortCode, shorten, shortWallet } from "../../ui/copy.ts";
import { type Change, entryWords } from "./entry-words.ts";

/** As many, of no more than this, are shown at once. */
const SHORT = 2;
const SHORT_CHARS = 120;

const value = (text: string | undefined): TemplateResult =>
  text === undefined ? html`<span class="soft">none</span>` : html`<code>${text}</code>`;

function changeList(changes: readonly Change[]): TemplateResult | typeof nothing {
  if (changes.length === 0) return nothing;
  const isChange = changes.some(({ before, after }) => before !== undefined && after !== undefined);
  const list = html`<dl class="changes">
    ${changes.map(
      ({ name, before, after }) =>
        html`<div>
          <dt>${name}</dt>
          <dd>
            ${
              isChange
                ? html`${value(before)} <span aria-hidden="true">→</span
                    ><span class="visually-hidden">became</span> ${value(after)}`
                : value(after ?? before)
            }
          </dd>
        </div>`,
    )}
  </dl>`;
  const isLong = changes.some(({ before = "", after = "" }) => before.length + after.length > SHORT_CHARS);
  if (changes.length <= SHORT && !isLong) return list;
  return html`<details>
    <summary>${changes.length === 1 ? "Show the value" : `${changes.length} values`}</summary>
    ${list}
  </details>`;
}

const seal = ({ sequence, hash }: AuditEntry): TemplateResult =>
  sequence === null || hash === null
    ? html`<span title="A job seals entries each minute">${badge("not sealed yet", "neutral")}</span>`
    : html`${badge(`sealed · ${sequence}`, "good")} ${shortCode(hash, "the hash", 6)}`;

function target({ target: id }: AuditEntry, about: string | undefined): TemplateResult | typeof nothing {
  if (about !== undefined) return html`: <b title=${id ?? nothing}>${about}</b>`;
  return id === null ? nothing : html` <code title=${id}>${shorten(id, 18)}</code>`;
}

function item(entry: AuditEntry): TemplateResult {
  const { who, whoDetail, what, about, changes } = entryWords(entry);
  return html`<li>
    <div class="entry-head">
      <p>
        <b>${who}</b>${
          whoDetail ? html` <code class="soft" title=${whoDetail}>${shortWallet(whoDetail, 5)}</code>` : nothing
        }
        ${what}${target(entry, about)}
      </p>
      <span class="soft small">${dateTime(entry.at)}</span>
    </div>
    ${changeList(changes)}
    <div class="seal small">${seal(entry)}</div>
  </li>`;
}

/** Entries of the log in words, newest first. */
export const auditEntries = (entries: readonly AuditEntry[]): TemplateResult =>
  html`<ol class="audit">
    ${entries.map(item)}
  </ol>`;
