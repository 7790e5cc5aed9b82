// Which field of a CRM holds what: our places with samples on one side, the CRM's fields on the other, draft and active version.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { announce, complain, isAdmin, toast } from "../state.js";
import { go } from "../router.js";
import { complete, constantChanged, constantGone, moved, same, withRow, without } from "../mapping_state.js";
import { give } from "../parts/file.js";
import { Icon } from "../parts/icon.js";
import { FieldNames, FIELDS_LIST, Findings, FixedRow, MappingRow } from "../parts/mapping_row.js";
import { placeName } from "../parts/place.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { OfConnection, WizardStep } from "./connection_step.js";

/** @typedef {import("../types.js").Connection} Connection */
/** @typedef {import("../types.js").ConnectionMapping} ConnectionMapping */
/** @typedef {import("../types.js").MappingDoc} MappingDoc */
/** @typedef {import("../types.js").MappingFinding} Finding */
/** @typedef {import("../types.js").RemoteField} RemoteField */
/** @typedef {{mapping: ConnectionMapping, doc: MappingDoc, findings: Finding[], fields: RemoteField[], set: (doc: MappingDoc) => void}} Desk */

const PURPOSES = /** @type {const} */ (["default", "owner", "record_type", "legal_basis"]);

/** @param {ConnectionMapping} mapping */
const shownOf = (mapping) => mapping.draft || mapping.active;

/** Rows of a CRM whose fields can be chosen. @param {Desk} props */
function FreeRows({ mapping, doc, findings, fields, set }) {
  const order = mapping.places.map((one) => one.ours);
  const add = (/** @type {any} */ event) => {
    const ours = event.target.value;
    event.target.value = "";
    if (!ours) return;
    set(withRow(doc, order, ours, ""));
    announce(t("mapping.added", { place: placeName(ours) }));
  };
  return html`<ul class="rows map-rows">${doc.rows.map((row, at) => html`<${MappingRow} key=${`${row.ours} ${at}`} n=${at} ours=${row.ours} theirs=${row.theirs}
      samples=${mapping.places.find((one) => one.ours === row.ours)?.samples || []} field=${fields.find((one) => one.name === row.theirs)}
      company=${!!mapping.company && row.theirs === mapping.company} findings=${findings.filter((one) => one.theirs === row.theirs && one.ours === row.ours)}
      set=${(/** @type {string} */ theirs) => set(moved(doc, at, theirs))} remove=${() => set(without(doc, at))} />`)}</ul>
    <p class="map-add"><label for="map-add">${t("mapping.add")}</label><select id="map-add" onChange=${add}><option value="">${t("mapping.add_choose")}</option>
      ${order.filter((ours) => /^(emails|phones|urls)/.test(ours) || !doc.rows.some((row) => row.ours === ours)).map((ours) => html`<option key=${ours} value=${ours}>${placeName(ours)}</option>`)}</select></p>`;
}

/** Rows of a CRM whose places are fixed. @param {Desk} props */
function FixedRows({ mapping, doc, findings, fields, set }) {
  const order = mapping.places.map((one) => one.ours);
  return html`<ul class="rows map-rows">${mapping.places.map(({ ours, theirs, samples }) => {
    const at = doc.rows.findIndex((row) => row.ours === ours);
    const place = theirs || ours;
    return html`<${FixedRow} key=${ours} ours=${ours} theirs=${fields.find((one) => one.name === place)?.label || place} on=${at >= 0} samples=${samples} findings=${findings.filter((one) => one.ours === ours)}
      set=${(/** @type {boolean} */ on) => set(on ? withRow(doc, order, ours, place) : without(doc, at))} />`;
  })}</ul>`;
}

