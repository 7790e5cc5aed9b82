// What waits for a decision: lanes, rows that suffice to decide, a preview of what would change; every act has a key.
import { t } from "../i18n.js";
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../ui.js";
import { announce, complain, toast } from "../state.js";
import { go } from "../router.js";
import { useKeys } from "../keys.js";
import { order, total, undoLast } from "../written.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { useWindowed } from "../parts/windowed.js";
import { accept, someoneElse } from "../inbox/acts.js";
import { Together } from "../inbox/batches.js";
import { Assign, PutOff, change } from "../inbox/desk.js";
import { InboxFilter } from "../inbox/filter.js";
import { EVERYTHING, useDone, useInbox } from "../inbox/load.js";
import { Preview } from "../inbox/preview.js";
import { Row, WriteRow } from "../inbox/row.js";
import { mergeAddress } from "./contact_verdict.js";

/** @typedef {import("../types.js").InboxItem} InboxItem */
/** @typedef {import("../types.js").InboxLane} InboxLane */

const LANES = /** @type {const} */ (["exists", "possible", "company", "new", "conflict", "waiting", "later"]);
/** @typedef {typeof LANES[number]} Lane */
const MANY = 2; // so many obvious ones are worth writing together
const WIDE = matchMedia("(min-width: 1100px)");

let lastLane = /** @type {Lane | null} */ (null);
let lastFilter = EVERYTHING;

/** @param {{lane: Lane, counts: Record<Lane, number>, choose: (lane: Lane) => void}} props */
const Lanes = ({ lane, counts, choose }) => html`<div class="lanes" role="group" aria-label=${t("inbox.lanes")}>
  ${LANES.map((one) => html`<button key=${one} type="button" class=${one === lane ? "lane on" : "lane"} aria-pressed=${one === lane ? "true" : "false"} onClick=${() => choose(one)}>
    ${t(`lane.${one}`)}<span class="count">${counts[one]}</span></button>`)}</div>`;

/** @param {InboxItem} item @param {string} text */
const passes = ({ contact }, text) => `${contact.display} ${contact.contact.organization || ""} ${contact.contact.job_title || ""}`.toLocaleLowerCase().includes(text.trim().toLocaleLowerCase());

/** @param {{n: number, busy: boolean, accept: () => void, later: () => void, assign: () => void, none: () => void, off: boolean}} props */
const PickedBar = ({ n, busy, accept, later, assign, none, off }) => html`<div class="picked-bar" role="group" aria-label=${t("inbox.picked_acts")}><strong role="status">${t("inbox.picked", { n })}</strong>
  <button type="button" class="primary" onClick=${accept} disabled=${busy}>${t("inbox.accept")}<kbd aria-hidden="true">A</kbd></button>
  <button type="button" onClick=${later}>${t(off ? "inbox.not_later" : "inbox.later")}<kbd aria-hidden="true">S</kbd></button>
  <button type="button" onClick=${assign}>${t("inbox.assign")}<kbd aria-hidden="true">G</kbd></button>
  <button type="button" class="quiet round" onClick=${none} aria-label=${t("inbox.pick_none")}><${Icon} name="close" /></button></div>`;

/** The rows of a lane, which of them is in hand, and which are picked. @param {InboxItem[]} rows */
function useRows(rows) {
  const [current, setCurrent] = useState("");
  const [, setAsked] = useState(0);
  const [picked, setPicked] = useState(/** @type {string[]} */ ([]));
  const place = useRef(0);
  const wanted = useRef("");
  const found = rows.findIndex((one) => one.contact.id === current);
  const at = found >= 0 ? found : Math.min(place.current, rows.length - 1);
  place.current = Math.max(0, at);
  useEffect(() => {
    order.value = rows.map((one) => one.contact.id);
    const there = new Set(order.value);
    setPicked((old) => (old.every((id) => there.has(id)) ? old : old.filter((id) => there.has(id))));
  }, [rows]);
  useLayoutEffect(() => {
    const link = /** @type {HTMLElement | null} */ (wanted.current && document.querySelector(`[data-contact="${wanted.current}"] a`));
    if (!link) return;
    wanted.current = "";
    link.focus({ preventScroll: true });
    link.closest("li")?.scrollIntoView({ block: "nearest" });
  });
  /** @param {number} to @param {boolean} [extend] */
  const select = (to, extend) => {
    const one = rows[Math.max(0, Math.min(rows.length - 1, to))]?.contact;
    if (!one) return;
    if (extend) setPicked([...new Set([...picked, ...(rows[at] ? [rows[at].contact.id] : []), one.id])]);
    wanted.current = one.id; // it may have to be drawn first
    setCurrent(one.id);
    setAsked((n) => n + 1);
  };
  /** @param {string} id */
  const pick = (id) => setPicked(picked.includes(id) ? picked.filter((one) => one !== id) : [...picked, id]);
  return { at, started: found >= 0, item: rows[at], current, setCurrent, picked, setPicked, select, pick };
}

