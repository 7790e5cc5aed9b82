// Photos on their way: what becomes of each, in words; then its cards with their verdict.
import { api } from "../api.js";
import { formatter, t } from "../i18n.js";
import { html, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { discard, dismiss, dismissFinished, finished, hold, joinable, proof, queue, refresh, release, replacePhoto, resend, stateOf } from "../queue.js";
import { places } from "../phone/places.js";
import { CardRow } from "../parts/card_row.js";
import { Icon } from "../parts/icon.js";
import { useSwipe } from "../parts/swipe.js";

/** @typedef {import("../queue.js").Item} Item */

/** Sent, read, compared: how many of these are done. @type {Record<string, number>} */
const STEPS = { waiting: 0, sending: 0, received: 1, reading: 1, read: 2 };

/** @param {Item} item */
async function readAgain(item) {
  try {
    await api.post(`/v1/scans/${item.scan?.id}/retry`);
    await refresh();
  } catch (problem) {
    complain(problem);
  }
}

/** A photo that cannot be read goes to the bin, or it would be back at the next visit. @param {Item} item */
async function throwAway(item) {
  const scan = item.scan;
  if (!scan) {
    const back = await discard(item);
    return toast({ text: t("queue.discarded"), kind: "good", label: t("undo"), act: back });
  }
  try {
    await api.remove(`/v1/scans/${scan.id}`, scan.version);
  } catch (problem) {
    return complain(problem);
  }
  dismiss(item.key);
  const back = () => api.post(`/v1/scans/${scan.id}/restore`).then(() => { queue.value = [item, ...queue.value]; }, complain);
  toast({ text: t("queue.thrown"), kind: "good", label: t("undo"), act: back });
}

/** @param {{done: number}} props */
const Steps = ({ done }) => html`<ol class="steps">${/** @type {const} */ (["sent", "read", "compared"]).map((step, i) => html`<li key=${step} class=${i < done ? "done" : i === done ? "now" : ""}>
  ${t(`step.${step}`)}${i < done && html`<span class="sr"> ${t("step.done")}</span>`}</li>`)}</ol>`;

/** @param {{item: Item}} props */
const Advice = ({ item }) => html`${(item.scan?.quality.advice || []).map((word) => html`<p key=${word} class="advice"><${Icon} name="info" />${t(`advice.${word}`)}</p>`)}`;

/** @param {{picture: string}} props */
function Photo({ picture }) {
  const [broken, setBroken] = useState(false);
  return picture && !broken ? html`<img src=${picture} alt="" class="thumb" onError=${() => setBroken(true)} />` : html`<span class="thumb none"><${Icon} name="camera" /></span>`;
}

/** What holds it back, unless that is the missing network, which is said once for all. @param {Item} item */
const held = (item) => item.state === "waiting" && item.problem?.status > 0 && item.problem.status !== 401 && item.problem.detail;

/** The photo as it is kept here, to be looked at and cut before it goes. @param {{item: Item}} props */
function Look({ item }) {
  const [Check, setCheck] = useState(/** @type {any} */ (null));
  const open = () => import("../parts/quick_check.js").then((room) => { hold(item.key); setCheck(() => room.QuickCheck); }, complain);
  const close = () => { setCheck(null); release(item.key); };
  /** @param {Blob} photo */
  const use = (photo) => { setCheck(null); if (photo === item.photo) release(item.key); else replacePhoto(item.key, photo); };
  return html`<button type="button" class="thumb-button" aria-label=${t("quick.open")} title=${t("quick.open")} onClick=${open}><${Photo} picture=${item.picture} /></button>
    ${Check && html`<${Check} photo=${item.photo} why=${[]} use=${use} close=${close} />`}`;
}

/** When it was taken, for which fair, how large it is, and how often it could not be sent. @param {Item} item */
function facts(item) {
  const bytes = (item.photo?.size || 0) + (item.back?.size || 0) || item.scan?.bytes || 0;
  const clock = formatter("clock", (here) => new Intl.DateTimeFormat(here, { timeStyle: "short" })).format(new Date(item.at));
  const size = formatter("size", (here) => new Intl.NumberFormat(here, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 })).format(bytes / 1e6);
  return [clock, places.value.fairs.find((one) => one.id === item.fair)?.name, bytes > 0 && size, item.tries > 1 && t("queue.tries", { n: item.tries })].filter(Boolean).join(" · ");
}

/** While a card can be turned: its other side, or none. @param {{item: Item, turn: (key: string) => void}} props */
const OtherSide = ({ item, turn }) => html`<div class="queue-acts other-side">
  <button type="button" onClick=${() => turn(item.key)}><${Icon} name="swap" />${t("back.add")}</button>
  ${item.held && html`<button type="button" class="quiet" onClick=${() => release(item.key)}>${t("back.none")}</button>`}</div>`;

