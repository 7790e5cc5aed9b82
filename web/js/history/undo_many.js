// Taking several write-backs back: first what each would meet in the CRM now, then all that meet nothing.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { announce, complain, toast } from "../state.js";
import { label } from "../fields.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { Waiting } from "../parts/notice.js";
import { Lines } from "../merge/values.js";

/** @typedef {import("../types.js").WriteBack} WriteBack */
/** @typedef {import("../types.js").ConflictView} ConflictView */
/** @typedef {{one: WriteBack, found: ConflictView | null, problem: any}} Look */

/** Whether somebody changed there since what would be taken back. @param {ConflictView | null} found */
const blocked = (found) => !!found && (found.gone || found.fields.some((field) => field.theirs));

/** One after another: each asks the CRM. @param {WriteBack[]} list @returns {Look[] | null} null: not all are there yet */
function useLooks(list) {
  const [looks, setLooks] = useState(/** @type {Look[]} */ ([]));
  useEffect(() => {
    let here = true;
    (async () => {
      for (const one of list) {
        const look = await api.get(`/v1/write-backs/${one.id}/conflict`).then((found) => ({ one, found, problem: null }), (problem) => ({ one, found: null, problem }));
        if (!here) return;
        setLooks((old) => [...old, look]);
      }
    })();
    return () => { here = false; };
  }, []);
  return looks.length === list.length ? looks : null;
}

/** What is there now and would be put back, or why not. @param {{look: Look}} props */
function Preview({ look: { one, found, problem } }) {
  const theirs = (found?.fields || []).filter((field) => field.theirs);
  return html`<li class=${blocked(found) || problem ? "undo-look bad" : "undo-look"}><strong>${one.display || t("nameless")}</strong> <small>${one.connection.name}</small>
    ${problem ? html`<p class="bad-text">${problem.detail || problem.title}</p>` : found?.gone ? html`<p class="bad-text">${t("undo_many.gone")}</p>`
      : theirs.length ? html`<p class="bad-text">${t("undo_many.changed", { fields: theirs.map((field) => label(field.field)).join(", ") })}</p>
        <dl class="would">${theirs.map((field) => html`<div key=${field.field}><dt>${label(field.field)}</dt><dd>${t("conflict.now")}: <${Lines} field=${field.field} value=${field.now} /></dd></div>`)}</dl>`
      : html`<p class="soft">${t(one.action === "create" ? "undo_many.create" : "undo_many.clear", { fields: one.changes.map((change) => label(change.field)).join(", ") })}</p>`}</li>`;
}

/** @param {{list: WriteBack[], changed: (one: WriteBack) => void, close: () => void}} props */
export function UndoMany({ list, changed, close }) {
  const looks = useLooks(list);
  const [busy, setBusy] = useState(false);
  const clear = (looks || []).filter((look) => !look.problem && !blocked(look.found));
  const undo = async () => {
    setBusy(true);
    let n = 0;
    for (const { one } of clear) await api.post(`/v1/write-backs/${one.id}/undo`).then((now) => { changed(now); n++; }, complain);
    close();
    toast({ text: t("undo_many.done", { n }), kind: "good" });
  };
  useEffect(() => { if (looks) announce(t("undo_many.looked", { n: clear.length, all: list.length })); }, [!!looks]);
  return html`<${Dialog} title=${t("undo_many.title", { n: list.length })} close=${close} wide>
    ${!looks ? html`<${Waiting} />` : html`<p>${t("undo_many.looked", { n: clear.length, all: list.length })}</p>
      <ul class="plain-list undo-looks">${looks.map((look) => html`<${Preview} key=${look.one.id} look=${look} />`)}</ul>`}
    <div class="acts end"><button type="button" onClick=${close}>${t("cancel")}</button>
      ${looks && clear.length > 0 && html`<button type="button" class="primary" disabled=${busy} onClick=${undo}><${Icon} name="undo" />${t("undo_many.do", { n: clear.length })}</button>`}</div><//>`;
}
