// Which contacts of a lane are shown: words on this page, and what the service is asked for; views that are kept on this device.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { Icon } from "../parts/icon.js";
import { EVERYTHING } from "./load.js";
import { useColleagues } from "./desk.js";

/** @typedef {import("./load.js").Filter} Asked */
/** @typedef {{name: string, filter: Asked}} View */

const VIEWS = "kartei.views";
const MOST = 12;
const AGES = ["1", "7", "30"];
/** As the comparisons are named in reasons. */
const REASONS = /** @type {const} */ (["email", "phone", "mobile", "name", "employer", "address"]);
const ORDERS = /** @type {const} */ (["effort", "value"]);

/** @param {{id: string, label: string, value: string, none: string, options: {id: string, name: string}[], set: (value: string) => void}} props */
const Choice = ({ id, label, value, none, options, set }) => html`<div><label for=${id}>${label}</label><select id=${id} onChange=${(/** @type {any} */ e) => set(e.target.value)}>
  <option value="">${none}</option>${options.map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === value}>${one.name}</option>`)}</select></div>`;

function useOptions() {
  const [lists, setLists] = useState(/** @type {{id: string, name: string}[]} */ ([]));
  const [connections, setConnections] = useState(/** @type {{id: string, name: string}[]} */ ([]));
  const [fairs, setFairs] = useState(/** @type {{id: string, name: string}[]} */ ([]));
  useEffect(() => {
    api.get("/v1/lists").then((page) => setLists(page.items), () => {});
    api.get("/v1/connections").then((page) => setConnections(page.items), () => {});
    api.get("/v1/fairs").then((page) => setFairs(page.items), () => {});
  }, []);
  return { lists, connections, fairs, colleagues: useColleagues() };
}

/** @param {{filter: Asked, set: (filter: Asked) => void}} props */
function Views({ filter, set }) {
  const [views, setViews] = useState(/** @type {View[]} */ (JSON.parse(localStorage.getItem(VIEWS) || "[]")));
  const [name, setName] = useState("");
  /** @param {View[]} list */
  const keep = (list) => { setViews(list); localStorage.setItem(VIEWS, JSON.stringify(list)); };
  /** @param {Event} event */
  const save = (event) => { event.preventDefault(); if (name.trim()) keep([...views.filter((one) => one.name !== name.trim()), { name: name.trim(), filter }].slice(-MOST)); setName(""); };
  return html`<div class="inbox-views">${views.map((one) => html`<span key=${one.name} class="view-chip"><button type="button" onClick=${() => set({ ...EVERYTHING, ...one.filter })}>${one.name}</button>
      <button type="button" class="quiet round" aria-label=${t("inbox.view_drop", { name: one.name })} onClick=${() => keep(views.filter((other) => other !== one))}><${Icon} name="close" /></button></span>`)}
    <form class="inline-search" onSubmit=${save}><label class="sr" for="view-name">${t("inbox.view_name")}</label>
      <input id="view-name" maxlength="40" autocomplete="off" placeholder=${t("inbox.view_name")} value=${name} onInput=${(/** @type {any} */ e) => setName(e.target.value)} /><button type="submit">${t("inbox.view_save")}</button></form></div>`;
}

/** @param {{filter: Asked, set: (filter: Asked) => void}} props */
function Choices({ filter, set }) {
  const { lists, connections, fairs, colleagues } = useOptions();
  /** @param {Partial<Asked>} part */
  const put = (part) => set({ ...filter, ...part });
  const all = t("history.all");
  return html`<div class="inbox-choices">
    <${Choice} id="inbox-list" label=${t("inbox.list")} value=${filter.list} none=${t("inbox.all_lists")} options=${lists} set=${(/** @type {string} */ list) => put({ list })} />
    <${Choice} id="inbox-owner" label=${t("inbox.owner")} value=${filter.owner} none=${all} options=${colleagues} set=${(/** @type {string} */ owner) => put({ owner })} />
    <${Choice} id="inbox-assignee" label=${t("inbox.assignee")} value=${filter.assignee} none=${all} options=${colleagues} set=${(/** @type {string} */ assignee) => put({ assignee })} />
    <${Choice} id="inbox-connection" label=${t("inbox.connection")} value=${filter.connection} none=${all} options=${connections} set=${(/** @type {string} */ connection) => put({ connection })} />
    ${fairs.length > 0 && html`<${Choice} id="inbox-fair" label=${t("inbox.fair")} value=${filter.fair} none=${all} options=${fairs} set=${(/** @type {string} */ fair) => put({ fair })} />`}
    <${Choice} id="inbox-days" label=${t("inbox.age")} value=${filter.days} none=${all} options=${AGES.map((id) => ({ id, name: t("inbox.older", { n: Number(id) }) }))} set=${(/** @type {string} */ days) => put({ days })} />
    <${Choice} id="inbox-reason" label=${t("inbox.reason")} value=${filter.reason} none=${all} options=${REASONS.map((id) => ({ id, name: t(`link.${id}`) }))} set=${(/** @type {string} */ reason) => put({ reason })} />
    <${Choice} id="inbox-sort" label=${t("inbox.sort")} value=${filter.sort} none=${t("inbox.sort_newest")} options=${ORDERS.map((id) => ({ id, name: t(`inbox.sort_${id}`) }))} set=${(/** @type {string} */ sort) => put({ sort })} /></div>
    <${Views} filter=${filter} set=${set} />`;
}

/** @param {{text: string, setText: (text: string) => void, filter: Asked, set: (filter: Asked) => void, open: boolean, toggle: () => void}} props */
export function InboxFilter({ text, setText, filter, set, open, toggle }) {
  const on = Object.values(filter).filter(Boolean).length;
  return html`<div class="inbox-filter" role="search"><input id="inbox-search" type="search" value=${text} placeholder=${t("inbox.search")} aria-label=${t("inbox.search")} autocomplete="off"
      onInput=${(/** @type {any} */ e) => setText(e.target.value)} onKeyDown=${(/** @type {KeyboardEvent} */ e) => e.key === "Escape" && /** @type {HTMLElement} */ (e.target).blur()} />
    <button type="button" aria-expanded=${open ? "true" : "false"} aria-controls="inbox-more" onClick=${toggle}><${Icon} name="filter" />${t("inbox.filter")}${on > 0 && html`<span class="count">${on}</span>`}<kbd aria-hidden="true">F</kbd></button>
    ${on > 0 && html`<button type="button" class="quiet" onClick=${() => set(EVERYTHING)}>${t("inbox.filter_none")}</button>`}
    <div id="inbox-more" class="inbox-more">${open && html`<${Choices} filter=${filter} set=${set} />`}</div></div>`;
}
