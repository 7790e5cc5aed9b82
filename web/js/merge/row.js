// One field of the merge view: what the card says, what the CRM has, the result, and the choice between them.
import { percent, t } from "../i18n.js";
import { html } from "../ui.js";
import { both, confidenceWord, empty, itemText, label, lines, plain, rowsOf } from "../fields.js";
import { chosen, choiceOf, mainOf, resultOf, takesOf } from "../merge_state.js";
import { Editor } from "../parts/editor.js";
import { Icon } from "../parts/icon.js";
import { Snippet, cardImage } from "../parts/snippet.js";
import { ruleText } from "./ruling.js";
import { Difference, Lines, Text } from "./values.js";

/** @typedef {import("../types.js").ReviewField} ReviewField */
/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {import("../types.js").Take} Take */
/** @typedef {import("../merge_state.js").Choices} Choices */
/** @typedef {import("./choices.js").Hands} Hands */
/** @typedef {{row: ReviewField, contact: Contact, choices: Choices, hands: Hands, editing: boolean, current: boolean, crm: string, stamp: string}} RowProps */

/** @param {{row: ReviewField, choices: Choices, hands: Hands}} props */
function Radios({ row, choices, hands }) {
  const { take } = choiceOf(row, choices);
  /** @param {Take} one */
  const shown = (one) => plain(row.field, one === "both" ? both(row.field, row.card, row.crm) : one === "card" ? row.card : one === "crm" ? row.crm : resultOf(row, choices)) || t("value.none");
  /** @param {Take} one */
  const radio = (one) => html`<label key=${one} class=${one === take ? "chosen" : ""}>
    <input type="radio" name=${`take-${row.field}`} value=${one} checked=${one === take} data-take=${one}
      aria-label=${one === "own" ? t("take.own_long") : t("take.named", { take: t(`take.${one}`), value: shown(one) })}
      onChange=${() => hands.choose(row, one)} onClick=${() => one === "own" && hands.edit(row.field)} />
    <span>${t(`take.${one}`)}</span></label>`;
  return html`<div class="choice" role="radiogroup" aria-label=${t("merge.choose", { field: label(row.field) })}>${takesOf(row).map(radio)}</div>`;
}

/** Which of several values is the main one: a star before each. @param {{row: ReviewField, choices: Choices, hands: Hands}} props */
function Stars({ row, choices, hands }) {
  const values = mainOf(row, choices);
  if (!values.length) return null;
  const shown = Array.isArray(row.crm) ? [...values].sort((a, b) => placeIn(row, a) - placeIn(row, b)) : values;
  return html`<div class="stars" role="radiogroup" aria-label=${t("merge.main_of", { field: label(row.field) })}><span class="stars-name" aria-hidden="true">${t("merge.main")}</span>${shown.map((item) => html`<label key=${item.value} class=${item === values[0] ? "chosen" : ""}>
    <input type="radio" name=${`main-${row.field}`} checked=${item === values[0]} aria-label=${t("merge.main_is", { value: itemText(row.field, item) })} onChange=${() => hands.main(row, item.value)} />
    <span aria-hidden="true"><${Icon} name="star" />${itemText(row.field, item)}</span></label>`)}</div>`;
}

/** The stars stay where they are while one moves to the front of the values. @param {ReviewField} row @param {{value: string}} item */
function placeIn(row, item) {
  const all = /** @type {any[]} */ (both(row.field, row.card, row.crm));
  const at = all.findIndex((one) => one.value === item.value);
  return at < 0 ? all.length : at;
}

/** @param {{confidence: number}} props */
const Confidence = ({ confidence }) => html`<small class=${`confidence ${confidenceWord(confidence)}`}>${t(`confidence.${confidenceWord(confidence)}`)} · ${percent(confidence)}</small>`;

