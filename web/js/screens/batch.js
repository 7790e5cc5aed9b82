// Obvious matches written together: what was chosen and by which rule, the sample to judge, progress with a pause, results, undo.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { announce, complain } from "../state.js";
import { calmly, useLive } from "../live.js";
import { useKeys } from "../keys.js";
import { label } from "../fields.js";
import { Results } from "../batch/results.js";
import { SampleCard, useSample } from "../batch/sample.js";
import { Reversible } from "../merge/sheet.js";
import { Confirm } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { Trouble, Waiting } from "../parts/notice.js";

/** @typedef {import("../types.js").Batch} Batch */
/** @typedef {import("../types.js").BatchState} BatchState */

/** @param {string} id */
function useBatch(id) {
  const [batch, setBatch] = useState(/** @type {Batch | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const load = () => api.get(`/v1/batches/${id}`).then((now) => { setBatch(now); setProblem(null); }, setProblem);
  const calm = useRef(calmly(() => load(), 500));
  useEffect(() => { load(); }, [id]);
  useLive(["batch", "write_back"], () => calm.current());
  /** @param {BatchState} state */
  const turn = async (state) => {
    if (!batch || busy) return;
    setBusy(true);
    try {
      const now = /** @type {Batch} */ (await api.patch(`/v1/batches/${id}`, { state }, batch.version));
      setBatch(now);
      announce(now.sentence);
    } catch (failed) {
      complain(failed);
      load();
    } finally {
      setBusy(false);
    }
  };
  return { batch, setBatch, problem, load, busy, turn };
}

/** @param {{batch: Batch}} props */
const Chosen = ({ batch }) => html`<section class="panel" aria-labelledby="batch-chosen"><h2 id="batch-chosen">${t("batch.chosen", { n: batch.total })}</h2>
  <p>${batch.rule}</p>
  <h3>${t("batch.total", { crm: batch.connection.name })}</h3>
  <ul class="batch-changes">${batch.changes.map((one) => html`<li key=${one.field}><span class="sign" aria-hidden="true">+</span>${t("batch.change", { n: one.n, field: label(one.field) })}</li>`)}</ul>
  <${Reversible} review=${batch} />
  <p class="soft">${t("batch.begun", { who: batch.by || "–", when: when(batch.created_at) })}</p></section>`;

/** @param {Batch} batch */
const ended = (batch) => batch.written + batch.failed + batch.left + batch.undone;

/** @param {{batch: Batch}} props */
function Progress({ batch }) {
  const parts = /** @type {const} */ (["written", "under_way", "open", "failed", "left", "undone"]).filter((part) => batch[part] > 0);
  return html`<section class="panel" aria-labelledby="batch-progress"><h2 id="batch-progress">${t("batch.progress", { n: ended(batch), all: batch.total })}</h2>
    <progress max=${batch.total} value=${ended(batch)} aria-labelledby="batch-progress"></progress>
    <p class="counts" role="status">${parts.map((part) => html`<span key=${part} class=${`badge ${part === "written" ? "good" : part === "failed" ? "bad" : ""}`}>${t(`batch.n_${part}`, { n: batch[part] })}</span>`)}</p>
    ${batch.problem && html`<p class="notice warn"><${Icon} name="alert" /><span>${batch.problem.detail}</span></p>`}</section>`;
}

/** @typedef {{state: BatchState, key?: string, text: string, icon: string, look?: string}} Turn */
/** What can be asked for in each state. @param {Batch} batch @returns {Turn[]} */
function turnsOf(batch) {
  const all = batch.judged >= batch.sample;
  const undo = batch.written > 0 ? [{ state: /** @type {const} */ ("undoing"), text: t("batch.undo"), icon: "undo", look: "danger" }] : [];
  if (batch.state === "sampling") return [{ state: "running", key: "M", text: t("batch.start", { n: batch.total }), icon: "check", look: all ? "primary" : "" }, { state: "stopped", text: t("batch.leave"), icon: "close", look: "quiet" }];
  if (batch.state === "running") return [{ state: "paused", key: "P", text: t("batch.pause"), icon: "pause" }];
  if (batch.state === "paused") return [{ state: "running", key: "P", text: t("batch.resume"), icon: "refresh", look: "primary" }, { state: "stopped", text: t("batch.leave"), icon: "close", look: "quiet" }, ...undo];
  return batch.state === "done" || batch.state === "stopped" ? undo : [];
}

/** @param {{batch: Batch, busy: boolean, turn: (state: BatchState) => void}} props */
function Turns({ batch, busy, turn }) {
  const [asking, setAsking] = useState(false);
  const early = batch.state === "sampling" && batch.judged < batch.sample;
  return html`<div class="acts batch-acts">${turnsOf(batch).map((one) => html`<button key=${one.state} type="button" class=${one.look || ""} disabled=${busy || (early && one.state === "running")}
      aria-describedby=${early && one.state === "running" ? "batch-early" : undefined} onClick=${() => (one.state === "undoing" ? setAsking(true) : turn(one.state))}>
      <${Icon} name=${one.icon} />${one.text}${one.key && html`<kbd aria-hidden="true">${one.key}</kbd>`}</button>`)}
    ${early && html`<p id="batch-early" class="soft">${t("batch.early", { n: batch.sample - batch.judged })}</p>`}
    ${asking && html`<${Confirm} title=${t("batch.undo")} text=${t("batch.undo_ask", { n: batch.written, crm: batch.connection.name })} act=${t("batch.undo")} danger yes=${() => turn("undoing")} close=${() => setAsking(false)} />`}</div>`;
}

/** @param {{work: ReturnType<typeof useBatch>, batch: Batch}} props */
function Work({ work, batch }) {
  const sample = useSample(batch, work.setBatch);
  const judging = batch.state === "sampling" && sample.item;
  const go = () => {
    const [first] = turnsOf(batch);
    if (first?.key && (batch.state !== "sampling" || batch.judged >= batch.sample)) work.turn(first.state);
  };
  useKeys([
    { keys: ["y"], label: t("batch.right"), act: () => { if (judging) sample.judge(true); } },
    { keys: ["n"], label: t("batch.wrong"), act: () => { if (judging) sample.judge(false); } },
    { keys: ["m"], label: t("batch.start_key"), act: () => { if (batch.state === "sampling") go(); } },
    { keys: ["p"], label: t("batch.pause_key"), act: () => { if (batch.state !== "sampling") go(); } },
  ]);
  return html`${batch.state !== "sampling" && html`<${Progress} batch=${batch} />`}
    <${Turns} batch=${batch} busy=${work.busy} turn=${work.turn} />
    ${judging && html`<${SampleCard} key=${judging.contact_id} batch=${batch} item=${judging} busy=${sample.busy} judge=${sample.judge} />`}
    <${Chosen} batch=${batch} />
    ${batch.state !== "sampling" && html`<${Results} batch=${batch} />`}`;
}

/** @param {{id: string}} props */
export function BatchScreen({ id }) {
  const work = useBatch(id);
  const { batch, problem, load } = work;
  return html`<section class="desk batch"><p class="back"><a href="/app/inbox"><${Icon} name="left" />${t("nav.inbox")}</a></p>
    <header class="screen-head"><div><h1 tabindex="-1">${t("batch.title")}</h1>${batch && html`<p class="lead">${batch.connection.name}: ${batch.sentence}</p>`}</div></header>
    ${problem && !batch ? html`<${Trouble} problem=${problem} again=${load} />` : !batch ? html`<${Waiting} />` : html`<${Work} work=${work} batch=${batch} />`}</section>`;
}
