// Start screen: photograph or choose cards, see what becomes of each, open the last ones.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { announce, complain } from "../state.js";
import { calmly, useLive } from "../live.js";
import { useKeys } from "../keys.js";
import { fair, goal, list, loadPlaces, places } from "../phone/places.js";
import { add, addBack, hold, queue, refresh, release, resume } from "../queue.js";
import { Icon } from "../parts/icon.js";
import { CardRow } from "../parts/card_row.js";
import { Queue } from "./capture_queue.js";

/** @typedef {import("../types.js").Contact} Contact */

const SHOWN = 8;
const TOUCH = matchMedia("(any-pointer: coarse)").matches; // where there is a camera to point; elsewhere files are chosen
const LIVE = Boolean(navigator.mediaDevices?.getUserMedia);
const ACCEPT = TOUCH ? "image/jpeg,image/png,image/webp" : "image/*,.heic,.heif"; // naming no HEIC makes phones hand over JPEG
const LEFT = 10; // latest photos among which unfinished ones are looked for
const TURNING = 30000; // ms that a photo of the phone's own camera waits for the card's other side

/** Without a network, or after the sign-in has expired, there is one line that says so: who photographs is not led away. @param {any} problem */
const unlessOff = (problem) => problem.status === 0 || problem.status === 401 || complain(problem);

/** A part that is fetched when it is first wanted. @param {() => Promise<any>} fetch */
function useLater(fetch) {
  const [Part, setPart] = useState(/** @type {any} */ (null));
  const want = () => (Part ? Promise.resolve() : fetch().then((found) => setPart(() => found)));
  return { Part, want };
}

/** The fair, or the list, that captures go to. @param {{open: () => void}} props */
const GoalChip = ({ open }) => html`<button type="button" class=${fair.value ? "chip goal on" : "chip goal"} aria-haspopup="dialog" onClick=${open}>
  <${Icon} name="folder" /><span><span class="sr">${t("capture.goal")}</span> ${fair.value?.name || places.value.lists.find((one) => one.id === list.value)?.name || t("fair.choose")}</span><${Icon} name="down" /></button>`;

/** @param {File} file */
const isVcard = (file) => /\.vcf$/i.test(file.name) || /vcard/i.test(file.type);

/** @param {File[]} files */
const takeVcards = (files) => import("../phone/vcards.js").then((room) => room.takeVcards(files, goal())).then((n) => announce(t("capture.vcards", { n })), complain);

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

/** The latest cards; what an earlier visit left goes on. */
function useLatest() {
  const [last, setLast] = useState(/** @type {Contact[] | null} */ (null));
  const load = () => api.get(`/v1/contacts?limit=${SHOWN}`, { stay: true }).then((page) => setLast(page.items), unlessOff);
  const look = useRef(calmly(() => { refresh(); load(); }));
  useEffect(() => {
    load();
    loadPlaces(unlessOff);
    api.get(`/v1/scans?limit=${LEFT}`, { stay: true }).then((page) => { resume(page.items); refresh(); }, unlessOff);
  }, []);
  useLive(["scan", "contact"], look.current);
  return last;
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

/** The phone's own camera: after a photo there is a moment to turn the card. */
function useOwnCamera() {
  const front = useRef(/** @type {HTMLInputElement | null} */ (null));
  const back = useRef(/** @type {HTMLInputElement | null} */ (null));
  const wanted = useRef({ key: "", timer: 0 });
  /** @param {string} key @param {number} [patience] */
  const wait = (key, patience = TURNING) => {
    clearTimeout(wanted.current.timer);
    if (wanted.current.key !== key) release(wanted.current.key);
    wanted.current = { key, timer: setTimeout(() => release(key), patience) };
  };
  /** @param {any} event */
  const took = async (event) => {
    const files = [...event.target.files];
    event.target.value = "";
    if (!files.length) return;
    announce(t("capture.taken", { n: files.length }));
    wait(await add(files, goal(), true));
  };
  /** @param {any} event */
  const turned = async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    const { key } = wanted.current;
    if (!file) return release(key);
    const { prepared } = await import("../phone/photo.js");
    announce(t((await addBack(key, await prepared(file))) ? "back.joined" : "back.late"));
  };
  /** @param {string} key of the front */
  const turn = (key) => {
    hold(key);
    wait(key, 10 * TURNING); // the camera is open meanwhile
    back.current?.click();
  };
  return { front, back, took, turned, turn };
}

