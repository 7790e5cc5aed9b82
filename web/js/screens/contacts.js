// All contacts: search (what is typed stays out of the page's address), states, the bin.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { calmly, useLive } from "../live.js";
import { useKeys } from "../keys.js";
import { CardRow } from "../parts/card_row.js";
import { Icon } from "../parts/icon.js";
import { Segments } from "../parts/look.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {{words: string, state: string, bin: boolean}} Wanted */

const STATES = ["read", "matched", "confirmed", "written", "rejected"];
const PAGE = 50;

/** @param {Wanted} wanted */
function addressOf({ words, state, bin }) {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (words.trim()) query.set("q", words.trim());
  if (state) query.set("state", state);
  if (bin) query.set("deleted", "true");
  return `/v1/contacts?${query}`;
}

/** @param {{wanted: Wanted, set: (wanted: Wanted) => void, box: any}} props */
const Filter = ({ wanted, set, box }) => html`<form class="filter" role="search" onSubmit=${(/** @type {Event} */ e) => e.preventDefault()}>
  <div class="grow"><label for="q">${t("contacts.search")}</label>
    <div class="with-icon"><${Icon} name="search" /><input ref=${box} id="q" type="search" autocomplete="off" maxlength="200" value=${wanted.words} aria-describedby="q-hint"
      onInput=${(/** @type {any} */ e) => set({ ...wanted, words: e.target.value })} /></div>
    <small id="q-hint">${t("contacts.search_hint")}</small></div>
  <div><label for="state">${t("contacts.state")}</label><select id="state" onChange=${(/** @type {any} */ e) => set({ ...wanted, state: e.target.value })}>
    <option value="">${t("contacts.any_state")}</option>${STATES.map((one) => html`<option key=${one} value=${one} selected=${one === wanted.state}>${t(`state.${one}`)}</option>`)}</select></div>
  <${Segments} name="shelf" title=${t("contacts.shelf")} now=${wanted.bin ? "bin" : "kept"} choose=${(/** @type {string} */ value) => set({ ...wanted, bin: value === "bin" })}
    options=${[{ value: "kept", text: t("contacts.kept") }, { value: "bin", text: t("contacts.bin") }]} />
</form>`;

/** @param {{contact: Contact, restored: () => void}} props */
function BinRow({ contact, restored }) {
  const restore = () => api.post(`/v1/contacts/${contact.id}/restore`).then(() => { toast({ text: t("contact.restored"), kind: "good" }); restored(); }, complain);
  return html`<li class="bin-row"><${CardRow} contact=${contact} note=${t("contacts.binned", { when: when(contact.deleted_at) })} />
    <button type="button" onClick=${restore}><${Icon} name="undo" />${t("restore")}</button></li>`;
}

/** @param {{wanted: Wanted}} props nothing found: what to do about it */
function Nothing({ wanted }) {
  if (wanted.bin && !wanted.words && !wanted.state) return html`<${Empty} icon="bin" title=${t("contacts.bin_empty")} text=${t("contacts.bin_text")} />`;
  if (wanted.words || wanted.state || wanted.bin) return html`<${Empty} icon="search" title=${t("contacts.nothing")} text=${t("contacts.nothing_text")} />`;
  return html`<${Empty} icon="contacts" title=${t("contacts.none")} text=${t("contacts.none_text")}><a class="button primary" href="/">${t("capture.scan")}</a><//>`;
}

/** One page of what is wanted, more on demand, fresh when something changes. @param {Wanted} wanted */
function useContacts(wanted) {
  const [page, setPage] = useState(/** @type {import("../types.js").Page<Contact> | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const asked = useRef("");
  const load = () => {
    const address = addressOf(wanted);
    asked.current = address;
    api.get(address).then((found) => { if (asked.current === address) { setPage(found); setProblem(null); } }, (failed) => asked.current === address && setProblem(failed));
  };
  useEffect(() => { const timer = setTimeout(load, wanted.words ? 250 : 0); return () => clearTimeout(timer); }, [wanted]);
  const latest = useRef(load);
  latest.current = load;
  const calm = useRef(calmly(() => latest.current(), 1000));
  useLive(["contact"], (event) => event.type === "contact" && page && page.items.length <= PAGE && calm.current());
  const more = () => page?.links.next && api.get(page.links.next).then((next) => setPage({ items: [...page.items, ...next.items], links: next.links }), complain);
  return { page, problem, load, more };
}

export function Contacts() {
  const [wanted, setWanted] = useState({ words: "", state: "", bin: false });
  const { page, problem, load, more } = useContacts(wanted);
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  useKeys([{ keys: ["/"], label: t("keys.search"), act: () => box.current?.focus() }]);
  /** @param {Contact} contact */
  const row = (contact) => wanted.bin ? html`<${BinRow} key=${contact.id} contact=${contact} restored=${load} />`
    : html`<li key=${contact.id}><${CardRow} contact=${contact} note=${`${t(`state.${contact.state}`)} · ${when(contact.updated_at)}`} /></li>`;
  return html`<section class="contacts"><h1 tabindex="-1">${t("contacts.title")}</h1>
    <${Filter} wanted=${wanted} set=${setWanted} box=${box} />
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !page ? html`<${Waiting} />`
      : page.items.length ? html`<p class="sr" role="status">${t("contacts.found", { n: page.items.length })}</p><ul class="rows">${page.items.map(row)}</ul>
        ${page.links.next && html`<button type="button" onClick=${more}>${t("more")}</button>`}`
      : html`<${Nothing} wanted=${wanted} />`}
  </section>`;
}
