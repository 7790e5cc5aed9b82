// The table of the merge view: card, CRM as it is now, result; one radio group per field.
import { has, percent, t } from "../i18n.js";
import { html, useState } from "../ui.js";
import { both, confidenceWord, empty, equal, label, lines, plain } from "../fields.js";
import { choiceOf, resultOf, takesOf } from "../merge_state.js";
import { Editor } from "../parts/editor.js";
import { Snippet, cardImage } from "../parts/snippet.js";
import { Icon } from "../parts/icon.js";

/** @typedef {import("../types.js").ReviewField} ReviewField */
/** @typedef {import("../types.js").FieldValue} FieldValue */
/** @typedef {import("../merge_state.js").Choices} Choices */
/**
 * @typedef {object} Hands what a row can do
 * @property {(row: ReviewField, take: import("../types.js").Take) => void} choose
 * @property {(row: ReviewField, value: FieldValue) => void} own
 * @property {(field: string) => void} edit "" closes
 * @property {(row: ReviewField) => void} zoom
 * @property {(row: ReviewField) => void} reset
 */

/** @param {{field: string, value: FieldValue}} props */
export const Lines = ({ field, value }) => empty(value)
  ? html`<span class="none">${t("value.none")}</span>`
  : html`<ul class="lines">${lines(field, value).map((line, i) => html`<li key=${i}>${line.text}${line.kind && html` <small>${line.kind}</small>`}</li>`)}</ul>`;

/** The result against what the CRM has: signs and words, not colour alone. @param {{field: string, before: FieldValue, after: FieldValue}} props */
export function Difference({ field, before, after }) {
  const was = lines(field, before);
  const now = lines(field, after);
  /** @param {{text: string}} line @param {{text: string}[]} others */
  const missing = (line, others) => !others.some((other) => other.text === line.text);
  if (equal(before, after)) return html`<${Lines} field=${field} value=${after} />`;
  return html`<ul class="lines diff">
    ${now.map((line, i) => html`<li key=${`n${i}`} class=${missing(line, was) ? "added" : ""}>${missing(line, was) && html`<span class="sign" aria-hidden="true">+</span><span class="sr">${t("diff.added")}</span>`}${line.text}${line.kind && html` <small>${line.kind}</small>`}</li>`)}
    ${was.filter((line) => missing(line, now)).map((line, i) => html`<li key=${`w${i}`} class="removed"><span class="sign" aria-hidden="true">−</span><span class="sr">${t("diff.removed")}</span><s>${line.text}</s></li>`)}
    ${empty(after) && html`<li class="none">${t("value.none")}</li>`}
  </ul>`;
}

/** @param {{row: ReviewField, choices: Choices, hands: Hands}} props */
function Radios({ row, choices, hands }) {
  const { take } = choiceOf(row, choices);
  /** @param {import("../types.js").Take} one */
  const shown = (one) => plain(row.field, one === "both" ? both(row.field, row.card, row.crm) : one === "card" ? row.card : one === "crm" ? row.crm : resultOf(row, choices)) || t("value.none");
  return html`<div class="choice" role="radiogroup" aria-label=${t("merge.choose", { field: label(row.field) })}>
    ${takesOf(row).map((one, i) => html`<label key=${one} class=${one === take ? "chosen" : ""}>
      <input type="radio" name=${`take-${row.field}`} value=${one} checked=${one === take} data-take=${one}
        aria-label=${one === "own" ? t("take.own_long") : t("take.named", { take: t(`take.${one}`), value: shown(one) })}
        onChange=${() => hands.choose(row, one)} onClick=${() => one === "own" && hands.edit(row.field)} />
      <span>${t(`take.${one}`)}</span><kbd aria-hidden="true">${one === "own" ? "E" : i + 1}</kbd></label>`)}
  </div>`;
}