export function Capture() {
  const own = useOwnCamera();
  const gallery = useRef(/** @type {HTMLInputElement | null} */ (null));
  const files = useRef(/** @type {HTMLInputElement | null} */ (null));
  const last = useLatest();
  const sheet = useLater(() => import("./capture_goal.js").then((room) => room.GoalSheet));
  const camera = useLater(() => import("../parts/camera.js").then((room) => room.Camera));
  const [open, setOpen] = useState(/** @type {"" | "camera" | "goal"} */ (""));
  const shut = () => setOpen("");
  /** @param {File[]} files */
  const take = (files) => {
    const vcards = files.filter(isVcard), pictures = files.filter((file) => !isVcard(file));
    if (vcards.length) takeVcards(vcards);
    if (!pictures.length) return;
    add(pictures, goal());
    announce(t("capture.taken", { n: pictures.length }));
  };
  const over = useDrop(take);
  const ownCamera = () => { shut(); own.front.current?.click(); };
  const scan = () => (LIVE ? camera.want().then(() => setOpen("camera"), ownCamera) : ownCamera());
  const chooseGoal = () => sheet.want().then(() => setOpen("goal"), complain);
  /** @param {any} event */
  const chosen = (event) => { take([...event.target.files]); event.target.value = ""; };
  useKeys([
    { keys: ["s"], label: t("keys.scan"), act: () => (TOUCH ? scan() : gallery.current?.click()) },
    { keys: ["g"], label: t("keys.gallery"), act: () => gallery.current?.click() },
  ]);
  return html`<section class="capture">
    <h1 tabindex="-1">${t("capture.title")}</h1>
    <p class="lead">${t("capture.lead")}</p>
    <input ref=${own.front} type="file" accept=${ACCEPT} capture="environment" hidden onChange=${own.took} data-test="camera" />
    <input ref=${own.back} type="file" accept=${ACCEPT} capture="environment" hidden onChange=${own.turned} data-test="back" />
    <input ref=${gallery} type="file" accept=${ACCEPT} multiple hidden onChange=${chosen} data-test="gallery" />
    <input ref=${files} type="file" accept=".vcf,text/vcard" multiple hidden onChange=${chosen} data-test="vcards" />
    <p class="goal-line"><${GoalChip} open=${chooseGoal} />
      <button type="button" class="quiet" onClick=${() => files.current?.click()}><${Icon} name="contacts" />${t("capture.vcard")}</button></p>
    <div class=${over ? "capture-acts over-it" : "capture-acts"}>
      <p class="drop-hint"><${Icon} name="upload" /><span>${t(over ? "capture.drop_now" : "capture.drop")}</span></p>
      ${TOUCH && html`<button type="button" class="primary huge" onClick=${scan}><${Icon} name="camera" />${t("capture.scan")}</button>`}
      <button type="button" class=${TOUCH ? "big" : "primary huge"} onClick=${() => gallery.current?.click()}><${Icon} name="pictures" />${t("capture.gallery")}</button>
    </div>
    <${Queue} turn=${own.turn} />
    ${open === "camera" && html`<${camera.Part} goal=${goal()} close=${shut} other=${ownCamera} />`}
    ${open === "goal" && html`<${sheet.Part} close=${shut} />`}
    ${last && html`<${Latest} last=${last} />`}
  </section>`;
}
