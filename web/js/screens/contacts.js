// All contacts: search (what is typed stays out of the page's address), states, the bin.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { calmly, useLive } from "../live.js";
import { useKeys } from "../keys.js";
import { company } from "../fields.js";
import { cardImage } from "../parts/snippet.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, VerdictBadge, Waiting } from "../parts/notice.js";

/** @typedef {import("../types.js").Contact} Contact */

const STATES = ["read", "matched", "confirmed", "written", "rejected"];
const PAGE = 50;

/** @param {{words: string, state: string, bin: boolean}} filter */
function addressOf({ words, state, bin }) {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (words.trim()) query.set("q", words.trim());
  if (state) query.set("state", state);
  if (bin) query.set("deleted", "true");
  return `/v1/contacts?${query}`;
}

/** @param {{contact: Contact, bin: boolean, restore: () => void}} props */
const Row = ({ contact, bin, restore }) => html`<li class="contact-row">
  <a href=${`/app/contacts/${contact.id}`}>
    ${contact.source.scan_id ? html`<img class="thumb" loading="lazy" alt="" src=${cardImage(contact.source.scan_id, contact.source.card)} />` : html`<span class="thumb none"><${Icon} name="person" /></span>`}
    <span class="last-text"><strong>${contact.display || t("nameless")}</strong><small>${company(contact.contact)}</small></span>
    <span class="contact-meta"><${VerdictBadge} kind=${contact.verdict.kind} /><small>${t(`state.${contact.state}`)} · ${when(contact.updated_at)}</small></span></a>
  ${bin && html`<button type="button" onClick=${restore}>${t("restore")}</button>`}</li>`;

/** @param {{filter: {words: string, state: string, bin: boolean}, set: (filter: any) => void, box: any}} props */
const Filter = ({ filter, set, box }) => html`<form class="filter" role="search" onSubmit=${(/** @type {Event} */ e) => e.preventDefault()}>
  <div class="grow"><label for="q">${t("contacts.search")}</label><input ref=${box} id="q" type="search" autocomplete="off" maxlength="200" value=${filter.words} aria-describedby="q-hint"
    onInput=${(/** @type {any} */ e) => set({ ...filter, words: e.target.value })} /><small id="q-hint">${t("contacts.search_hint")}</small></div>
  <div><label for="state">${t("contacts.state")}</label><select id="state" onChange=${(/** @type {any} */ e) => set({ ...filter, state: e.target.value })}>
    <option value="">${t("contacts.any_state")}</option>${STATES.map((one) => html`<option key=${one} value=${one} selected=${one === filter.state}>${t(`state.${one}`)}</option>`)}</select></div>
  <label class="check"><input type="checkbox" checked=${filter.bin} onChange=${(/** @type {any} */ e) => set({ ...filter, bin: e.target.checked })} /><span>${t("contacts.bin")}</span></label>
</form>`;

export function Contacts() {
  const [filter, setFilter] = useState({ words: "", state: "", bin: false });
  const [page, setPage] = useState(/** @type {import("../types.js").Page<Contact> | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  const asked = useRef("");
  const load = () => {
    const address = addressOf(filter);
    asked.current = address;
    api.get(address).then((found) => { if (asked.current === address) { setPage(found); setProblem(null); } }, (failed) => asked.current === address && setProblem(failed));
  };
  useEffect(() => { const timer = setTimeout(load, filter.words ? 250 : 0); return () => clearTimeout(timer); }, [filter]);
  const latest = useRef(load);
  latest.current = load;
  const calm = useRef(calmly(() => latest.current(), 1000));
  useLive(["contact"], (event) => event.type === "contact" && page && page.items.length <= PAGE && calm.current());
  useKeys([{ keys: ["/"], label: t("keys.search"), act: () => box.current?.focus() }]);
  const more = () => page?.links.next && api.get(page.links.next).then((next) => setPage({ items: [...page.items, ...next.items], links: next.links }), complain);
  /** @param {Contact} contact */
  const restore = (contact) => api.post(`/v1/contacts/${contact.id}/restore`).then(() => { toast({ text: t("contact.restored"), kind: "good" }); load(); }, complain);
  const filtered = filter.words || filter.state || filter.bin;
  return html`<section class="contacts"><h1 tabindex="-1">${t("contacts.title")}</h1>
    <${Filter} filter=${filter} set=${setFilter} box=${box} />
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !page ? html`<${Waiting} />`
      : page.items.length ? html`<p class="sr" role="status">${t("contacts.found", { n: page.items.length })}</p><ul class="rows">${page.items.map((one) => html`<${Row} key=${one.id} contact=${one} bin=${filter.bin} restore=${() => restore(one)} />`)}</ul>
        ${page.links.next && html`<button type="button" onClick=${more}>${t("more")}</button>`}`
      : html`<${Empty} icon=${filter.bin ? "bin" : "person"} title=${t(filter.bin ? "contacts.bin_empty" : filtered ? "contacts.nothing" : "contacts.none")} text=${t(filter.bin ? "contacts.bin_text" : filtered ? "contacts.nothing_text" : "contacts.none_text")}>
        ${!filtered && html`<a class="button primary" href="/">${t("nav.capture")}</a>`}<//>`}
  </section>`;
}