/** Owner, record type, legal basis and other values of new records. @param {Desk} props */
function Constants({ doc, findings, fields, set }) {
  const add = () => set({ ...doc, constants: [...doc.constants, { purpose: "default", theirs: "", value: "" }] });
  return html`<section class="panel" aria-labelledby="constants-title"><h2 id="constants-title">${t("mapping.constants")}</h2><p class="soft">${t("mapping.constants_text")}</p>
    ${doc.constants.map((one, at) => {
      const told = findings.filter((finding) => finding.theirs === one.theirs && !finding.ours);
      const choices = fields.find((field) => field.name === one.theirs)?.choices || [];
      return html`<fieldset key=${at} class="constant"><legend>${t("mapping.constant", { n: at + 1 })}</legend>
        <label>${t("mapping.purpose")}<select value=${one.purpose} onChange=${(/** @type {any} */ e) => set(constantChanged(doc, at, { purpose: e.target.value }))}>
          ${PURPOSES.map((purpose) => html`<option key=${purpose} value=${purpose}>${t(`purpose.${purpose}`)}</option>`)}</select></label>
        <label>${t("mapping.theirs")}<input list=${FIELDS_LIST} value=${one.theirs} maxlength="120" autocomplete="off" required onInput=${(/** @type {any} */ e) => set(constantChanged(doc, at, { theirs: e.target.value.trim() }))} /></label>
        <label>${t("mapping.value")}<input list=${`choices-${at}`} value=${one.value} maxlength="500" autocomplete="off" required onInput=${(/** @type {any} */ e) => set(constantChanged(doc, at, { value: e.target.value }))} /></label>
        <datalist id=${`choices-${at}`}>${choices.map((choice) => html`<option key=${choice.value} value=${choice.value}>${choice.label}</option>`)}</datalist>
        <button type="button" class="quiet" onClick=${() => set(constantGone(doc, at))}><${Icon} name="bin" />${t("mapping.constant_remove")}</button>
        ${told.length > 0 && html`<${Findings} findings=${told} />`}</fieldset>`;
    })}
    <button type="button" onClick=${add}><${Icon} name="plus" />${t("mapping.constant_add")}</button></section>`;
}

/** Export and import of the document. @param {{connection: Connection, take: (doc: MappingDoc) => void}} props */
function Carry({ connection, take }) {
  const file = useRef(/** @type {HTMLInputElement | null} */ (null));
  const save = () => api.get(`/v1/connections/${connection.id}/mapping/export`).then((doc) => give(`kartei-mapping-${connection.kind}.json`, JSON.stringify(doc, null, 1), "application/json"), complain);
  const read = async (/** @type {any} */ event) => {
    const [chosen] = event.target.files;
    event.target.value = "";
    if (!chosen) return;
    try {
      take(JSON.parse(await chosen.text()));
    } catch {
      complain({ title: t("mapping.no_json"), detail: t("mapping.no_json_text") });
    }
  };
  return html`<section class="panel" aria-labelledby="carry-title"><h2 id="carry-title">${t("mapping.carry")}</h2><p class="soft">${t("mapping.carry_text")}</p>
    <div class="acts"><button type="button" onClick=${save}><${Icon} name="down" />${t("mapping.export")}</button>
      <button type="button" onClick=${() => file.current?.click()}><${Icon} name="upload" />${t("mapping.import")}</button></div>
    <input ref=${file} type="file" accept="application/json,.json" class="sr" tabindex="-1" aria-label=${t("mapping.import")} onChange=${read} /></section>`;
}

/** @param {{mapping: ConnectionMapping}} props */
const State = ({ mapping: { active, draft, checked_at } }) => html`<p class="soft">${active.version ? t("mapping.active", { version: active.version, name: active.by || "–", when: active.at ? when(active.at) : "–" }) : `${t("mapping.shipped")}.`}
  ${draft && html` <strong>${t("mapping.draft", { name: draft.by || "–", when: draft.at ? when(draft.at) : "–" })}</strong>`}
  ${checked_at && html` ${t("mapping.checked", { when: when(checked_at) })}`}</p>`;

