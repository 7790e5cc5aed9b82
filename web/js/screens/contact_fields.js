// The values of a contact, each with its place on the card; doubtful ones first, edited where they stand; lines left over.
import { t } from "../i18n.js";
import { html } from "../ui.js";
import { FIELDS, confidenceWord, empty, itemKind, itemText, label, plain, rowsOf } from "../fields.js";
import { nameHelps } from "../names.js";
import { Snippet } from "../parts/snippet.js";
import { Editor } from "../parts/editor.js";
import { Icon } from "../parts/icon.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {ReturnType<typeof rowsOf>[number]} Row */
/**
 * @typedef {object} Hands what can be done with a row
 * @property {(row: Row) => void} zoom
 * @property {(row: Row | null) => void} point shows it on the card
 * @property {(field: string) => void} edit
 * @property {(field: string, value: any) => Promise<any>} save
 * @property {(row: Row, text: string) => Promise<any>} read takes another reading
 */
/** @typedef {(side: import("../types.js").Side | undefined) => string} Picture the address of a side of the card */

/** @param {Contact} contact @param {string} field */
const valueOf = (contact, field) => /** @type {any} */ (contact.contact)[field];

/** A number as it is printed, where that says the same: people read "+49 203 18780" better than "+4920318780". @param {Row} row */
function shown(row) {
  if (row.shape === "text") return row.item;
  const raw = row.item.raw;
  return row.field === "phones" && raw && raw.replace(/[^+\d]/g, "") === row.item.value ? raw : itemText(row.field, row.item);
}

/** Sign and word, so that nothing hangs on colour. @param {{row: Row}} props */
function Confidence({ row }) {
  const word = row.byHand ? "hand" : confidenceWord(row.confidence);
  return html`<span class=${`confidence ${word}`}><span aria-hidden="true">${{ sure: "✓", likely: "≈", doubtful: "!", hand: "✎" }[word]}</span> ${t(`confidence.${word}`)}</span>`;
}

/** Other readings: at once where the value is doubtful, else behind a word. @param {{row: Row, open: boolean, hands: Hands}} props */
function Readings({ row, open, hands }) {
  if (!row.alternatives.length) return null;
  const chips = row.alternatives.map((/** @type {string} */ one) => html`<button key=${one} type="button" class="chip" onClick=${() => hands.read(row, one)}>${one}</button>`);
  return open ? html`<div class="alternatives"><span>${t("alternatives")}</span>${chips}</div>`
    : html`<details class="other-readings"><summary>${t("alternatives.more", { n: chips.length })}</summary><div class="alternatives">${chips}</div></details>`;
}

/** @param {{row: Row, image: Picture | null, hands: Hands}} props */
function FieldRow({ row, image, hands }) {
  const name = label(row.field);
  const kind = itemKind(row.field, row.item);
  const text = shown(row);
  const printed = row.item.raw && row.item.raw !== text && row.item.raw !== row.item.value ? row.item.raw : "";
  const doubtful = !row.byHand && confidenceWord(row.confidence) === "doubtful";
  return html`<div class=${doubtful ? "field-row doubtful" : "field-row"} data-row=${row.field} onMouseEnter=${() => hands.point(row)} onMouseLeave=${() => hands.point(null)}
    onFocusIn=${() => hands.point(row)} onFocusOut=${() => hands.point(null)}>
    <dt>${name}${kind && html`<small>${kind}</small>`}</dt>
    <dd>
      <div class="field-value">
        <span class="value">${text}</span>${printed && html`<small>${t("printed", { text: printed })}</small>`}
        <${Confidence} row=${row} />
        ${row.side && html`<small>${t("on_the_back")}</small>`}
        ${image && row.box && html`<${Snippet} image=${image(row.side)} box=${row.box} label=${name} zoom=${() => hands.zoom(row)} />`}
        <${Readings} row=${row} open=${doubtful} hands=${hands} />
      </div>
      <button type="button" class="quiet round" onClick=${() => hands.edit(row.field)} aria-label=${t("edit_field", { field: name })} title=${t("edit")}><${Icon} name="edit" /></button>
    </dd></div>`;
}

/** @param {{value: any, field: string, busy: boolean, hands: Hands}} props */
const EditRow = ({ value, field, busy, hands }) => html`<div class="field-row editing"><dt>${label(field)}</dt>
  <dd><${Editor} field=${field} value=${value} busy=${busy} save=${(/** @type {any} */ now) => hands.save(field, now)} cancel=${() => hands.edit("")} /></dd></div>`;

/** @param {{missing: string[], add: (field: string) => void}} props */
const AddField = ({ missing, add }) => html`<div class="add-field"><label for="add-field">${t("contact.add")}</label>
  <select id="add-field" value="" onChange=${(/** @type {any} */ e) => { const field = e.target.value; e.target.value = ""; add(field); }}>
    <option value="">${t("contact.add_choose")}</option>${missing.map((field) => html`<option key=${field} value=${field}>${label(field)}</option>`)}</select></div>`;

