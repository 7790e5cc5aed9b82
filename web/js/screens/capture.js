// Start screen: photograph or choose cards, see what becomes of each, open the last ones.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { calmly, useLive } from "../live.js";
import { useKeys } from "../keys.js";
import { add, dismiss, queue, refresh, resend } from "../queue.js";
import { company } from "../fields.js";
import { cardImage } from "../parts/snippet.js";
import { Icon } from "../parts/icon.js";
import { VerdictBadge } from "../parts/notice.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {import("../queue.js").Item} Item */

const ACCEPT = "image/jpeg,image/png,image/webp"; // naming no HEIC makes phones hand over JPEG
const SHOWN = 8;

/** @param {Item} item @returns {string} received, reading, read, failed; or waiting, sending, refused */
const stateOf = (item) => (item.scan ? item.scan.state : item.state);

/** @param {{item: Item}} props */
function QueueRow({ item }) {
  const state = stateOf(item);
  const problem = item.problem || item.scan?.problem;
  const done = state === "read";
  const cards = item.scan?.cards || [];
  const contacts = cards.filter((card) => card.contact_id);
  return html`<li class="queue-row">
    <img src=${item.picture} alt="" class="thumb" />
    <div class="queue-text">
      <strong>${done ? t("queue.read_n", { n: contacts.length }) : t(`queue.${state}`)}</strong>
      ${problem && html`<p>${problem.detail}</p>`}
      ${(item.scan?.quality.advice || []).map((word) => html`<p key=${word}><small>${t(`advice.${word}`)}</small></p>`)}
      ${!done && !problem && html`<progress aria-label=${t(`queue.${state}`)} />`}
    </div>
    <div class="queue-acts">
      ${contacts.map((card) => html`<a key=${card.n} class="button" href=${`/app/contacts/${card.contact_id}`}>${contacts.length > 1 ? t("queue.open_n", { n: card.n }) : t("queue.open")}</a>`)}
      ${state === "refused" && html`<button type="button" onClick=${() => resend(item.key)}>${t("again")}</button>`}
      ${state === "failed" && html`<button type="button" onClick=${() => retry(item)}>${t("queue.retry")}</button>`}
      ${(done || problem) && html`<button type="button" class="quiet round" aria-label=${t("queue.dismiss")} onClick=${() => dismiss(item.key)}><${Icon} name="close" /></button>`}
    </div>
  </li>`;
}

/** @param {Item} item */
async function retry(item) {
  try {
    await api.post(`/v1/scans/${item.scan?.id}/retry`);
    await refresh();
  } catch (problem) {
    complain(problem);
  }
}

/** @param {{contact: Contact}} props */
const LastCard = ({ contact }) => html`<li><a class="last-card" href=${`/app/contacts/${contact.id}`}>
  ${contact.source.scan_id
    ? html`<img class="thumb" loading="lazy" alt="" src=${cardImage(contact.source.scan_id, contact.source.card)} />`
    : html`<span class="thumb none"><${Icon} name="person" /></span>`}
  <span class="last-text"><strong>${contact.display || t("nameless")}</strong><small>${company(contact.contact)}</small></span>
  <${VerdictBadge} kind=${contact.verdict.kind} />
</a></li>`;

/** @param {{lists: import("../types.js").List[], list: string, choose: (id: string) => void}} props */
const ListChoice = ({ lists, list, choose }) => html`<div class="list-choice">
  <label for="list">${t("capture.list")}</label>
  <select id="list" onChange=${(/** @type {any} */ e) => choose(e.target.value)}>
    ${lists.map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === list}>${one.name}</option>`)}</select>
</div>`;

/** Files dropped anywhere on the page. @param {(files: File[]) => void} take */
function useDrop(take) {
  const [over, setOver] = useState(false);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    /** @param {DragEvent} event */
    const drag = (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(event.type === "dragover");
      if (event.type === "drop") latest.current([...event.dataTransfer.files].filter((file) => file.type.startsWith("image/")));
    };
    const types = /** @type {const} */ (["dragover", "dragleave", "drop"]);
    types.forEach((type) => document.addEventListener(type, drag));
    return () => types.forEach((type) => document.removeEventListener(type, drag));
  }, []);
  return over;
}

export function Capture() {
  const camera = useRef(/** @type {HTMLInputElement | null} */ (null));
  const gallery = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [last, setLast] = useState(/** @type {Contact[] | null} */ (null));
  const [lists, setLists] = useState(/** @type {import("../types.js").List[]} */ ([]));
  const [list, setList] = useState("");
  const load = () => api.get(`/v1/contacts?limit=${SHOWN}`).then((page) => setLast(page.items), complain);
  useEffect(() => {
    load();
    api.get("/v1/lists").then((page) => setLists(page.items), complain);
  }, []);
  const look = useRef(calmly(() => { refresh(); load(); }));
  useLive(["scan", "contact"], look.current);
  /** @param {File[]} files */
  const take = (files) => {
    if (!files.length) return;
    add(files, list);
    toast({ text: t("capture.taken", { n: files.length }), kind: "good" });
  };
  const over = useDrop(take);
  /** @param {any} event */
  const chosen = (event) => { take([...event.target.files]); event.target.value = ""; };
  useKeys([
    { keys: ["s"], label: t("keys.scan"), act: () => camera.current?.click() },
    { keys: ["g"], label: t("keys.gallery"), act: () => gallery.current?.click() },
  ]);
  return html`<section class=${over ? "capture over" : "capture"}>
    <h1 tabindex="-1">${t("capture.title")}</h1>
    <p class="lead">${t("capture.lead")}</p>
    <input ref=${camera} type="file" accept=${ACCEPT} capture="environment" hidden onChange=${chosen} data-test="camera" />
    <input ref=${gallery} type="file" accept=${ACCEPT} multiple hidden onChange=${chosen} data-test="gallery" />
    <div class="capture-acts">
      <button type="button" class="primary huge" onClick=${() => camera.current?.click()}><${Icon} name="camera" />${t("capture.scan")}</button>
      <button type="button" class="big" onClick=${() => gallery.current?.click()}><${Icon} name="pictures" />${t("capture.gallery")}</button>
      <p class="drop-hint">${t(over ? "capture.drop_now" : "capture.drop")}</p>
    </div>
    ${lists.length > 1 && html`<${ListChoice} lists=${lists} list=${list || lists[0].id} choose=${setList} />`}
    ${queue.value.length > 0 && html`<section aria-labelledby="queue-title"><h2 id="queue-title">${t("queue.title")}</h2>
      <p class="soft" role="status">${t("queue.count", { sent: queue.value.filter((one) => one.scan).length, all: queue.value.length })}</p>
      <ul class="rows">${queue.value.map((item) => html`<${QueueRow} key=${item.key} item=${item} />`)}</ul></section>`}
    ${last && html`<section aria-labelledby="last-title"><h2 id="last-title">${t("capture.last")}</h2>
      ${last.length ? html`<ul class="rows">${last.map((contact) => html`<${LastCard} key=${contact.id} contact=${contact} />`)}</ul>` : html`<p class="soft">${t("capture.none")}</p>`}</section>`}
  </section>`;
}