/** What is done to the picked rows, or to the one in hand. @param {ReturnType<typeof useRows>} hand @param {InboxItem[]} rows @param {ReturnType<typeof useInbox>} box */
function useActs(hand, rows, box) {
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(/** @type {{what: "later" | "assign", items: InboxItem[]} | null} */ (null));
  /** @param {InboxItem} [one] */
  const meant = (one) => (one ? [one] : hand.picked.length ? rows.filter((row) => hand.picked.includes(row.contact.id)) : hand.item ? [hand.item] : []);
  /** @param {InboxItem} [one] */
  const take = async (one) => {
    if (busy) return;
    setBusy(true);
    const list = meant(one);
    const open = [];
    for (const item of list) {
      const became = await accept(item);
      if (became === "written") box.drop(item.contact.id);
      else if (became === "question") open.push(item);
    }
    setBusy(false);
    hand.setPicked([]);
    if (!open.length) return;
    toast({ text: t("inbox.question", { n: open.length }), kind: "good" });
    if (list.length === 1) go(mergeAddress(open[0].contact.id, open[0].best || undefined));
  };
  /** @param {InboxItem[]} items @param {{postponed_until?: string, assignee_id?: string}} wish @param {string} told */
  const put = async (items, wish, told) => {
    setAsking(null);
    for (const item of items) await change(item.contact.id, wish).then(box.put, complain);
    box.load();
    hand.setPicked([]);
    const before = items.map((item) => ({ id: item.contact.id, was: { postponed_until: item.postponed_until || "", assignee_id: item.assignee?.id || "" } }));
    const back = async () => { for (const one of before) await change(one.id, one.was).catch(complain); box.load(); };
    toast({ text: told, kind: "good", label: t("undo"), act: back });
  };
  /** @param {"later" | "assign"} what @param {InboxItem} [one] */
  const ask = (what, one) => {
    const items = meant(one);
    if (!items.length) return;
    if (what === "later" && items.every((item) => item.lane === "later")) put(items, { postponed_until: "" }, t("inbox.was_back", { n: items.length }));
    else setAsking({ what, items });
  };
  /** @param {InboxItem} [one] */
  const different = (one) => meant(one).length === 1 && someoneElse(meant(one)[0], box.load);
  const dialog = asking?.what === "later" ? html`<${PutOff} n=${asking.items.length} close=${() => setAsking(null)} put=${(/** @type {string} */ day) => put(asking.items, { postponed_until: day }, t("inbox.was_later", { n: asking.items.length }))} />`
    : asking ? html`<${Assign} n=${asking.items.length} close=${() => setAsking(null)} put=${(/** @type {string} */ user) => put(asking.items, { assignee_id: user }, t("inbox.was_assigned", { n: asking.items.length }))} />` : null;
  return { busy, take, ask, different, dialog };
}

