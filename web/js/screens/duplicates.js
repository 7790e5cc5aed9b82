// Duplicates in the CRMs: a search over the whole stock, its groups side by side, why, and what a person says of each pair.
import { api } from "../api.js";
import { amount, percent, t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { announce, complain, isAdmin, toast } from "../state.js";
import { useKeys } from "../keys.js";
import { jobDone } from "../job.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { Waterfall, likely } from "../parts/waterfall.js";
import { Links } from "../cluster/links.js";
import { Place, SideBySide, letter } from "../cluster/members.js";
import { Reasons } from "./contact_verdict.js";

/** @typedef {import("../types.js").DuplicateGroup} Group */
/** @typedef {import("../types.js").DuplicatePair} Pair */
/** @typedef {import("../types.js").DuplicateMember} Member */

const VIEWS = /** @type {const} */ (["open", "same", "different"]);
/** @typedef {typeof VIEWS[number]} View */
const PAGE = 20;

/** @param {Group} group @param {Pair} pair */
const letters = (group, pair) => [pair.left_id, pair.right_id].map((id) => letter(group.members.findIndex((one) => one.record_id === id))).sort();

/** @param {Group} group @param {string} id */
const nameOf = (group, id) => group.members.find((one) => one.record_id === id)?.display || "";

/** Side by side, and from three on how they hang together. @param {{group: Group}} props */
function Members({ group }) {
  const columns = group.members.map((one) => ({ id: one.record_id, contact: one.contact, head: html`<${Place} connection=${one.connection} remote_id=${one.remote_id} />` }));
  return html`<${SideBySide} title=${`${t("duplicates.side_by_side")}: ${group.members[0]?.display}`} columns=${columns} />
    ${group.members.length > 2 && html`<${Links} nodes=${columns.map((one, i) => ({ id: one.id, letter: letter(i) }))} links=${group.pairs} />`}
    ${group.notes.map((note) => html`<p key=${note} class="notice warn"><${Icon} name="info" /><span>${note}</span></p>`)}`;
}

/** @param {{group: Group, pair: Pair, current: boolean, busy: boolean, decide: (pair: Pair, same: boolean) => void, select: () => void}} props */
function PairRow({ group, pair, current, busy, decide, select }) {
  const [a, b] = letters(group, pair);
  const names = `${nameOf(group, pair.left_id)}, ${nameOf(group, pair.right_id)}`;
  return html`<li class=${current ? "duplicate-pair current" : "duplicate-pair"} data-pair=${pair.id} tabindex="-1" aria-current=${current ? "true" : undefined} onFocusIn=${select}>
    <h3>${t("duplicates.pair", { a, b })} <span class="soft">${likely(pair.probability)} · ${percent(pair.probability)}</span></h3>
    <${Reasons} reasons=${pair.reasons} />
    ${pair.decided && html`<p class="notice good"><${Icon} name="check" /><span>${t(`duplicates.was_${pair.decided}`)} ${pair.next_step || ""}</span></p>`}
    <details class="why"><summary>${t("duplicates.why")}</summary><${Waterfall} weight=${pair.weight} probability=${pair.probability} reasons=${pair.reasons} why=${pair.why} /></details>
    <div class="acts">${pair.decided !== "same" && html`<button type="button" aria-disabled=${busy ? "true" : undefined} aria-label=${`${t("duplicates.same")}: ${names}`} onClick=${() => decide(pair, true)}>${t("duplicates.same")}<kbd aria-hidden="true">Y</kbd></button>`}
      ${pair.decided !== "different" && html`<button type="button" aria-disabled=${busy ? "true" : undefined} aria-label=${`${t("duplicates.different")}: ${names}`} onClick=${() => decide(pair, false)}>${t("duplicates.different")}<kbd aria-hidden="true">N</kbd></button>`}</div></li>`;
}

/** The list of a view, page by page. @param {View} view */
function useGroups(view) {
  const [groups, setGroups] = useState(/** @type {Group[] | null} */ (null));
  const [next, setNext] = useState(/** @type {string | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const first = `/v1/duplicates?limit=${PAGE}${view === "open" ? "" : `&decision=${view}`}`;
  const load = () => api.get(first).then((page) => { setGroups(page.items); setNext(page.links.next || null); setProblem(null); }, setProblem);
  const more = () => next && api.get(next).then((page) => { setGroups([...(groups || []), ...page.items]); setNext(page.links.next || null); }, complain);
  useEffect(() => { setGroups(null); if (isAdmin()) load(); }, [view]);
  return { groups, next, problem, load, more };
}

/** A search under way, and how far it has come. @param {() => Promise<void>} load */
function useSearch(load) {
  const [progress, setProgress] = useState(/** @type {{done: number, total: number} | null} */ (null));
  const search = async () => {
    if (progress) return;
    setProgress({ done: 0, total: 0 });
    try {
      const job = await api.post("/v1/duplicate-searches");
      const over = await jobDone(job.id, setProgress);
      await load();
      if (over.state === "done") toast({ text: t("duplicates.searched"), kind: "good" });
      else toast({ text: over.problem?.detail || t("duplicates.failed"), kind: "bad" });
    } catch (problem) {
      complain(problem);
    }
    setProgress(null);
  };
  return { progress, search };
}

/** @param {{progress: {done: number, total: number} | null, search: () => void}} props */
const SearchButton = ({ progress, search }) => html`<p class="acts"><button type="button" class="primary" aria-disabled=${progress ? "true" : undefined} onClick=${search}>
  ${progress ? html`<span class="spinner" aria-hidden="true"></span>` : html`<${Icon} name="search" />`}${t(progress ? "duplicates.searching" : "duplicates.search")}</button>
  ${progress && progress.total > 0 && html`<span class="soft" role="status">${t("duplicates.progress", { n: amount(progress.done) })}</span>`}</p>`;

/** @param {{view: View, choose: (view: View) => void}} props */
const Views = ({ view, choose }) => html`<div class="lanes" role="group" aria-label=${t("duplicates.views")}>
  ${VIEWS.map((one) => html`<button key=${one} type="button" class=${one === view ? "lane on" : "lane"} aria-pressed=${one === view ? "true" : "false"} onClick=${() => choose(one)}>${t(`duplicates.view_${one}`)}</button>`)}</div>`;

export function Duplicates() {
  const [view, setView] = useState(/** @type {View} */ ("open"));
  const { groups, next, problem, load, more } = useGroups(view);
  const { progress, search } = useSearch(load);
  const [current, setCurrent] = useState("");
  const [busy, setBusy] = useState(false);
  const pairs = (groups || []).flatMap((group) => group.pairs);
  const at = pairs.findIndex((pair) => pair.id === current);
  /** @param {number} to */
  const select = (to) => {
    const pair = pairs[Math.max(0, Math.min(pairs.length - 1, to))];
    if (!pair) return;
    setCurrent(pair.id);
    const row = /** @type {HTMLElement | null} */ (document.querySelector(`[data-pair="${pair.id}"]`));
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  };
  /** @param {Pair} pair @param {boolean} same */
  const decide = async (pair, same) => {
    if (busy) return;
    setBusy(true);
    try {
      const now = /** @type {Pair} */ (await api.post(`/v1/duplicates/${pair.id}/decision`, { same }, { version: pair.version }));
      await load();
      const text = now.next_step || t(`duplicates.was_${same ? "same" : "different"}`);
      toast({ text, kind: "good" });
      announce(text);
    } catch (failed) {
      complain(failed);
      await load();
    }
    setBusy(false);
  };
  useKeys([
    { keys: ["j", "ArrowDown"], label: t("keys.next"), act: () => select(at + 1) },
    { keys: ["k", "ArrowUp"], label: t("keys.last"), act: () => select(at - 1) },
    { keys: ["y"], label: t("duplicates.same"), act: () => at >= 0 && decide(pairs[at], true) },
    { keys: ["n"], label: t("duplicates.different"), act: () => at >= 0 && decide(pairs[at], false) },
  ]);
  const title = html`<h1 tabindex="-1">${t("duplicates.title")}</h1>`;
  if (!isAdmin()) return html`<section class="desk">${title}<${Empty} icon="lock" title=${t("admin.only")} text=${t("duplicates.not_yours")} /></section>`;
  return html`<section class="desk duplicates"><header class="screen-head"><div>${title}<p class="lead">${t("duplicates.lead")}</p></div></header>
    <${SearchButton} progress=${progress} search=${search} /><${Views} view=${view} choose=${setView} />
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !groups ? html`<${Waiting} />`
      : !groups.length ? html`<${Empty} icon="check" title=${t(`duplicates.empty_${view}`)} text=${t("duplicates.empty_text")} />`
      : groups.map((group) => html`<article key=${group.id} class="panel duplicate-group"><h2>${group.members[0]?.display}</h2><${Members} group=${group} />
        <ul class="plain-list">${group.pairs.map((pair) => html`<${PairRow} key=${pair.id} group=${group} pair=${pair} current=${pair.id === current} busy=${busy} decide=${decide} select=${() => setCurrent(pair.id)} />`)}</ul>
        ${group.pairs_total > group.pairs.length && html`<p class="soft">${t("duplicates.more_pairs", { n: amount(group.pairs_total - group.pairs.length) })}</p>`}</article>`)}
    ${next && html`<button type="button" onClick=${more}>${t("more")}</button>`}
  </section>`;
}
