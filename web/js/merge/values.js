// Values of a field as lines, and what differs between two of them: signs and words, never colour alone.
import { t } from "../i18n.js";
import { html } from "../ui.js";
import { empty, equal, lines } from "../fields.js";
import { RulingLine, rulingOf } from "./ruling.js";

/** @typedef {import("../types.js").FieldValue} FieldValue */

/** Long addresses break after their signs rather than anywhere. @param {{line: {text: string, kind: string}}} props */
export const Text = ({ line }) => html`${line.text.split(/(?<=[@./-])(?=\S)/).map((part, i) => html`${i > 0 && html`<wbr />`}${part}`)}${line.kind && html` <small>${line.kind}</small>`}`;

/** @param {{field: string, value: FieldValue}} props */
export const Lines = ({ field, value }) => empty(value)
  ? html`<span class="none">${t("value.none")}</span>`
  : html`<ul class="lines">${lines(field, value).map((line, i) => html`<li key=${i}><${Text} line=${line} /></li>`)}</ul>`;

/** The result against what the CRM has. @param {{field: string, before: FieldValue, after: FieldValue}} props */
export function Difference({ field, before, after }) {
  if (equal(before, after)) return html`<${Lines} field=${field} value=${after} />`;
  const was = lines(field, before);
  const now = lines(field, after);
  /** @param {{text: string}} line @param {{text: string}[]} others */
  const missing = (line, others) => !others.some((other) => other.text === line.text);
  return html`<ul class="lines diff">
    ${now.map((line, i) => html`<li key=${`n${i}`} class=${missing(line, was) ? "added" : ""}>${missing(line, was) && html`<span class="sign" aria-hidden="true">+</span><span class="sr">${t("diff.added")} </span>`}<${Text} line=${line} /></li>`)}
    ${was.filter((line) => missing(line, now)).map((line, i) => html`<li key=${`w${i}`} class="removed"><span class="sign" aria-hidden="true">−</span><span class="sr">${t("diff.removed")} </span><s>${line.text}</s></li>`)}
    ${empty(after) && html`<li class="none">${t("value.none")}</li>`}
  </ul>`;
}

/** Before and after of each field, or two sides by other names, of which neither becomes the other; with the rule of each where `rulings` are given. @param {{changes: import("../types.js").Change[], sides?: [string, string] | null, rulings?: import("../types.js").Ruling[] | null}} props */
export function Changes({ changes, sides = null, rulings = null }) {
  const [before, after] = sides || [t("changes.before"), t("changes.after")];
  return html`<table role="table" class="changes">
  <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">${t("merge.field")}</th><th role="columnheader" scope="col">${before}</th><th role="columnheader" scope="col">${after}</th></tr></thead>
  <tbody role="rowgroup">${changes.map((change) => html`<tr key=${change.field} role="row"><th role="rowheader" scope="row">${t(`field.${change.field}`)}</th>
    <td role="cell" data-label=${before}><${Lines} field=${change.field} value=${change.before} /></td>
    <td role="cell" data-label=${after} class=${sides ? "" : "after"}>${sides ? html`<${Lines} field=${change.field} value=${change.after} />` : html`<${Difference} field=${change.field} before=${change.before} after=${change.after} />`}
      ${rulings && html`<${RulingLine} ruling=${rulingOf(rulings, change.field)} />`}</td></tr>`)}</tbody></table>`;
}
