// One contact as it was read: the card on top, every value with its place on the card, doubtful ones first.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { go } from "../router.js";
import { calmly, useLive } from "../live.js";
import { useKeys } from "../keys.js";
import { FIELDS, company, confidenceWord, empty, itemKind, itemText, label, rowsOf } from "../fields.js";
import { CardPicture, Snippet, cardImage } from "../parts/snippet.js";
import { Editor } from "../parts/editor.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { Trouble, VerdictBadge, Waiting } from "../parts/notice.js";
import { mergeAddress, VerdictPanel } from "./contact_verdict.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {ReturnType<typeof rowsOf>[number]} Row */

/** @param {Contact} contact @param {string} field */
const valueOf = (contact, field) => /** @type {any} */ (contact.contact)[field];

/** @param {{row: Row, image: string | null, edit: () => void, zoom: (row: Row) => void, choose: (text: string) => void}} props */
function FieldRow({ row, image, edit, zoom, choose }) {
  const word = confidenceWord(row.confidence);
  const name = label(row.field);
  const kind = itemKind(row.field, row.item);
  const text = row.shape === "text" ? row.item : itemText(row.field, row.item);
  return html`<div class=${`field-row ${row.byHand ? "" : word}`}>
    <dt>${name}${kind && html` <small>${kind}</small>`}</dt>
    <dd>
      <div class="field-value">
        <span class="value">${text}</span>
        ${row.item.raw && row.item.raw !== row.item.value && html`<small>${t("printed", { text: row.item.raw })}</small>`}
        ${image && row.box && html`<${Snippet} image=${image} box=${row.box} label=${name} zoom=${() => zoom(row)} />`}
        ${word === "doubtful" && row.alternatives.length > 0 && html`<div class="alternatives"><small>${t("alternatives")}</small>
          ${row.alternatives.map((/** @type {string} */ one) => html`<button key=${one} type="button" class="chip" onClick=${() => choose(one)}>${one}</button>`)}</div>`}
      </div>
      <div class="field-side"><span class=${`confidence ${row.byHand ? "hand" : word}`}>${t(row.byHand ? "confidence.hand" : `confidence.${word}`)}</span>
        <button type="button" class="quiet" onClick=${edit} aria-label=${t("edit_field", { field: name })}><${Icon} name="edit" />${t("edit")}</button></div>
    </dd></div>`;
}

/** @param {{contact: Contact, image: string | null, assign: (field: string, text: string) => void}} props */
function Unassigned({ contact, image, assign }) {
  if (!contact.unassigned.length) return null;
  return html`<section class="panel" aria-labelledby="rest-title"><h2 id="rest-title">${t("unassigned.title")}</h2><p class="soft">${t("unassigned.text")}</p>
    <ul class="rows">${contact.unassigned.map((line, i) => html`<li key=${i} class="unassigned">
      <span><span class="value">${line.text}</span>${image && line.card_box.length === 4 && html`<${Snippet} image=${image} box=${line.card_box} label=${line.text} />`}</span>
      <select aria-label=${t("unassigned.assign", { text: line.text })} onChange=${(/** @type {any} */ e) => e.target.value && assign(e.target.value, line.text)}>
        <option value="">${t("unassigned.choose")}</option>
        ${Object.keys(FIELDS).filter((field) => field !== "addresses").map((field) => html`<option key=${field} value=${field}>${label(field)}</option>`)}</select></li>`)}</ul></section>`;
}

/** The whole value of the field with this line added, or put in place of nothing. @param {Contact} contact @param {string} field @param {string} text */
function withLine(contact, field, text) {
  const now = valueOf(contact, field);
  if (FIELDS[field] === "text") return empty(now) ? text : `${now} ${text}`;
  return [...(now || []), field === "phones" ? { value: text, raw: text, kind: "work" } : { value: text }];
}

