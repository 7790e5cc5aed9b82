// What waits for a decision: lanes, rows that suffice to decide, a preview of what would change; every act has a key.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { announce, toast } from "../state.js";
import { go } from "../router.js";
import { useKeys } from "../keys.js";
import { order, undoLast } from "../written.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { accept, someoneElse } from "../inbox/acts.js";
import { best, candidatesOf, later, putOff, useInbox } from "../inbox/load.js";
import { Preview } from "../inbox/preview.js";
import { Row, WriteRow } from "../inbox/row.js";
import { mergeAddress } from "./contact_verdict.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {import("../types.js").List} List */

const LANES = /** @type {const} */ (["exists", "possible", "new", "conflict", "waiting", "later"]);
/** @typedef {typeof LANES[number]} Lane */
const AHEAD = 12; // rows whose candidates are fetched without being looked at
const WIDE = matchMedia("(min-width: 1100px)");

let lastLane = /** @type {Lane | null} */ (null);

/** @param {{lane: Lane, counts: Record<Lane, number>, choose: (lane: Lane) => void, more: boolean}} props */
const Lanes = ({ lane, counts, choose, more }) => html`<div class="lanes" role="group" aria-label=${t("inbox.lanes")}>
  ${LANES.map((one) => html`<button key=${one} type="button" class=${one === lane ? "lane on" : "lane"} aria-pressed=${one === lane ? "true" : "false"} onClick=${() => choose(one)}>
    ${t(`lane.${one}`)}<span class="count">${counts[one]}${more && ["exists", "possible", "new"].includes(one) ? "+" : ""}</span></button>`)}</div>`;

/** @typedef {{text: string, list: string}} Sieve */

/** @param {Contact} contact @param {Sieve} sieve */
const passes = (contact, sieve) => (!sieve.list || contact.list_id === sieve.list)
  && `${contact.display} ${contact.contact.organization || ""} ${contact.contact.job_title || ""}`.toLocaleLowerCase().includes(sieve.text.trim().toLocaleLowerCase());

