// What was written to the CRMs: each with its state in words, before and after per field, the way back or another try.
import { api } from "../api.js";
import { day as dayText, locale, t, when } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { go } from "../router.js";
import { calmly, useLive } from "../live.js";
import { label } from "../fields.js";
import { ExportHistory } from "../history/export.js";
import { HistoryFilter, filterOf } from "../history/filter.js";
import { UndoMany } from "../history/undo_many.js";
import { Copy } from "../parts/copy.js";
import { Parked } from "../parts/parked.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { LOOKS, StateBadge } from "../parts/state_badge.js";
import { Stayed } from "../merge/ruling.js";
import { Changes } from "../merge/values.js";

/** @typedef {import("../types.js").WriteBack} WriteBack */
/** @typedef {import("../types.js").Page<WriteBack>} Page */

const PAGE = 25;

/** Who, or what, decided. @param {WriteBack} one */
const decidedBy = ({ by, policy }) => (by ? t("history.by", { name: by }) : policy ? t("history.by_policy") : "");

const retryable = (/** @type {WriteBack} */ one) => ["waiting", "uncertain", "undoing"].includes(one.state);

/** @param {string} text RFC 3339 @returns {string} today, yesterday, or the date */
export function dayOf(text) {
  const day = new Date(text);
  const midnight = (/** @type {Date} */ date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const ago = Math.round((midnight(new Date()) - midnight(day)) / 86_400_000);
  if (ago === 0 || ago === 1) {
    const word = new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(-ago, "day");
    return word[0].toLocaleUpperCase(locale()) + word.slice(1);
  }
  return new Intl.DateTimeFormat(locale(), { dateStyle: "full" }).format(day);
}

/** @param {string} text RFC 3339 */
const clock = (text) => new Intl.DateTimeFormat(locale(), { timeStyle: "short" }).format(new Date(text));

/** Several changes under one heading per day. @param {WriteBack[]} items @returns {{day: string, items: WriteBack[]}[]} */
export function byDay(items) {
  /** @type {{day: string, items: WriteBack[]}[]} */
  const days = [];
  for (const one of items) {
    const day = dayOf(one.created_at);
    if (days.at(-1)?.day === day) days.at(-1)?.items.push(one);
    else days.push({ day, items: [one] });
  }
  return days;
}

/** @param {{one: WriteBack, changed: (one: WriteBack) => void, undo: () => void}} props */
function Acts({ one, changed, undo }) {
  const [busy, setBusy] = useState(false);
  const retry = () => {
    setBusy(true);
    api.post(`/v1/write-backs/${one.id}/retry`).then((now) => { changed(now); toast({ text: t("history.trying"), kind: "good" }); }, complain).finally(() => setBusy(false));
  };
  return html`<div class="acts">
    ${one.state === "conflict" && html`<a class="button" href=${`/app/contacts/${one.contact_id}/merge?conflict=${one.id}`}><${Icon} name="merge" />${t("conflict.look")}</a>`}
    ${retryable(one) && html`<button type="button" disabled=${busy} onClick=${retry}><${Icon} name="refresh" />${t("history.retry")}</button>`}
    <${Parked} one=${one} changed=${changed} />
    ${one.undoable && html`<button type="button" onClick=${undo}><${Icon} name="undo" />${t(one.state === "undo_conflict" ? "history.undo_again" : "undo")}</button>`}
  </div>`;
}

/** @param {{one: WriteBack, changed: (one: WriteBack) => void, undo: () => void, picked: boolean, pick: () => void, alone: boolean}} props */
function Entry({ one, changed, undo, picked, pick, alone }) {
  const name = one.connection.name || t("history.gone");
  const failed = one.problem?.detail && one.state !== "written" && one.state !== "undone";
  const shown = one.display || t("nameless");
  return html`<li class=${`entry ${LOOKS[one.state]?.tone || ""}`} data-write-back=${one.id}>
    <div class="entry-head">${one.undoable && !alone && html`<label class="pick-row"><input type="checkbox" checked=${picked} onChange=${pick} aria-label=${t("history.pick", { name: shown })} /></label>`}
      <p class="entry-what"><a href=${`/app/contacts/${one.contact_id}`}><strong>${shown}</strong></a>
        <small><a class="plain-link" href=${`/app/history/${one.id}`} title=${when(one.created_at)}><time dateTime=${one.created_at}>${clock(one.created_at)}</time></a> · ${t(`history.${one.action}`, { n: one.changes.length, name })}${decidedBy(one) && ` · ${decidedBy(one)}`}</small></p>
      <${StateBadge} state=${one.state} /></div>
    ${one.state !== "written" && html`<p class=${failed ? "bad-text" : "soft"}>${failed ? one.problem?.detail : one.sentence}</p>`}
    ${one.changes.length > 0 && html`<details class="entry-changes" open=${alone}><summary><${Icon} name="right" /><span>${t("history.changes")}</span><small>${one.changes.map((change) => label(change.field)).join(", ")}</small></summary>${one.action === "merge"
      ? html`<${Changes} changes=${one.changes} sides=${[t("native.goes"), t("native.stays")]} />`
      : html`<${Changes} changes=${one.changes} rulings=${one.rulings} /><${Stayed} rulings=${one.rulings} changes=${one.changes} />`}</details>`}
    <${Acts} one=${one} changed=${changed} undo=${undo} />
    ${one.undoable_until && html`<p class="soft entry-why"><${Icon} name="undo" />${t("history.until", { day: dayText(one.undoable_until) })}</p>`}
    ${one.state === "written" && one.not_undoable && html`<p class="soft entry-why"><${Icon} name="lock" />${one.not_undoable}</p>`}
  </li>`;
}

/** @param {Record<string, string>} filter */
const addressOf = (filter) => `/v1/write-backs?${new URLSearchParams({ limit: String(PAGE), ...filter })}`;

/** @param {Record<string, string>} filter */
function useHistory(filter) {
  const [page, setPage] = useState(/** @type {Page | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const latest = useRef(page);
  latest.current = page;
  const address = addressOf(filter);
  const asked = useRef(address);
  asked.current = address;
  const load = () => api.get(address).then((found) => { if (asked.current === address) { setPage(found); setProblem(null); } }, (failed) => asked.current === address && setProblem(failed));
  useEffect(() => { setPage(null); setProblem(null); load(); }, [address]);
  /** @param {WriteBack} now */
  const changed = (now) => setPage((old) => old && { ...old, items: old.items.map((one) => (one.id === now.id ? now : one)) });
  const more = () => page?.links.next && api.get(page.links.next).then((next) => setPage({ items: [...page.items, ...next.items], links: next.links }), complain);
  const fresh = useRef(calmly(() => api.get(asked.current).then((found) => setPage((old) => old && merged(old, found)), () => {}), 800));
  useLive(["write_back"], (event) => {
    if (event.type !== "tick" || latest.current?.items.some((one) => LOOKS[one.state]?.tone === "exists")) fresh.current();
  });
  return { page, problem, load, more, changed };
}

/** The newest page over what was loaded so far. @param {Page} old @param {Page} now @returns {Page} */
export function merged(old, now) {
  if (old.items.length <= now.items.length) return now;
  const known = new Set(now.items.map((one) => one.id));
  const last = now.items.at(-1)?.created_at || "";
  return { items: [...now.items, ...old.items.filter((one) => !known.has(one.id) && one.created_at <= last)], links: old.links };
}

/** One alone, by its address: for whoever is asked about it. @param {{id: string}} props */
export function HistoryEntry({ id }) {
  const [one, setOne] = useState(/** @type {WriteBack | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [undoing, setUndoing] = useState(false);
  const load = () => { api.get(`/v1/write-backs/${id}`).then((now) => { setOne(now); setProblem(null); }, setProblem); };
  useEffect(load, [id]);
  const calm = useRef(calmly(load, 500));
  useLive(["write_back"], () => calm.current());
  return html`<section class="desk history"><p class="back"><a href="/app/history"><${Icon} name="left" />${t("history.title")}</a></p>
    <header class="screen-head"><div><h1 tabindex="-1">${t("history.one")}</h1>${one && html`<p class="lead">${when(one.created_at)}</p>`}</div></header>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !one ? html`<${Waiting} />`
      : html`<ol class="entries"><${Entry} one=${one} changed=${setOne} undo=${() => setUndoing(true)} picked=${false} pick=${() => {}} alone /></ol>
        <${Copy} value=${location.href} label=${t("history.permalink")} />`}
    ${undoing && one && html`<${UndoMany} list=${[one]} changed=${setOne} close=${() => setUndoing(false)} />`}
  </section>`;
}

/** @param {{n: number, undo: () => void, none: () => void}} props */
const PickedBar = ({ n, undo, none }) => html`<div class="picked-bar" role="group" aria-label=${t("inbox.picked_acts")}><strong role="status">${t("inbox.picked", { n })}</strong>
  <button type="button" class="primary" onClick=${undo}><${Icon} name="undo" />${t("undo")}</button>
  <button type="button" class="quiet round" onClick=${none} aria-label=${t("inbox.pick_none")}><${Icon} name="close" /></button></div>`;

/** @param {{query?: URLSearchParams}} props */
export function History({ query }) {
  const filter = filterOf(query);
  const { page, problem, load, more, changed } = useHistory(filter);
  const [picked, setPicked] = useState(/** @type {string[]} */ ([]));
  const [undoing, setUndoing] = useState(/** @type {WriteBack[]} */ ([]));
  /** @param {Record<string, string>} now */
  const sift = (now) => { setPicked([]); go(`/app/history${Object.keys(now).length ? `?${new URLSearchParams(now)}` : ""}`, true); };
  const chosen = (page?.items || []).filter((one) => one.undoable && picked.includes(one.id));
  /** @param {string} id */
  const pick = (id) => setPicked(picked.includes(id) ? picked.filter((one) => one !== id) : [...picked, id]);
  const { contact = "", ...rest } = filter;
  const sifted = Object.keys(rest).length > 0;
  return html`<section class="desk history"><header class="screen-head"><div><h1 tabindex="-1">${t("history.title")}</h1><p class="lead">${t("history.lead")}</p></div></header>
    ${contact && html`<p class="notice"><${Icon} name="search" /><span>${t("history.of_one")}</span> <button type="button" class="link" onClick=${() => sift(rest)}>${t("history.all")}</button></p>`}
    <${HistoryFilter} filter=${filter} set=${sift} />
    ${chosen.length > 0 && html`<${PickedBar} n=${chosen.length} undo=${() => setUndoing(chosen)} none=${() => setPicked([])} />`}
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !page ? html`<${Waiting} />`
      : !page.items.length ? html`<${Empty} icon="history" title=${t(sifted ? "history.nothing" : "history.none")} text=${t(sifted ? "history.nothing_text" : "history.none_text")}>
          ${!sifted && html`<a class="button primary" href="/app/inbox">${t("nav.inbox")}</a>`}<//>`
      : html`<${ExportHistory} query=${String(new URLSearchParams(filter))} />
        ${byDay(page.items).map(({ day, items }) => html`<section key=${day} class="day"><h2>${day}</h2>
          <ol class="entries">${items.map((one) => html`<${Entry} key=${one.id} one=${one} changed=${changed} undo=${() => setUndoing([one])} picked=${picked.includes(one.id)} pick=${() => pick(one.id)} />`)}</ol></section>`)}
        ${page.links.next && html`<button type="button" onClick=${more}>${t("more")}</button>`}`}
    ${undoing.length > 0 && html`<${UndoMany} list=${undoing} changed=${(/** @type {WriteBack} */ now) => { changed(now); setPicked((old) => old.filter((id) => id !== now.id)); }} close=${() => setUndoing([])} />`}
  </section>`;
}
