// Where captures go, in a sheet: the fair with its list, tag and legal basis; new fairs and old ones put away. Fetched when it is opened.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useState } from "../ui.js";
import { complain, isAdmin, session, toast } from "../state.js";
import { net } from "../phone/net.js";
import { choose, fair, list, loadPlaces, places } from "../phone/places.js";
import { Dialog } from "../parts/dialog.js";
import { Choice, Field, Form } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { Trouble } from "../parts/notice.js";

/** @typedef {import("../types.js").Fair} Fair */

const BASES = /** @type {const} */ (["consent", "legitimate_interest", "contract"]);
const NONE = "";

/** @param {string} id */
const listName = (id) => places.value.lists.find((one) => one.id === id)?.name;
/** Lists that one may put something into. */
const fillable = () => places.value.lists.filter((one) => isAdmin() || one.owner_id === session.value?.user.id || one.members.some((member) => member.user_id === session.value?.user.id && member.right === "editor"));
const makes = () => !["reporter", "support"].includes(session.value?.user.role || "");
/** @param {Fair} one */
const mine = (one) => isAdmin() || one.created_by === session.value?.user.id;
/** @param {Fair} one list, tag and legal basis in one line */
const about = (one) => [one.list_id && listName(one.list_id), one.tag && `#${one.tag}`, t(`basis.${one.legal_basis}`)].filter(Boolean).join(" · ");

/** @param {{id: string, value: string, none: string, set: (id: string) => void}} props */
const ListSelect = ({ id, value, none, set }) => html`<div class="form-field"><label for=${id}>${t("fair.list")}</label>
  <select id=${id} onChange=${(/** @type {any} */ e) => set(e.target.value)}>
    ${none && html`<option value="" selected=${!value}>${none}</option>`}
    ${fillable().map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === value}>${one.name}</option>`)}</select></div>`;

/** A new fair, or one that is changed. @param {{old: Fair | null, done: (made: Fair) => void, cancel: () => void}} props */
function FairForm({ old, done, cancel }) {
  const [input, setInput] = useState({ name: old?.name || "", tag: old?.tag || "", list_id: old?.list_id || "", legal_basis: old?.legal_basis || BASES[0] });
  const [missing, setMissing] = useState(/** @type {string[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const set = (/** @type {object} */ change) => setInput({ ...input, ...change });
  /** @param {object} body */
  const save = async (body) => {
    setBusy(true);
    try {
      done(await (old ? api.patch(`/v1/fairs/${old.id}`, body, old.version) : api.post("/v1/fairs", body)));
    } catch (failed) {
      setProblem(failed);
    } finally {
      setBusy(false);
    }
  };
  return html`<${Form} send=${() => save(input)} busy=${busy} act=${t(old ? "save" : "fair.make")} doing=${t("saving")} cancel=${cancel} wrong=${setMissing}>
    <${Field} id="fair-name" label=${t("fair.name")} value=${input.name} required placeholder=${t("fair.name_example")} error=${missing.length ? t("form.missing") : undefined} set=${(/** @type {string} */ name) => set({ name })} />
    <${Field} id="fair-tag" label=${t("fair.tag")} value=${input.tag} max=${80} hint=${t("fair.tag_hint")} set=${(/** @type {string} */ tag) => set({ tag })} />
    <${ListSelect} id="fair-list" value=${input.list_id} none=${t("fair.own_list")} set=${(/** @type {string} */ list_id) => set({ list_id })} />
    ${old?.contacts ? html`<p class="soft">${t("fair.basis_fixed", { basis: t(`basis.${old.legal_basis}`) })}</p>`
      : html`<${Choice} name="fair-basis" legend=${t("fair.basis")} value=${input.legal_basis} options=${BASES.map((value) => ({ value, label: t(`basis.${value}`), text: t(`basis_text.${value}`) }))} choose=${(/** @type {Fair["legal_basis"]} */ legal_basis) => set({ legal_basis })} />`}
    ${problem && html`<${Trouble} problem=${problem} />`}<//>
  ${old && html`<div class="dialog-more"><button type="button" class="quiet" onClick=${() => save({ state: "closed" })}><${Icon} name="check" />${t("fair.close")}</button></div>`}`;
}

/** @param {{one: Fair | null, edit?: () => void}} props */
const FairOption = ({ one, edit }) => html`<li class="fair-option"><label class=${(fair.value?.id || NONE) === (one?.id || NONE) ? "choice-card chosen" : "choice-card"}>
  <input type="radio" name="fair" checked=${(fair.value?.id || NONE) === (one?.id || NONE)} onChange=${() => choose({ fair: one?.id || NONE })} />
  <span><strong>${one ? one.name : t("fair.none")}</strong><small>${one ? about(one) : t("fair.none_text")}</small></span></label>
  ${edit && html`<button type="button" class="quiet round" aria-label=${t("edit_field", { field: one?.name || "" })} title=${t("edit")} onClick=${edit}><${Icon} name="edit" /></button>`}</li>`;

/** @param {{close: () => void}} props */
export function GoalSheet({ close }) {
  const [form, setForm] = useState(/** @type {{old: Fair | null} | null} */ (null));
  const open = places.value.fairs.filter((one) => one.state === "open");
  const online = net.value === "on";
  /** @param {Fair} made */
  const done = async (made) => {
    await loadPlaces(complain);
    choose({ fair: made.state === "open" ? made.id : NONE });
    toast({ text: t(made.state === "open" ? "fair.kept" : "fair.closed", { name: made.name }), kind: "good" });
    setForm(null);
  };
  if (form) return html`<${Dialog} title=${t(form.old ? "fair.change" : "fair.new")} close=${() => setForm(null)} sheet key="form"><${FairForm} old=${form.old} done=${done} cancel=${() => setForm(null)} /><//>`;
  return html`<${Dialog} title=${t("fair.where")} close=${close} sheet key="choice">
    <fieldset class="choices"><legend class="sr">${t("fair.which")}</legend>
      <ul class="fair-options"><${FairOption} one=${null} />${open.map((one) => html`<${FairOption} key=${one.id} one=${one} edit=${online && makes() && mine(one) ? () => setForm({ old: one }) : undefined} />`)}</ul></fieldset>
    ${!fair.value?.list_id && fillable().length > 1 && html`<${ListSelect} id="goal-list" value=${list.value || fillable()[0].id} none="" set=${(/** @type {string} */ id) => choose({ list: id })} />`}
    ${!online && html`<p class="soft">${t("fair.offline")}</p>`}
    <div class="acts">${online && makes() && html`<button type="button" onClick=${() => setForm({ old: null })}><${Icon} name="plus" />${t("fair.new")}</button>`}
      <button type="button" class="primary" onClick=${close}>${t("fair.done")}</button></div><//>`;
}