/** Asks for the next page before its end is reached. @param {() => void} more @param {boolean} there @param {number} n rows so far */
function useEndless(more, there, n) {
  const end = useRef(/** @type {HTMLElement | null} */ (null));
  const latest = useRef(more);
  latest.current = more;
  useEffect(() => {
    if (!there || !end.current) return;
    const watch = new IntersectionObserver(([entry]) => entry.isIntersecting && latest.current(), { rootMargin: "600px" });
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [there, n]);
  return end;
}

/** The same functions at every drawing, each doing what the latest ones do. @template {Record<string, (one: any) => unknown>} T @param {T} acts @returns {T} */
function useSame(acts) {
  const latest = useRef(acts);
  latest.current = acts;
  const [same] = useState(/** @type {any} */ (Object.fromEntries(Object.keys(acts).map((name) => [name, (/** @type {any} */ one) => latest.current[name](one)]))));
  return same;
}

/** Whether there is room for the preview. */
function useWide() {
  const [wide, setWide] = useState(WIDE.matches);
  useEffect(() => {
    const heard = () => setWide(WIDE.matches);
    WIDE.addEventListener("change", heard);
    return () => WIDE.removeEventListener("change", heard);
  }, []);
  return wide;
}

/** @param {{hand: ReturnType<typeof useRows>, acts: ReturnType<typeof useActs>, turn: (step: number) => void, filter: () => void}} desk */
function useInboxKeys({ hand, acts, turn, filter }) {
  const { at, item } = hand;
  useKeys([
    { keys: ["j", "ArrowDown"], label: t("keys.next"), act: () => hand.select(hand.started ? at + 1 : at) },
    { keys: ["k", "ArrowUp"], label: t("keys.last"), act: () => hand.select(at - 1) },
    { keys: ["Shift+j"], label: t("keys.extend_down"), act: () => hand.select(at + 1, true) },
    { keys: ["Shift+k"], label: t("keys.extend_up"), act: () => hand.select(at - 1, true) },
    { keys: ["x"], label: t("keys.pick"), act: () => item && hand.pick(item.contact.id) },
    { keys: ["Enter"], label: t("inbox.open"), act: () => item && go(mergeAddress(item.contact.id, item.best || undefined)) },
    { keys: ["a"], label: t("inbox.accept"), act: () => acts.take() },
    { keys: ["n"], label: t("candidate.not_same"), act: () => acts.different() },
    { keys: ["s"], label: t("inbox.later"), act: () => acts.ask("later") },
    { keys: ["g"], label: t("inbox.assign"), act: () => acts.ask("assign") },
    { keys: ["u"], label: t("keys.undo"), act: undoLast },
    { keys: ["["], label: t("keys.lane_before"), act: () => turn(-1) },
    { keys: ["]"], label: t("keys.lane_after"), act: () => turn(1) },
    { keys: ["/"], label: t("inbox.search"), act: () => document.getElementById("inbox-search")?.focus() },
    { keys: ["f"], label: t("inbox.filter"), act: filter },
  ]);
}

/** @param {Lane} lane @returns {InboxLane | null} */
const contactsOf = (lane) => (lane === "conflict" || lane === "waiting" ? null : lane);

export function Inbox() {
  const [chosen, setLane] = useState(lastLane);
  const [filter, setFilter] = useState(lastFilter);
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [first, setFirst] = useState(/** @type {Lane | null} */ (null));
  const lane = chosen || first || "exists";
  const box = useInbox(contactsOf(lane), filter);
  const { items, back, next, more, problem, load } = box;
  const counts = box.counts && { ...box.counts, conflict: back.conflict.length, waiting: back.waiting.length };
  useEffect(() => { if (counts && !chosen && !first) setFirst(LANES.find((one) => counts[one] > 0) || "exists"); }, [!!counts]);
  const wide = useWide();
  const writes = lane === "conflict" || lane === "waiting" ? back[lane] : [];
  const rows = useMemo(() => (contactsOf(lane) ? (items || []).filter((item) => passes(item, text)) : []), [items, text, lane]);
  const hand = useRows(rows);
  const acts = useActs(hand, rows, box);
  useEffect(() => { total.value = text ? 0 : counts?.[lane] || 0; }, [text, lane, counts?.[lane]]);
  const end = useEndless(() => { more(); }, !!next, rows.length);
  /** @param {Lane} one */
  const choose = (one) => { lastLane = one; setLane(one); hand.setCurrent(""); hand.setPicked([]); announce(`${t(`lane.${one}`)}: ${counts?.[one] || 0}`); };
  /** @param {number} step */
  const turn = (step) => choose(LANES[(LANES.indexOf(lane) + step + LANES.length) % LANES.length]);
  /** @param {import("../inbox/load.js").Filter} now */
  const sift = (now) => { lastFilter = now; setFilter(now); };
  useInboxKeys({ hand, acts, turn, filter: () => { setOpen(!open); requestAnimationFrame(() => document.getElementById("inbox-list")?.focus()); } });
  const rowActs = useSame({
    select: (/** @type {InboxItem} */ item) => hand.setCurrent(item.contact.id), pick: (/** @type {InboxItem} */ item) => hand.pick(item.contact.id),
    accept: (/** @type {InboxItem} */ item) => acts.take(item), later: (/** @type {InboxItem} */ item) => acts.ask("later", item),
  });
  const picked = new Set(hand.picked);
  const ids = useMemo(() => rows.map((item) => item.contact.id), [rows]);
  const { list: ul, pieces, tail, whole } = useWindowed(ids, hand.at);
  const size = text ? rows.length : Math.max(rows.length, counts?.[lane] || 0);
  /** @param {{i: number, gap: number}} piece */
  const row = ({ i, gap }) => html`<${Row} key=${ids[i]} item=${rows[i]} current=${i === hand.at} picked=${picked.has(ids[i])} acts=${rowActs} place=${i + 1} size=${size} gap=${gap} />`;
  const done = useDone(contactsOf(lane) ? !!items && rows.length === 0 : writes.length === 0);
  const sifted = !!text || Object.values(filter).some(Boolean);
  const empty = html`<${Empty} icon=${contactsOf(lane) ? "inbox" : "check"} title=${t(sifted ? "inbox.nothing_found" : `inbox.empty_${lane}`)} text=${done ? t("inbox.done_today", { n: done }) : t("inbox.empty_text")}><a class="button" href="/">${t("nav.capture")}</a><//>`;
  const list = html`<div class="inbox-columns"><div>${hand.picked.length > 0 && html`<${PickedBar} n=${hand.picked.length} busy=${acts.busy} accept=${() => acts.take()} later=${() => acts.ask("later")} assign=${() => acts.ask("assign")} none=${() => hand.setPicked([])} off=${lane === "later"} />`}
      <ul ref=${ul} class=${whole ? "rows inbox-list" : "rows inbox-list windowed"} style=${{ paddingBottom: `${tail}px` }}>${pieces.map(row)}</ul><div ref=${end}>${next && html`<button type="button" onClick=${more}>${t("more")}</button>`}</div></div>
    ${wide && hand.item && html`<${Preview} item=${hand.item} busy=${acts.busy} accept=${() => acts.take(hand.item)} later=${() => acts.ask("later", hand.item)} assign=${() => acts.ask("assign", hand.item)} different=${() => acts.different(hand.item)} />`}</div>`;
  return html`<section class="inbox"><header class="screen-head"><div><h1 tabindex="-1">${t("inbox.title")}</h1><p class="lead">${t("inbox.lead")}</p></div></header>
    ${problem && !counts ? html`<${Trouble} problem=${problem} again=${load} />` : !counts ? html`<${Waiting} />` : html`
      <${Lanes} lane=${lane} counts=${counts} choose=${choose} />
      ${lane === "exists" && html`<${Together} few=${counts.exists < MANY} />`}
      ${contactsOf(lane) && (!items || rows.length > 0 || sifted || open) && html`<${InboxFilter} text=${text} setText=${setText} filter=${filter} set=${sift} open=${open} toggle=${() => setOpen(!open)} />`}
      ${writes.length > 0 ? html`<ul class="rows inbox-list">${writes.map((one) => html`<${WriteRow} key=${one.id} one=${one} load=${load} />`)}</ul>` : contactsOf(lane) && !items ? html`<${Waiting} />` : rows.length ? list : empty}`}
    ${acts.dialog}
  </section>`;
}