/** A title or "von" that stands in the wrong field of the name. @param {{contact: Contact, save: (patch: object) => Promise<boolean>}} props */
function NameHelps({ contact, save }) {
  const helps = contact.claims.length ? nameHelps(contact.contact) : [];
  if (!helps.length) return null;
  return html`<div class="alternatives name-helps"><span>${t("name_help")}</span>
    ${helps.map((help) => html`<button key=${help.act + help.words} type="button" class="chip" onClick=${() => save(help.patch)}>${t(`name_help.${help.act}`, { words: help.words })}</button>`)}</div>`;
}

/** @typedef {{field: string, value: any}} Draft a field in hand, with the value to begin with */

/** @param {{contact: Contact, save: (patch: object) => Promise<boolean>, busy: boolean, image: Picture | null, zoom: (row: Row) => void, point: (row: Row | null) => void, draft: Draft | null, setDraft: (draft: Draft | null) => void}} props */
export function Fields({ contact, save, busy, image, zoom, point, draft, setDraft }) {
  const editing = draft?.field || "";
  const rows = rowsOf(contact.contact, contact.claims);
  const doubtful = rows.filter((row) => !row.byHand && confidenceWord(row.confidence) === "doubtful");
  const missing = Object.keys(FIELDS).filter((field) => empty(valueOf(contact, field)));
  /** @type {Hands} */
  const hands = {
    zoom, point,
    edit: (field) => {
      setDraft(field ? { field, value: valueOf(contact, field) } : null);
      if (!field) requestAnimationFrame(() => /** @type {HTMLElement | null} */ (document.querySelector(`[data-row="${editing}"] dd > button`) || document.getElementById("add-field"))?.focus());
    },
    save: async (field, value) => (await save({ [field]: value })) && hands.edit(""),
    read: ({ field, shape, index }, text) => hands.save(field, shape === "text" ? text : valueOf(contact, field).map((/** @type {any} */ old, /** @type {number} */ i) => (i === index ? { ...old, value: text, ...(field === "phones" ? { raw: text } : {}) } : old))),
  };
  const first = rows.find((row) => row.field === editing);
  // A field with several values is edited as a whole, where its first value stands.
  const show = (/** @type {Row[]} */ list) => list.map((row) => row.field !== editing ? html`<${FieldRow} key=${row.path} row=${row} image=${image} hands=${hands} />`
    : row === first && html`<${EditRow} key=${`edit-${row.field}`} value=${draft?.value} field=${row.field} busy=${busy} hands=${hands} />`);
  return html`<section aria-labelledby="fields-title"><h2 id="fields-title">${t("contact.fields")}</h2>
    ${doubtful.length > 0 && html`<p class="notice warn"><${Icon} name="alert" /><span>${t("contact.doubtful", { n: doubtful.length })}</span></p>`}
    <dl class="fields">${show(doubtful)}${show(rows.filter((row) => !doubtful.includes(row)))}
      ${editing && missing.includes(editing) && html`<${EditRow} key=${`edit-${editing}`} value=${draft?.value} field=${editing} busy=${busy} hands=${hands} />`}</dl>
    ${!contact.deleted_at && !editing && html`<${NameHelps} contact=${contact} save=${save} />`}
    ${missing.length > 0 && !contact.deleted_at && html`<${AddField} missing=${missing} add=${hands.edit} />`}
  </section>`;
}

/** The whole value of the field with this line added, or put in place of nothing. @param {Contact} contact @param {string} field @param {string} text */
function withLine(contact, field, text) {
  const now = valueOf(contact, field);
  if (FIELDS[field] === "text") return empty(now) ? text : `${now} ${text}`;
  return [...(now || []), field === "phones" ? { value: text, raw: text, kind: "work" } : { value: text }];
}

/** Lines that stand in no field, by hand neither. @param {Contact} contact */
function leftOver(contact) {
  const all = Object.keys(FIELDS).map((field) => plain(field, valueOf(contact, field))).join("\n");
  return contact.unassigned.filter((line) => !all.includes(line.text));
}

/** Assigning a line opens its field with the line in it: what does not belong there is taken away before it is kept.
 * @param {{contact: Contact, image: Picture | null, setDraft: (draft: Draft) => void}} props */
export function Unassigned({ contact, image, setDraft }) {
  const left = leftOver(contact);
  if (!left.length) return null;
  const goals = Object.keys(FIELDS).filter((field) => field !== "addresses");
  /** @param {any} event @param {string} text */
  const assign = (event, text) => {
    const field = event.target.value;
    event.target.value = "";
    if (field) setDraft({ field, value: withLine(contact, field, text) });
  };
  return html`<section class="unassigned-lines" aria-labelledby="rest-title"><h2 id="rest-title">${t("unassigned.title")}</h2><p class="soft">${t("unassigned.text")}</p>
    <ul class="rows">${left.map((line, i) => html`<li key=${i} class="unassigned">
      <div class="field-value"><span class="value">${line.text}</span>${image && line.card_box.length === 4 && html`<${Snippet} image=${image(line.side)} box=${line.card_box} label=${line.text} />`}</div>
      <select aria-label=${t("unassigned.assign", { text: line.text })} onChange=${(/** @type {any} */ e) => assign(e, line.text)}>
        <option value="">${t("unassigned.choose")}</option>
        ${goals.map((field) => html`<option key=${field} value=${field}>${label(field)}</option>`)}</select></li>`)}</ul></section>`;
}