/** @param {{item: Item, turn: (key: string) => void}} props */
function Way({ item, turn }) {
  const state = stateOf(item);
  const none = state === "read" && !item.scan?.cards.some((card) => card.contact_id);
  const problem = state === "refused" ? item.problem : item.scan?.problem;
  const bad = problem || none;
  const safe = state === "waiting" && item.kept;
  return html`<div class=${bad ? "queue-way bad" : joinable(item) ? "queue-way two" : "queue-way"}>
    ${joinable(item) ? html`<${Look} item=${item} />` : html`<${Photo} picture=${item.picture} />`}
    <div class="queue-text"><strong>${t(item.held ? "queue.held" : none ? "queue.none" : safe ? "queue.kept" : `queue.${state}`)}</strong>
      <small class="soft">${facts(item)}</small>
      ${problem && html`<p>${problem.detail}</p>`}${none && html`<p>${t("queue.none_text")}</p>`}${held(item) && html`<p class="soft">${held(item)}</p>`}
      ${item.back && html`<p class="soft">${t("back.two")}</p>`}
      ${!bad && !safe && html`<${Steps} done=${STEPS[state]} />`}${bad && html`<${Advice} item=${item} />`}</div>
    ${safe && html`<button type="button" class="quiet icon-only" aria-label=${t("queue.throw")} title=${t("queue.throw")} onClick=${() => throwAway(item)}><${Icon} name="bin" /></button>`}
    ${joinable(item) && html`<${OtherSide} item=${item} turn=${turn} />`}
    ${bad && html`<div class="queue-acts">
      ${state === "refused" && html`<button type="button" onClick=${() => resend(item.key)}><${Icon} name="refresh" />${t("queue.resend")}</button>`}
      ${state === "failed" && html`<button type="button" onClick=${() => readAgain(item)}><${Icon} name="refresh" />${t("queue.retry")}</button>`}
      <button type="button" class="quiet" onClick=${() => throwAway(item)}>${t("queue.throw")}</button></div>`}
    ${!bad && !safe && html`<span class="spinner" aria-hidden="true"></span>`}
  </div>`;
}

/** Whether it can be thrown away: it lies here only, or nothing will come of it. @param {Item} item */
const spare = (item) => (stateOf(item) === "waiting" && item.kept) || ["refused", "failed"].includes(stateOf(item)) || (stateOf(item) === "read" && !item.scan?.cards.some((card) => card.contact_id));

/** @param {{item: Item, turn: (key: string) => void}} props */
function Row({ item, turn }) {
  const swipe = useSwipe(spare(item) ? { left: () => throwAway(item) } : {});
  return html`<li class="queue-row swipes" data-left=${t("queue.throw")} ...${swipe}>
  ${item.contacts.length
    ? html`${item.contacts.map((contact) => html`<${CardRow} key=${contact.id} contact=${contact} act=${html`<span class="button">${t("queue.open")}</span>`} />`)}<${Advice} item=${item} />`
    : html`<${Way} item=${item} turn=${turn} />`}</li>`;
}

/** "2 waiting · 1 being read · 3 done": only what there is. @param {Item[]} items */
function counts(items) {
  const group = (/** @type {Item} */ item) => {
    const state = stateOf(item);
    if (state === "refused" || state === "failed") return "trouble";
    return state === "read" ? (finished(item) ? "done" : "running") : state === "waiting" || state === "received" ? "waiting" : "running";
  };
  const found = items.map(group);
  return /** @type {const} */ (["waiting", "running", "done", "trouble"]).flatMap((name) => {
    const n = found.filter((one) => one === name).length;
    return n ? t(`count.${name}`, { n }) : [];
  }).join(" · ");
}

/** @param {{turn: (key: string) => void}} props turn: asks for the other side of a card */
export function Queue({ turn }) {
  const items = queue.value;
  const { taken, there } = proof.value;
  if (!items.length) return null;
  return html`<section class="queue" aria-labelledby="queue-title">
    <div class="section-head"><h2 id="queue-title">${t("queue.title")}</h2>
      ${items.some((item) => stateOf(item) === "read" && finished(item)) && html`<button type="button" class="link" onClick=${dismissFinished}>${t("queue.clear")}</button>`}</div>
    <p class="soft" role="status">${counts(items)}${taken > 0 && html`<span class=${taken === there ? "proof whole" : "proof"}>${t("queue.proof", { taken, there })}</span>`}</p>
    <ul class="rows">${items.map((item) => html`<${Row} key=${item.key} item=${item} turn=${turn} />`)}</ul>
  </section>`;
}
