// The CRM changed since we looked: our intent, what is there now, and what was there, side by side.
import { t } from "../i18n.js";
import { html, useEffect, useRef } from "../ui.js";
import { label } from "../fields.js";
import { Icon } from "../parts/icon.js";
import { Lines } from "./values.js";

/** @typedef {import("../merge_state.js").Clash} Clash */

/** Everything as it is in the CRM now. @param {Clash[]} list @returns {Clash[]} */
export const allTheirs = (list) => list.map((one) => ({ ...one, keep: /** @type {const} */ ("now") }));

/** @param {{list: Clash[], set: (list: Clash[]) => void, done: (list: Clash[]) => void}} props */
export function Conflict({ list, set, done }) {
  const title = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => title.current?.focus(), []);
  /** @param {string} field @param {"intent" | "now"} keep */
  const choose = (field, keep) => set(list.map((one) => (one.field === field ? { ...one, keep } : one)));
  /** @param {Clash} one @param {"intent" | "now"} keep */
  const pick = (one, keep) => html`<label class=${one.keep === keep ? "pick chosen" : "pick"}><input type="radio" name=${`clash-${one.field}`} checked=${one.keep === keep} onChange=${() => choose(one.field, keep)} />
    <span>${t(`conflict.keep_${keep}`)}</span></label>`;
  return html`<section class="clashes" aria-labelledby="conflict-title">
    <h2 id="conflict-title" tabindex="-1" ref=${title}><${Icon} name="alert" />${t("conflict.title")}</h2>
    <p>${t(list.length ? "conflict.text" : "conflict.elsewhere")}</p>
    ${list.length > 0 && html`<table role="table" class="changes three">
      <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">${t("merge.field")}</th><th role="columnheader" scope="col">${t("conflict.intent")}</th><th role="columnheader" scope="col">${t("conflict.now")}</th><th role="columnheader" scope="col">${t("conflict.loaded")}</th></tr></thead>
      <tbody role="rowgroup">${list.map((one) => html`<tr role="row" key=${one.field} data-clash=${one.field}><th role="rowheader" scope="row">${label(one.field)}</th>
        <td role="cell" data-label=${t("conflict.intent")} class=${one.keep === "intent" ? "chosen" : ""}><${Lines} field=${one.field} value=${one.intent} />${pick(one, "intent")}</td>
        <td role="cell" data-label=${t("conflict.now")} class=${one.keep === "now" ? "chosen" : ""}><${Lines} field=${one.field} value=${one.now} />${pick(one, "now")}</td>
        <td role="cell" data-label=${t("conflict.loaded")}><${Lines} field=${one.field} value=${one.loaded} /></td></tr>`)}</tbody></table>`}
    <div class="acts">${list.length > 0 && html`<button type="button" onClick=${() => done(allTheirs(list))}>${t("conflict.all_now")}<kbd aria-hidden="true">C</kbd></button>`}
      <button type="button" class="primary" onClick=${() => done(list)}>${t("conflict.go_on")}</button></div>
  </section>`;
}
