// The CRM changed since we looked: our intent, what is there now, and what was there, side by side.
import { t } from "../i18n.js";
import { html } from "../ui.js";
import { label } from "../fields.js";
import { Icon } from "../parts/icon.js";
import { Lines } from "./merge_table.js";

/** @typedef {import("../merge_state.js").Clash} Clash */

/** @param {{list: Clash[], set: (list: Clash[]) => void, done: () => void}} props */
export function Conflict({ list, set, done }) {
  /** @param {string} field @param {"intent" | "now"} keep */
  const choose = (field, keep) => set(list.map((one) => (one.field === field ? { ...one, keep } : one)));
  /** @param {Clash} one @param {"intent" | "now"} keep */
  const pick = (one, keep) => html`<label class="pick"><input type="radio" name=${`clash-${one.field}`} checked=${one.keep === keep} onChange=${() => choose(one.field, keep)} />
    <span>${t(`conflict.keep_${keep}`)}</span></label>`;
  return html`<section class="conflict" aria-labelledby="conflict-title">
    <h2 id="conflict-title"><${Icon} name="alert" />${t("conflict.title")}</h2>
    <p>${t(list.length ? "conflict.text" : "conflict.elsewhere")}</p>
    ${list.length > 0 && html`<table class="changes three">
      <thead><tr><th scope="col">${t("merge.field")}</th><th scope="col">${t("conflict.intent")}</th><th scope="col">${t("conflict.now")}</th><th scope="col">${t("conflict.loaded")}</th></tr></thead>
      <tbody>${list.map((one) => html`<tr key=${one.field}><th scope="row">${label(one.field)}</th>
        <td data-label=${t("conflict.intent")} class=${one.keep === "intent" ? "after" : ""}><${Lines} field=${one.field} value=${one.intent} />${pick(one, "intent")}</td>
        <td data-label=${t("conflict.now")} class=${one.keep === "now" ? "after" : ""}><${Lines} field=${one.field} value=${one.now} />${pick(one, "now")}</td>
        <td data-label=${t("conflict.loaded")}><${Lines} field=${one.field} value=${one.loaded} /></td></tr>`)}</tbody></table>`}
    <div class="acts">${list.length > 1 && html`<button type="button" onClick=${() => set(list.map((one) => ({ ...one, keep: "now" })))}>${t("conflict.all_now")}</button>`}
      <button type="button" class="primary" onClick=${done}>${t("conflict.go_on")}</button></div>
  </section>`;
}