/** @param {{row: ReviewField, hands: Hands}} props */
function CardCell({ row, hands }) {
  const name = label(row.field);
  const word = confidenceWord(row.confidence);
  return html`<td role="cell" data-label=${t("merge.card")} class=${`card-cell ${word}`}>
    <${Lines} field=${row.field} value=${row.card} />
    ${row.snippet && row.snippet.box.length === 4 && !empty(row.card) && html`<${Snippet} image=${cardImage(row.snippet.scan_id, row.snippet.card)} box=${row.snippet.box} label=${name} zoom=${() => hands.zoom(row)} />`}
    ${row.snippet && !empty(row.card) && html`<small class=${`confidence ${word}`}>${t(`confidence.${word}`)} · ${percent(row.confidence)}</small>`}
  </td>`;
}

/** @param {{row: ReviewField, choices: Choices, hands: Hands, editing: boolean, current: boolean}} props */
function Row({ row, choices, hands, editing, current }) {
  const choice = choiceOf(row, choices);
  const preset = choice.take === row.proposal && choice.take !== "own";
  const why = has(`why_rule.${row.why}`) ? t(`why_rule.${row.why}`) : row.why;
  /** @param {import("../types.js").Take} take */
  const cell = (take) => (choice.take === take || choice.take === "both" ? " taken" : "");
  return html`<tr role="row" data-field=${row.field} class=${`merge-row ${row.group}${current ? " current" : ""}`}>
    <th role="rowheader" scope="row">${label(row.field)}</th>
    <${CardCell} row=${row} hands=${hands} />
    <td role="cell" data-label=${t("merge.crm")} class=${`crm-cell${cell("crm")}`}><${Lines} field=${row.field} value=${row.crm} /></td>
    <td role="cell" data-label=${t("merge.result")} class="result-cell">
      ${editing
        ? html`<${Editor} field=${row.field} value=${resultOf(row, choices)} save=${(/** @type {FieldValue} */ value) => hands.own(row, value)} cancel=${() => hands.edit("")} />`
        : html`<${Difference} field=${row.field} before=${row.crm} after=${resultOf(row, choices)} />
          ${takesOf(row).length > 0 && html`<${Radios} row=${row} choices=${choices} hands=${hands} />`}
          <p class="rule">${row.group === "unmapped" || preset ? why : t("merge.you_chose")}
            ${row.group !== "unmapped" && !preset && html` <button type="button" class="link" onClick=${() => hands.reset(row)}>${t("merge.reset")}</button>`}
            ${choice.take === "own" && html` <button type="button" class="link" onClick=${() => hands.edit(row.field)}>${t("edit")}</button>`}</p>`}
    </td></tr>`;
}

/** @param {{group: string, rows: ReviewField[], children?: any, crm: string, stamp: string}} props */
function Table({ group, rows, children, crm, stamp }) {
  return html`<table role="table" class="merge-table" aria-labelledby=${`group-${group}`}>
    <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">${t("merge.field")}</th><th role="columnheader" scope="col">${t("merge.card")}</th>
      <th role="columnheader" scope="col">${crm} <small>${stamp}</small></th><th role="columnheader" scope="col">${t("merge.result")}</th></tr></thead>
    <tbody role="rowgroup">${children}</tbody></table>`;
}

/** @param {{group: string, rows: ReviewField[], choices: Choices, hands: Hands, editing: string, current: string, crm: string, stamp: string, open: boolean, toggle: () => void}} props */
export function Group({ group, rows, choices, hands, editing, current, crm, stamp, open, toggle }) {
  const foldable = group === "equal" || group === "unmapped";
  if (!rows.length) return null;
  const title = t(`group.${group}`, { n: rows.length });
  return html`<section class=${`merge-group ${group}`}>
    <h2 id=${`group-${group}`}>${foldable
      ? html`<button type="button" class="fold" aria-expanded=${open ? "true" : "false"} onClick=${toggle}><${Icon} name=${open ? "down" : "right"} />${title}</button>`
      : title}</h2>
    ${(open || !foldable) && html`<${Table} group=${group} rows=${rows} crm=${crm} stamp=${stamp}>
      ${rows.map((row) => html`<${Row} key=${row.field} row=${row} choices=${choices} hands=${hands} editing=${editing === row.field} current=${current === row.field} />`)}<//>`}
  </section>`;
}