/** Every value with the place where it stands on the card. @param {{row: ReviewField, contact: Contact, hands: Hands}} props */
function OnCard({ row, contact, hands }) {
  if (empty(row.card)) return html`<${Lines} field=${row.field} value=${row.card} />`;
  const places = rowsOf(contact.contact, contact.claims).filter((one) => one.field === row.field);
  const image = contact.source.scan_id ? cardImage(contact.source.scan_id, contact.source.card) : "";
  return html`<ul class=${`lines on-card ${row.field}`}>${lines(row.field, row.card).map((line, i) => {
    const place = places[i];
    const box = image && place && !place.byHand ? place.box : null;
    return html`<li key=${i}><span class="value"><${Text} line=${line} /></span>
      ${box && html`<${Snippet} image=${image} box=${box} label=${label(row.field)} zoom=${() => hands.zoom(row, box)} />`}
      ${box ? html`<${Confidence} confidence=${place.confidence} />` : image && html`<small class="confidence hand">${t("confidence.hand")}</small>`}</li>`;
  })}</ul>`;
}

/** A side of the comparison; a click on it takes it, as its radio does. @param {{row: ReviewField, side: "card" | "crm", choices: Choices, hands: Hands, name: any, children?: any}} props */
function Side({ row, side, choices, hands, name, children }) {
  const { take } = choiceOf(row, choices);
  const open = takesOf(row).length > 0;
  const taken = open && (take === side || take === "both");
  /** @param {MouseEvent} event */
  const click = (event) => {
    const chosen = String(getSelection()).length > 0 || /** @type {Element} */ (event.target).closest("button, a, input");
    if (open && !chosen && take !== side) hands.choose(row, side);
  };
  return html`<td role="cell" data-side=${side} class=${["side", side, open && "open", taken && "taken"].filter(Boolean).join(" ")} onClick=${click}>
    <span class="side-name" aria-hidden="true">${name}</span>${taken && html`<span class="tick" aria-hidden="true"><${Icon} name="check" /></span>`}${children}</td>`;
}

/** The rule that preset the choice, or that a person chose. @param {{row: ReviewField, choices: Choices, hands: Hands}} props */
function Rule({ row, choices, hands }) {
  const choice = choiceOf(row, choices);
  if (row.group === "unmapped" || !chosen(row, choices))
    return html`<p class="rule"><${Icon} name="info" /><span>${ruleText(row.why)}</span></p>`;
  return html`<p class="rule yours"><${Icon} name="person" /><span>${t("merge.you_chose", { rule: ruleText(row.why) })}
    <button type="button" class="link" onClick=${() => hands.reset(row)}>${t("merge.reset")}</button>
    ${choice.take === "own" && html`<button type="button" class="link" onClick=${() => hands.edit(row.field)}>${t("edit")}</button>`}</span></p>`;
}

/** @param {RowProps} props */
export function Row({ row, contact, choices, hands, editing, current, crm, stamp }) {
  const result = resultOf(row, choices);
  return html`<tr role="row" data-field=${row.field} class=${`merge-row ${row.group}${current ? " current" : ""}`}>
    <th role="rowheader" scope="row">${label(row.field)}</th>
    <${Side} row=${row} side="card" choices=${choices} hands=${hands} name=${t("merge.card")}><${OnCard} row=${row} contact=${contact} hands=${hands} /><//>
    <${Side} row=${row} side="crm" choices=${choices} hands=${hands} name=${html`${crm} <small>${stamp}</small>`}><${Lines} field=${row.field} value=${row.crm} /><//>
    <td role="cell" class="result"><span class="side-name" aria-hidden="true">${t("merge.result")}</span>
      ${editing
        ? html`<${Editor} field=${row.field} value=${result} save=${(/** @type {any} */ value) => hands.own(row, value)} cancel=${() => hands.edit("")} />`
        : html`<${Difference} field=${row.field} before=${row.crm} after=${result} />
          ${takesOf(row).length > 0 && html`<${Radios} row=${row} choices=${choices} hands=${hands} />`}
          <${Stars} row=${row} choices=${choices} hands=${hands} />
          <${Rule} row=${row} choices=${choices} hands=${hands} />`}
    </td></tr>`;
}