/** @param {string} id */
function useContact(id) {
  const [contact, setContact] = useState(/** @type {Contact | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => api.get(`/v1/contacts/${id}`).then((one) => { setContact(one); setProblem(null); }, setProblem);
  useEffect(() => { setContact(null); load(); }, [id]);
  const calm = useRef(calmly(() => load()));
  useLive(["contact"], (event) => {
    if (event.type !== "contact" || event.id === id) calm.current();
  });
  return { contact, setContact, problem, load };
}

/** @param {{contact: Contact, save: (patch: object) => Promise<boolean>, busy: boolean, image: string | null, zoom: (row: Row) => void}} props */
function Fields({ contact, save, busy, image, zoom }) {
  const [editing, setEditing] = useState("");
  const rows = rowsOf(contact.contact, contact.claims);
  const doubtful = rows.filter((row) => confidenceWord(row.confidence) === "doubtful");
  const fine = rows.filter((row) => confidenceWord(row.confidence) !== "doubtful");
  const missing = Object.keys(FIELDS).filter((field) => empty(valueOf(contact, field)));
  /** @param {string} field @param {any} value */
  const done = async (field, value) => (await save({ [field]: value })) && setEditing("");
  /** @param {string} field */
  const editor = (field) => html`<div class="field-row editing" key=${`edit-${field}`}><dt>${label(field)}</dt>
    <dd><${Editor} field=${field} value=${valueOf(contact, field)} busy=${busy} save=${(/** @type {any} */ value) => done(field, value)} cancel=${() => setEditing("")} /></dd></div>`;
  /** @param {Row[]} list */
  const show = (list) => list.map((row) =>
    row.field === editing ? row.index === 0 && editor(row.field)
      : html`<${FieldRow} key=${row.path} row=${row} image=${image} zoom=${zoom} edit=${() => setEditing(row.field)} choose=${(/** @type {string} */ text) => done(row.field, text)} />`);
  return html`<section aria-labelledby="fields-title"><h2 id="fields-title">${t("contact.fields")}</h2>
    ${doubtful.length > 0 && html`<p class="notice warn"><${Icon} name="alert" />${t("contact.doubtful", { n: doubtful.length })}</p>`}
    <dl class="fields">${show(doubtful)}${show(fine)}${editing && missing.includes(editing) && editor(editing)}</dl>
    ${missing.length > 0 && html`<div class="add-field"><label for="add-field">${t("contact.add")}</label>
      <select id="add-field" onChange=${(/** @type {any} */ e) => { setEditing(e.target.value); e.target.value = ""; }}>
        <option value="">${t("contact.add_choose")}</option>${missing.map((field) => html`<option key=${field} value=${field}>${label(field)}</option>`)}</select></div>`}
  </section>`;
}

/** @param {{contact: Contact, load: () => void}} props */
function BinBar({ contact, load }) {
  const restore = () => api.post(`/v1/contacts/${contact.id}/restore`).then(() => { toast({ text: t("contact.restored"), kind: "good" }); load(); }, complain);
  return html`<div class="notice warn"><${Icon} name="bin" /><div><p>${t("contact.in_bin", { when: when(contact.deleted_at) })}</p>
    <button type="button" onClick=${restore}>${t("restore")}</button></div></div>`;
}

/** @param {Contact} contact @param {() => void} after */
export async function putIntoBin(contact, after) {
  try {
    await api.remove(`/v1/contacts/${contact.id}`, contact.version);
  } catch (problem) {
    return complain(problem);
  }
  const back = () => api.post(`/v1/contacts/${contact.id}/restore`).then(() => go(`/app/contacts/${contact.id}`), complain);
  toast({ text: t("contact.binned", { name: contact.display }), kind: "good", label: t("undo"), act: back });
  after();
}

/** @param {{id: string}} props */
export function ContactScreen({ id }) {
  const { contact, setContact, problem, load } = useContact(id);
  const [busy, setBusy] = useState(false);
  const [zoomed, setZoomed] = useState(/** @type {{box: number[] | null, title: string} | null} */ (null));
  useKeys([
    { keys: ["m"], label: t("keys.merge"), act: () => contact && go(mergeAddress(contact.id)) },
    { keys: ["z"], label: t("keys.zoom"), act: () => setZoomed({ box: null, title: t("card.title") }) },
  ]);
  if (problem) return html`<h1 tabindex="-1">${t("contact.title")}</h1><${Trouble} problem=${problem} again=${load} />`;
  if (!contact) return html`<h1 tabindex="-1">${t("contact.title")}</h1><${Waiting} />`;
  const image = contact.source.scan_id ? cardImage(contact.source.scan_id, contact.source.card) : null;
  /** @param {object} patch @returns {Promise<boolean>} */
  const save = async (patch) => {
    setBusy(true);
    try {
      setContact(await api.patch(`/v1/contacts/${id}`, patch, contact.version));
      toast({ text: t("contact.saved"), kind: "good" });
      return true;
    } catch (problem) {
      complain(problem);
      if (/** @type {any} */ (problem).slug === "stale") load();
      return false;
    } finally {
      setBusy(false);
    }
  };
  return html`<section class="contact">
    <header class="screen-head"><div><h1 tabindex="-1">${contact.display || t("nameless")}</h1><p class="lead">${company(contact.contact)}</p></div><${VerdictBadge} kind=${contact.verdict.kind} /></header>
    ${contact.deleted_at && html`<${BinBar} contact=${contact} load=${load} />`}
    <div class="contact-columns">
      <div class="contact-main">
        ${image && html`<button type="button" class="card-button" aria-label=${t("card.zoom")} onClick=${() => setZoomed({ box: null, title: t("card.title") })}><${CardPicture} image=${image} alt=${t("card.alt", { name: contact.display })} /></button>`}
        <${Fields} contact=${contact} save=${save} busy=${busy} image=${image} zoom=${(/** @type {Row} */ row) => setZoomed({ box: row.box, title: label(row.field) })} />
        <${Unassigned} contact=${contact} image=${image} assign=${(/** @type {string} */ field, /** @type {string} */ text) => save({ [field]: withLine(contact, field, text) })} />
      </div>
      <aside class="contact-side"><${VerdictPanel} contact=${contact} load=${load} />
        ${!contact.deleted_at && html`<div class="side-acts">
          <button type="button" class="quiet bad" onClick=${() => putIntoBin(contact, () => go("/app/contacts"))}><${Icon} name="bin" />${t("contact.bin")}</button></div>`}</aside>
    </div>
    ${zoomed && image && html`<${Dialog} title=${zoomed.title} close=${() => setZoomed(null)} wide><${CardPicture} image=${image} box=${zoomed.box} alt=${t("card.alt", { name: contact.display })} /><//>`}
  </section>`;
}
