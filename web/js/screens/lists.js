// Lists of contacts: make, rename, share with colleagues, delete when empty.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, isAdmin, session, toast } from "../state.js";
import { Confirm, Dialog } from "../parts/dialog.js";
import { Field, Form } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";

/** @typedef {import("../types.js").List} List */
/** @typedef {import("../types.js").Colleague} Colleague */
/** @typedef {List["members"]} Members */

const RIGHTS = /** @type {const} */ (["reader", "editor"]);

/** @param {List} list */
const mine = (list) => list.owner_id === session.value?.user.id;

/** @param {{members: Members, people: Colleague[], owner: string, set: (members: Members) => void}} props */
function Sharing({ members, people, owner, set }) {
  const open = people.filter((one) => one.id !== owner && !members.some((member) => member.user_id === one.id));
  /** @param {string} id */
  const name = (id) => people.find((one) => one.id === id)?.name || t("list.someone");
  return html`<fieldset class="sharing"><legend>${t("list.members")}</legend>
    ${!members.length && html`<p class="soft">${t("list.private")}</p>`}
    <ul class="members">${members.map((member) => html`<li key=${member.user_id}><span>${name(member.user_id)}</span>
      <select aria-label=${t("list.right_of", { name: name(member.user_id) })} onChange=${(/** @type {any} */ e) => set(members.map((one) => (one === member ? { ...one, right: e.target.value } : one)))}>
        ${RIGHTS.map((right) => html`<option key=${right} value=${right} selected=${right === member.right}>${t(`right.${right}`)}</option>`)}</select>
      <button type="button" class="quiet round" aria-label=${t("list.drop", { name: name(member.user_id) })} onClick=${() => set(members.filter((one) => one !== member))}><${Icon} name="close" /></button></li>`)}</ul>
    ${open.length > 0 && html`<div><label for="list-add">${t("list.share")}</label>
      <select id="list-add" value="" onChange=${(/** @type {any} */ e) => { if (e.target.value) set([...members, { user_id: e.target.value, right: "reader" }]); e.target.value = ""; }}>
        <option value="">${t("list.choose")}</option>${open.map((one) => html`<option key=${one.id} value=${one.id}>${one.name}</option>`)}</select></div>`}
  </fieldset>`;
}

/** A new list, or one that is changed. @param {{list: List | null, people: Colleague[] | null, close: () => void, kept: () => void, part: () => void}} props */
function ListDialog({ list, people, close, kept, part }) {
  const [name, setName] = useState(list?.name || "");
  const [members, setMembers] = useState(/** @type {Members} */ (list?.members || []));
  const [missing, setMissing] = useState(/** @type {string[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const save = async () => {
    const body = { name: name.trim(), ...(people ? { members } : {}) };
    setBusy(true);
    setProblem(null);
    try {
      await (list ? api.patch(`/v1/lists/${list.id}`, body, list.version) : api.post("/v1/lists", body));
      toast({ text: t(list ? "list.saved" : "list.made", { name: body.name }), kind: "good" });
      kept();
    } catch (failed) {
      if (/** @type {any} */ (failed).slug === "stale") { complain(failed); kept(); }
      else setProblem(failed);
    } finally {
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${t(list ? "list.change" : "lists.add")} close=${close}>
    <${Form} send=${save} busy=${busy} act=${t(list ? "save" : "lists.add")} doing=${t("saving")} cancel=${close} wrong=${setMissing}>
      <${Field} id="list-name" label=${t("list.name")} value=${name} required hint=${t("list.name_hint")} error=${missing.length ? t("form.missing") : undefined} set=${setName} />
      ${people ? html`<${Sharing} members=${members} people=${people} owner=${list?.owner_id || session.value?.user.id || ""} set=${setMembers} />` : html`<p class="soft">${t("list.ask_admin")}</p>`}
      ${problem && html`<${Trouble} problem=${problem} />`}<//>
    ${list && html`<div class="dialog-more">${list.contacts > 0 ? html`<p class="soft"><${Icon} name="lock" />${t("list.not_empty", { n: list.contacts })}</p>`
      : html`<button type="button" class="quiet bad" onClick=${part}><${Icon} name="bin" />${t("list.delete")}</button>`}</div>`}<//>`;
}

/** @param {List} list @param {Colleague[] | null} people @returns {string} whose it is and who else sees it */
function whose(list, people) {
  const owner = mine(list) ? t("list.yours") : people ? t("list.owner", { name: people.find((one) => one.id === list.owner_id)?.name || t("list.someone") }) : t("list.shared");
  return [owner, list.members.length ? t("list.shared_n", { n: list.members.length }) : ""].filter(Boolean).join(" · ");
}

/** @param {{list: List, people: Colleague[] | null, open: () => void}} props */
const Row = ({ list, people, open }) => html`<li class="desk-row"><span class="desk-icon"><${Icon} name="folder" /></span>
  <span class="desk-text"><strong>${list.name}</strong><small>${t("list.contacts", { n: list.contacts })}</small><small>${whose(list, people)}</small></span>
  ${(mine(list) || isAdmin()) && html`<button type="button" onClick=${open} aria-label=${t("edit_field", { field: list.name })}><${Icon} name="edit" />${t("edit")}</button>`}</li>`;

/** @typedef {{kind: "new"} | {kind: "change" | "delete", list: List} | null} Open */

export function Lists() {
  const [lists, setLists] = useState(/** @type {List[] | null} */ (null));
  const [people, setPeople] = useState(/** @type {Colleague[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [open, setOpen] = useState(/** @type {Open} */ (null));
  const load = () => {
    api.get("/v1/lists").then((page) => { setLists(page.items); setProblem(null); }, setProblem);
    api.get("/v1/colleagues").then((page) => setPeople(page.items), () => setPeople(null)); // support sees lists, not people
  };
  useEffect(load, []);
  const close = () => setOpen(null);
  /** @param {List} list */
  const part = (list) => api.remove(`/v1/lists/${list.id}`, list.version).then(() => { toast({ text: t("list.deleted", { name: list.name }), kind: "good" }); load(); }, (failed) => {
    if (failed.slug === "conflict") failed.detail = t("list.in_use", { name: list.name });
    complain(failed);
    load();
  });
  const add = html`<button type="button" class="primary" onClick=${() => setOpen({ kind: "new" })}><${Icon} name="plus" />${t("lists.add")}</button>`;
  return html`<section class="desk"><header class="screen-head"><div><h1 tabindex="-1">${t("lists.title")}</h1><p class="lead">${t("lists.lead")}</p></div>${lists && lists.length > 0 && add}</header>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !lists ? html`<${Waiting} />`
      : lists.length ? html`<ul class="rows">${lists.map((list) => html`<${Row} key=${list.id} list=${list} people=${people} open=${() => setOpen({ kind: "change", list })} />`)}</ul>`
      : html`<${Empty} icon="folder" title=${t("lists.none")} text=${t("lists.none_text")}>${add}<//>`}
    ${open?.kind === "delete" ? html`<${Confirm} key="delete" title=${t("list.delete_ask", { name: open.list.name })} text=${t("list.delete_text")} act=${t("list.delete")} danger yes=${() => part(open.list)} close=${close} />`
      : open && html`<${ListDialog} key=${open.kind} list=${open.kind === "change" ? open.list : null} people=${people} close=${close} kept=${() => { close(); load(); }} part=${() => open.kind === "change" && setOpen({ kind: "delete", list: open.list })} />`}
  </section>`;
}