/** @param {{connection: Connection, query: URLSearchParams}} props */
function MappingDesk({ connection, query }) {
  const [mapping, setMapping] = useState(/** @type {ConnectionMapping | null} */ (null));
  const [fields, setFields] = useState(/** @type {RemoteField[]} */ ([]));
  const [away, setAway] = useState(/** @type {any} */ (null));
  const [doc, setDoc] = useState(/** @type {MappingDoc | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const path = `/v1/connections/${connection.id}/mapping`;
  const show = (/** @type {ConnectionMapping} */ now) => { setMapping(now); setDoc(shownOf(now).mapping); };
  const load = () => {
    api.get(path).then((now) => { show(now); setProblem(null); }, setProblem);
    api.get(`/v1/connections/${connection.id}/fields`).then((now) => { setFields(now.fields); setAway(null); }, setAway);
  };
  useEffect(() => { load(); }, [connection.id]);
  if (!mapping || !doc) return problem ? html`<${Trouble} problem=${problem} again=${load} />` : html`<${Waiting} />`;
  const act = async (/** @type {() => Promise<void>} */ work) => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    await work().catch(setProblem);
    setBusy(false);
  };
  const keep = (/** @type {MappingDoc} */ one) => act(async () => {
    show(await api.post(path, one, { version: mapping.version }));
    toast({ text: t("mapping.kept"), kind: "good" });
  });
  const next = query.has("new") ? `/app/connections/${connection.id}/policy?new` : "";
  const activate = () => act(async () => {
    const { active, mapping: now } = await api.post(`${path}/activate`, undefined, { version: mapping.version });
    show(now);
    toast(active ? { text: t("mapping.activated"), kind: "good" } : { text: t("mapping.not_activated"), kind: "bad" });
    if (active && next) go(next);
  });
  const dirty = !same(doc, shownOf(mapping).mapping);
  const findings = dirty ? [] : shownOf(mapping).findings;
  const general = findings.filter((one) => !doc.rows.some((row) => row.theirs === one.theirs) && !doc.constants.some((row) => row.theirs === one.theirs));
  const desk = { mapping, doc, findings, fields, set: setDoc };
  return html`<${WizardStep} n=${5} query=${query} /><${State} mapping=${mapping} />
    ${away && html`<p class="notice warn"><${Icon} name="alert" /><span>${t("mapping.away")} ${away.detail}</span></p>`}
    ${!mapping.fixed && html`<${FieldNames} fields=${fields} />`}
    <section class="panel" aria-labelledby="rows-title"><h2 id="rows-title">${t("mapping.rows")}</h2><p class="soft">${t(mapping.fixed ? "mapping.rows_fixed" : "mapping.rows_text")}</p>
      ${general.length > 0 && html`<${Findings} findings=${general} />`}
      ${mapping.fixed ? html`<${FixedRows} ...${desk} />` : html`<${FreeRows} ...${desk} />`}</section>
    ${mapping.constants && html`<${Constants} ...${desk} />`}
    ${problem && html`<${Trouble} problem=${problem} again=${problem.slug === "stale" ? load : undefined} />`}
    <div class="acts map-acts"><button type="button" class=${dirty ? "primary" : ""} disabled=${!dirty || !complete(doc)} aria-disabled=${busy ? "true" : undefined} onClick=${() => keep(doc)}>${t("mapping.keep")}</button>
      <button type="button" class=${dirty ? "" : "primary"} disabled=${dirty || !mapping.draft} aria-disabled=${busy ? "true" : undefined} onClick=${activate}>${t("mapping.activate")}</button>
      ${dirty && html`<button type="button" class="quiet" onClick=${() => setDoc(shownOf(mapping).mapping)}>${t("mapping.back")}</button>`}
      ${!dirty && mapping.draft && html`<button type="button" class="quiet" onClick=${() => keep(mapping.active.mapping)}>${t("mapping.discard")}</button>`}
      ${next && html`<a class="button" href=${next}>${t("wizard.next")}</a>`}</div>
    <${Carry} connection=${connection} take=${keep} />`;
}

/** @param {{id: string, query: URLSearchParams}} props */
export const MappingScreen = ({ id, query }) => isAdmin()
  ? html`<${OfConnection} id=${id} title=${t("mapping.title")} lead=${t("mapping.lead")} show=${(/** @type {Connection} */ connection) => html`<${MappingDesk} connection=${connection} query=${query} />`} />`
  : html`<section class="desk"><h1 tabindex="-1">${t("mapping.title")}</h1><${Empty} icon="lock" title=${t("admin.only")} text=${t("connections.none_user")} /></section>`;
