// What was written to the CRMs: each with its state in words, before and after per field, the way back or another try.
import { api } from "../api.js";
import { locale, t, when } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { go } from "../router.js";
import { calmly, useLive } from "../live.js";
import { label } from "../fields.js";
import { Confirm } from "../parts/dialog.js";
import { Parked } from "../parts/parked.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { LOOKS, StateBadge } from "../parts/state_badge.js";
import { Changes } from "../merge/values.js";

/** @typedef {import("../types.js").WriteBack} WriteBack */
/** @typedef {import("../types.js").Page<WriteBack>} Page */

const PAGE = 25;
/** What can be asked for. The others last seconds. */
const STATES = ["written", "waiting", "uncertain", "conflict", "refused", "undone", "undo_conflict", "left"];

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

/** @param {{one: WriteBack, changed: (one: WriteBack) => void}} props */
function Acts({ one, changed }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  /** @param {string} act @param {string} told */
  const ask = (act, told) => {
    setBusy(true);
    api.post(`/v1/write-backs/${one.id}/${act}`).then((now) => { changed(now); toast({ text: told, kind: "good" }); }, complain).finally(() => setBusy(false));
  };
  const name = one.connection.name || t("history.gone");
  return html`<div class="acts">
    ${one.state === "conflict" && html`<a class="button" href=${`/app/contacts/${one.contact_id}/merge?conflict=${one.id}`}><${Icon} name="merge" />${t("conflict.look")}</a>`}
    ${retryable(one) && html`<button type="button" disabled=${busy} onClick=${() => ask("retry", t("history.trying"))}><${Icon} name="refresh" />${t("history.retry")}</button>`}
    <${Parked} one=${one} changed=${changed} />
    ${one.undoable && html`<button type="button" disabled=${busy} onClick=${() => setAsking(true)}><${Icon} name="undo" />${t(one.state === "undo_conflict" ? "history.undo_again" : "undo")}</button>`}
    ${asking && html`<${Confirm} title=${t("history.undo_ask")} text=${t(one.action === "create" ? "history.undo_create" : "history.undo_update", { n: one.changes.length, name })}
      act=${t("undo")} yes=${() => ask("undo", t("history.undoing"))} close=${() => setAsking(false)} />`}
  </div>`;
}

/** @param {{one: WriteBack, changed: (one: WriteBack) => void}} props */
function Entry({ one, changed }) {
  const name = one.connection.name || t("history.gone");
  const failed = one.problem?.detail && one.state !== "written" && one.state !== "undone";
  return html`<li class=${`entry ${LOOKS[one.state]?.tone || ""}`} data-write-back=${one.id}>
    <div class="entry-head"><p class="entry-what"><a href=${`/app/contacts/${one.contact_id}`}><strong>${one.display || t("nameless")}</strong></a>
        <small><time dateTime=${one.created_at} title=${when(one.created_at)}>${clock(one.created_at)}</time> · ${t(`history.${one.action}`, { n: one.changes.length, name })}</small></p>
      <${StateBadge} state=${one.state} /></div>
    ${one.state !== "written" && html`<p class=${failed ? "bad-text" : "soft"}>${failed ? one.problem?.detail : one.sentence}</p>`}
    ${one.changes.length > 0 && html`<details class="entry-changes"><summary><${Icon} name="right" /><span>${t("history.changes")}</span><small>${one.changes.map((change) => label(change.field)).join(", ")}</small></summary><${Changes} changes=${one.changes} sides=${one.action === "merge" ? [t("native.goes"), t("native.stays")] : null} /></details>`}
    <${Acts} one=${one} changed=${changed} />
    ${one.state === "written" && one.not_undoable && html`<p class="soft entry-why"><${Icon} name="lock" />${one.not_undoable}</p>`}
  </li>`;
}

/** @param {{state: string, contact: string}} filter */
const addressOf = ({ state, contact }) => `/v1/write-backs?${new URLSearchParams({ limit: String(PAGE), ...(state ? { state } : {}), ...(contact ? { contact } : {}) })}`;

/** @param {{state: string, contact: string}} filter */
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

/** @param {{state: string, set: (state: string) => void}} props */
const Filter = ({ state, set }) => html`<div class="filter"><div><label for="history-state">${t("history.show")}</label>
  <select id="history-state" onChange=${(/** @type {any} */ e) => set(e.target.value)}><option value="">${t("history.all")}</option>
    ${STATES.map((one) => html`<option key=${one} value=${one} selected=${one === state}>${t(`write_back.${one}`)}</option>`)}</select></div></div>`;

/** @param {{query?: URLSearchParams}} props */
export function History({ query }) {
  const [state, setState] = useState("");
  const contact = query?.get("contact") || "";
  const { page, problem, load, more, changed } = useHistory({ state, contact });
  return html`<section class="desk history"><header class="screen-head"><div><h1 tabindex="-1">${t("history.title")}</h1><p class="lead">${t("history.lead")}</p></div></header>
    ${contact && html`<p class="notice"><${Icon} name="search" /><span>${t("history.of_one")}</span> <button type="button" class="link" onClick=${() => go("/app/history", true)}>${t("history.all")}</button></p>`}
    <${Filter} state=${state} set=${setState} />
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !page ? html`<${Waiting} />`
      : !page.items.length ? html`<${Empty} icon="history" title=${t(state ? "history.nothing" : "history.none")} text=${t(state ? "history.nothing_text" : "history.none_text")}>
          ${!state && html`<a class="button primary" href="/app/inbox">${t("nav.inbox")}</a>`}<//>`
      : html`${byDay(page.items).map(({ day, items }) => html`<section key=${day} class="day"><h2>${day}</h2>
          <ol class="entries">${items.map((one) => html`<${Entry} key=${one.id} one=${one} changed=${changed} />`)}</ol></section>`)}
        ${page.links.next && html`<button type="button" onClick=${more}>${t("more")}</button>`}`}
  </section>`;
}