/** @param {{sieve: Sieve, set: (sieve: Sieve) => void}} props */
function Filter({ sieve, set }) {
  const [lists, setLists] = useState(/** @type {List[]} */ ([]));
  useEffect(() => { api.get("/v1/lists").then((page) => setLists(page.items), () => {}); }, []);
  return html`<div class="inbox-filter" role="search"><input id="inbox-search" type="search" value=${sieve.text} placeholder=${t("inbox.search")} aria-label=${t("inbox.search")} autocomplete="off"
      onInput=${(/** @type {any} */ e) => set({ ...sieve, text: e.target.value })} onKeyDown=${(/** @type {KeyboardEvent} */ e) => e.key === "Escape" && /** @type {HTMLElement} */ (e.target).blur()} />
    ${lists.length > 1 && html`<select id="inbox-list" aria-label=${t("inbox.list")} onChange=${(/** @type {any} */ e) => set({ ...sieve, list: e.target.value })}>
      <option value="">${t("inbox.all_lists")}</option>${lists.map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === sieve.list}>${one.name}</option>`)}</select>`}</div>`;
}

/** @param {{n: number, busy: boolean, accept: () => void, later: () => void, none: () => void, off: boolean}} props */
const PickedBar = ({ n, busy, accept, later, none, off }) => html`<div class="picked-bar" role="group" aria-label=${t("inbox.picked_acts")}><strong role="status">${t("inbox.picked", { n })}</strong>
  <button type="button" class="primary" onClick=${accept} disabled=${busy}>${t("inbox.accept")}<kbd aria-hidden="true">A</kbd></button>
  <button type="button" onClick=${later}>${t(off ? "inbox.not_later" : "inbox.later")}<kbd aria-hidden="true">S</kbd></button>
  <button type="button" class="quiet round" onClick=${none} aria-label=${t("inbox.pick_none")}><${Icon} name="close" /></button></div>`;

/** The rows of a lane, which of them is in hand, and which are picked. @param {Contact[]} rows */
function useRows(rows) {
  const [current, setCurrent] = useState("");
  const [picked, setPicked] = useState(/** @type {string[]} */ ([]));
  const here = rows.map((one) => one.id).join();
  const place = useRef(0);
  const found = rows.findIndex((one) => one.id === current);
  const at = found >= 0 ? found : Math.min(place.current, rows.length - 1);
  place.current = Math.max(0, at);
  useEffect(() => {
    order.value = rows.map((one) => one.id);
    setPicked((old) => (old.every((id) => here.includes(id)) ? old : old.filter((id) => here.includes(id))));
  }, [here]);
  /** @param {number} to @param {boolean} [extend] */
  const select = (to, extend) => {
    const one = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (!one) return;
    if (extend) setPicked([...new Set([...picked, ...(rows[at] ? [rows[at].id] : []), one.id])]);
    setCurrent(one.id);
    const link = /** @type {HTMLElement | null} */ (document.querySelector(`[data-contact="${one.id}"] a`));
    link?.focus({ preventScroll: true });
    link?.closest("li")?.scrollIntoView({ block: "nearest" });
  };
  /** @param {string} id */
  const pick = (id) => setPicked(picked.includes(id) ? picked.filter((one) => one !== id) : [...picked, id]);
  return { at, started: found >= 0, contact: rows[at], current, setCurrent, picked, setPicked, select, pick };
}

/** What is done to the picked rows, or to the one in hand. @param {ReturnType<typeof useRows>} hand @param {Contact[]} rows @param {ReturnType<typeof useInbox>} box @param {boolean} off */
function useActs(hand, rows, box, off) {
  const [busy, setBusy] = useState(false);
  /** @param {Contact} [one] */
  const meant = (one) => (one ? [one] : hand.picked.length ? rows.filter((row) => hand.picked.includes(row.id)) : hand.contact ? [hand.contact] : []);
  /** @param {Contact} [one] */
  const take = async (one) => {
    if (busy) return;
    setBusy(true);
    const list = meant(one);
    const open = [];
    for (const contact of list) {
      const became = await accept(contact);
      if (became === "written") box.put({ ...contact, state: "confirmed" });
      else if (became === "question") open.push(contact);
    }
    setBusy(false);
    hand.setPicked([]);
    if (!open.length) return;
    toast({ text: t("inbox.question", { n: open.length }), kind: "good" });
    if (list.length === 1) go(mergeAddress(open[0].id, best(await candidatesOf(open[0])) || undefined));
  };
  /** @param {Contact} [one] */
  const put = (one) => {
    const list = meant(one);
    for (const contact of list) putOff(contact.id, !off);
    hand.setPicked([]);
    if (list.length) announce(t(off ? "inbox.was_back" : "inbox.was_later", { n: list.length }));
  };
  const different = () => meant().length === 1 && someoneElse(meant()[0], box.put);
  return { busy, take, put, different };
}

export function Inbox() {
  const box = useInbox();
  const { contacts, back, next, more, problem, load } = box;
  const [chosen, setLane] = useState(lastLane);
  const [sieve, setSieve] = useState({ text: "", list: "" });
  const [wide, setWide] = useState(WIDE.matches);
  useEffect(() => {
    const heard = () => setWide(WIDE.matches);
    WIDE.addEventListener("change", heard);
    return () => WIDE.removeEventListener("change", heard);
  }, []);
  const off = new Set(later.value);
  /** @param {Lane} one @returns {Contact[]} */
  const inLane = (one) => (contacts || []).filter((contact) => (one === "later" ? off.has(contact.id) : contact.verdict.kind === one && !off.has(contact.id)));
  const counts = { exists: inLane("exists").length, possible: inLane("possible").length, new: inLane("new").length, conflict: back.conflict.length, waiting: back.waiting.length, later: inLane("later").length };
  const lane = chosen || LANES.find((one) => counts[one] > 0) || "exists";
  const writes = lane === "conflict" || lane === "waiting" ? back[lane] : [];
  const rows = lane === "conflict" || lane === "waiting" ? [] : inLane(lane).filter((contact) => passes(contact, sieve));
  const hand = useRows(rows);
  const { at, contact } = hand;
  const acts = useActs(hand, rows, box, lane === "later");
  /** @param {Lane} one */
  const choose = (one) => { lastLane = one; setLane(one); hand.setCurrent(""); hand.setPicked([]); announce(`${t(`lane.${one}`)}: ${counts[one]}`); };
  /** @param {number} step */
  const turn = (step) => choose(LANES[(LANES.indexOf(lane) + step + LANES.length) % LANES.length]);
  const open = async () => contact && go(mergeAddress(contact.id, best(await candidatesOf(contact).catch(() => null)) || undefined));
  /** @param {string} id */
  const focus = (id) => document.getElementById(id)?.focus();
  useKeys([
    { keys: ["j", "ArrowDown"], label: t("keys.next"), act: () => hand.select(hand.started ? at + 1 : at) },
    { keys: ["k", "ArrowUp"], label: t("keys.last"), act: () => hand.select(at - 1) },
    { keys: ["Shift+j"], label: t("keys.extend_down"), act: () => hand.select(at + 1, true) },
    { keys: ["Shift+k"], label: t("keys.extend_up"), act: () => hand.select(at - 1, true) },
    { keys: ["x"], label: t("keys.pick"), act: () => contact && hand.pick(contact.id) },
    { keys: ["Enter"], label: t("inbox.open"), act: open },
    { keys: ["a"], label: t("inbox.accept"), act: () => acts.take() },
    { keys: ["n"], label: t("candidate.not_same"), act: acts.different },
    { keys: ["s"], label: t("inbox.later"), act: () => acts.put() },
    { keys: ["u"], label: t("keys.undo"), act: undoLast },
    { keys: ["["], label: t("keys.lane_before"), act: () => turn(-1) },
    { keys: ["]"], label: t("keys.lane_after"), act: () => turn(1) },
    { keys: ["/"], label: t("inbox.search"), act: () => focus("inbox-search") },
    { keys: ["f"], label: t("inbox.list"), act: () => focus("inbox-list") },
  ]);
  /** @param {Contact} one @param {number} i */
  const row = (one, i) => html`<${Row} key=${one.id} contact=${one} current=${i === at} eager=${i < AHEAD} picked=${hand.picked.includes(one.id)} off=${lane === "later"}
    select=${() => hand.setCurrent(one.id)} pick=${() => hand.pick(one.id)} accept=${() => acts.take(one)} later=${() => acts.put(one)} />`;
  const empty = html`<${Empty} icon=${lane === "conflict" || lane === "waiting" ? "check" : "inbox"} title=${t(sieve.text || sieve.list ? "inbox.nothing_found" : `inbox.empty_${lane}`)} text=${back.done ? t("inbox.done_today", { n: back.done }) : t("inbox.empty_text")}><a class="button" href="/">${t("nav.capture")}</a><//>`;
  const list = html`<div class="inbox-columns"><div>${hand.picked.length > 0 && html`<${PickedBar} n=${hand.picked.length} busy=${acts.busy} accept=${() => acts.take()} later=${() => acts.put()} none=${() => hand.setPicked([])} off=${lane === "later"} />`}
      <ul class="rows inbox-list">${rows.map(row)}</ul>${next && html`<button type="button" onClick=${more}>${t("more")}</button>`}</div>
    ${wide && contact && html`<${Preview} contact=${contact} busy=${acts.busy} accept=${() => acts.take(contact)} later=${() => acts.put(contact)} different=${() => someoneElse(contact, box.put)} off=${lane === "later"} />`}</div>`;
  return html`<section class="inbox"><header class="screen-head"><div><h1 tabindex="-1">${t("inbox.title")}</h1><p class="lead">${t("inbox.lead")}</p></div></header>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !contacts ? html`<${Waiting} />` : html`
      <${Lanes} lane=${lane} counts=${counts} choose=${choose} more=${!!next} />
      ${lane !== "conflict" && lane !== "waiting" && (rows.length > 0 || sieve.text || sieve.list) && html`<${Filter} sieve=${sieve} set=${setSieve} />`}
      ${writes.length > 0 ? html`<ul class="rows inbox-list">${writes.map((one) => html`<${WriteRow} key=${one.id} one=${one} load=${load} />`)}</ul>` : rows.length ? list : empty}`}
  </section>`;
}
