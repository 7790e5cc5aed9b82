// Waiting, nothing there, gone wrong: the three things a screen can be besides itself.
import { html } from "../ui.js";
import { t } from "../i18n.js";
import { Icon } from "./icon.js";

export const Waiting = () => html`<p class="waiting-line" role="status"><span class="spinner" aria-hidden="true"></span>${t("loading")}</p>`;

/** What happened, what was not done, what can be done: the service's sentence says all three. @param {{problem: any, again?: () => void}} props */
export const Trouble = ({ problem, again }) => html`<div class="notice bad" role="alert">
  <${Icon} name="alert" />
  <div><strong>${problem.title || t("trouble")}</strong>
    <p>${problem.detail || String(problem.message || problem)}</p>
    ${(problem.errors || []).map((/** @type {{pointer: string, detail: string}} */ one) => html`<p><small>${one.detail}</small></p>`)}
    ${again && html`<button type="button" onClick=${again}>${t("again")}</button>`}</div>
</div>`;

/** @param {{icon: string, title: string, text: string, children?: any}} props */
export const Empty = ({ icon, title, text, children }) => html`<div class="empty">
  <span class="empty-icon"><${Icon} name=${icon} /></span><h2>${title}</h2><p>${text}</p>${children}
</div>`;

/** @type {Record<string, string>} never by colour alone: sign and word */
const SIGNS = { exists: "●", possible: "◐", new: "○", checking: "…" };

/** @param {{kind: string}} props */
export const VerdictBadge = ({ kind }) => html`<span class=${`badge ${kind}`}><span aria-hidden="true">${SIGNS[kind]}</span> ${t(`verdict.${kind}`)}</span>`;
