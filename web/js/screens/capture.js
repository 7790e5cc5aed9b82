// Start screen: photograph or choose cards, see what becomes of each, open the last ones.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { announce, complain } from "../state.js";
import { calmly, useLive } from "../live.js";
import { useKeys } from "../keys.js";
import { add, queue, refresh, resume } from "../queue.js";
import { Camera } from "../parts/camera.js";
import { Icon } from "../parts/icon.js";
import { CardRow } from "../parts/card_row.js";
import { Queue } from "./capture_queue.js";

/** @typedef {import("../types.js").Contact} Contact */

const SHOWN = 8;
const TOUCH = matchMedia("(any-pointer: coarse)").matches; // where there is a camera to point; elsewhere files are chosen
const LIVE = Boolean(navigator.mediaDevices?.getUserMedia);
const ACCEPT = TOUCH ? "image/jpeg,image/png,image/webp" : "image/*,.heic,.heif"; // naming no HEIC makes phones hand over JPEG
const LEFT = 10; // latest photos among which unfinished ones are looked for
const CHOSEN = "kartei.list"; // where the last choice of a list is remembered: its id, for captures without a network

/** Without a network, or after the sign-in has expired, there is one line that says so: who photographs is not led away. @param {any} problem */
const unlessOff = (problem) => problem.status === 0 || problem.status === 401 || complain(problem);

/** @param {{lists: import("../types.js").List[], list: string, choose: (id: string) => void}} props */
const ListChoice = ({ lists, list, choose }) => html`<div class="list-choice">
  <label for="list">${t("capture.list")}</label>
  <select id="list" onChange=${(/** @type {any} */ e) => choose(e.target.value)}>
    ${lists.map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === list}>${one.name}</option>`)}</select>
</div>`;

/** Files dropped anywhere on the page, and pictures pasted. @param {(files: File[]) => void} take */
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
      if (event.type === "drop") latest.current([...event.dataTransfer.files]);
    };
    const types = /** @type {const} */ (["dragover", "dragleave", "drop"]);
    const paste = (/** @type {ClipboardEvent} */ event) => latest.current([...(event.clipboardData?.files || [])]);
    types.forEach((type) => document.addEventListener(type, drag));
    document.addEventListener("paste", paste);
    return () => {
      types.forEach((type) => document.removeEventListener(type, drag));
      document.removeEventListener("paste", paste);
    };
  }, []);
  return over;
}

/** The latest cards and the lists; what an earlier visit left goes on. */
function useLatest() {
  const [last, setLast] = useState(/** @type {Contact[] | null} */ (null));
  const [lists, setLists] = useState(/** @type {import("../types.js").List[]} */ ([]));
  const load = () => api.get(`/v1/contacts?limit=${SHOWN}`, { stay: true }).then((page) => setLast(page.items), unlessOff);
  const look = useRef(calmly(() => { refresh(); load(); }));
  useEffect(() => {
    load();
    api.get("/v1/lists", { stay: true }).then((page) => setLists(page.items), unlessOff);
    api.get(`/v1/scans?limit=${LEFT}`, { stay: true }).then((page) => { resume(page.items); refresh(); }, unlessOff);
  }, []);
  useLive(["scan", "contact"], look.current);
  return { last, lists };
}

/** @param {{last: Contact[]}} props */
function Latest({ last }) {
  const above = new Set(queue.value.flatMap((item) => item.contacts.map((one) => one.id)));
  const rest = last.filter((one) => !above.has(one.id));
  if (!rest.length && queue.value.length) return null;
  return html`<section aria-labelledby="last-title">
    <div class="section-head"><h2 id="last-title">${t("capture.last")}</h2>${rest.length > 0 && html`<a href="/app/contacts">${t("capture.all")}</a>`}</div>
    ${rest.length ? html`<ul class="rows">${rest.map((contact) => html`<li key=${contact.id}><${CardRow} contact=${contact} /></li>`)}</ul>` : html`<p class="soft">${t("capture.none")}</p>`}</section>`;
}

export function Capture() {
  const camera = useRef(/** @type {HTMLInputElement | null} */ (null));
  const gallery = useRef(/** @type {HTMLInputElement | null} */ (null));
  const { last, lists } = useLatest();
  const [chosenList, setList] = useState(localStorage.getItem(CHOSEN) || "");
  const list = !lists.length || lists.some((one) => one.id === chosenList) ? chosenList : "";
  /** @param {string} id */
  const choose = (id) => { localStorage.setItem(CHOSEN, id); setList(id); };
  /** @param {File[]} files */
  const take = (files) => {
    if (!files.length) return;
    add(files, list);
    announce(t("capture.taken", { n: files.length }));
  };
  const over = useDrop(take);
  const [live, setLive] = useState(false);
  const ownCamera = () => { setLive(false); camera.current?.click(); };
  const scan = () => (LIVE ? setLive(true) : ownCamera());
  /** @param {any} event */
  const chosen = (event) => { take([...event.target.files]); event.target.value = ""; };
  useKeys([
    { keys: ["s"], label: t("keys.scan"), act: () => (TOUCH ? scan() : gallery.current?.click()) },
    { keys: ["g"], label: t("keys.gallery"), act: () => gallery.current?.click() },
  ]);
  return html`<section class="capture">
    <h1 tabindex="-1">${t("capture.title")}</h1>
    <p class="lead">${t("capture.lead")}</p>
    <input ref=${camera} type="file" accept=${ACCEPT} capture="environment" hidden onChange=${chosen} data-test="camera" />
    <input ref=${gallery} type="file" accept=${ACCEPT} multiple hidden onChange=${chosen} data-test="gallery" />
    <div class=${over ? "capture-acts over-it" : "capture-acts"}>
      <p class="drop-hint"><${Icon} name="upload" /><span>${t(over ? "capture.drop_now" : "capture.drop")}</span></p>
      ${TOUCH && html`<button type="button" class="primary huge" onClick=${scan}><${Icon} name="camera" />${t("capture.scan")}</button>`}
      <button type="button" class=${TOUCH ? "big" : "primary huge"} onClick=${() => gallery.current?.click()}><${Icon} name="pictures" />${t("capture.gallery")}</button>
    </div>
    ${lists.length > 1 && html`<${ListChoice} lists=${lists} list=${list || lists[0].id} choose=${choose} />`}
    <${Queue} />
    ${live && html`<${Camera} list=${list} close=${() => setLive(false)} other=${ownCamera} />`}
    ${last && html`<${Latest} last=${last} />`}
  </section>`;
}
