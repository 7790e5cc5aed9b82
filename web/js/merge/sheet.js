// The dry run: exactly what would be written, how often the CRM is called, and what can be taken back.
import { t } from "../i18n.js";
import { html } from "../ui.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { Trouble, Waiting } from "../parts/notice.js";
import { WhichCompany } from "./company.js";
import { Changes } from "./values.js";

/** @typedef {import("../types.js").Preview} Preview */
/** @typedef {import("../types.js").Review} Review */

/** @param {{review: Review}} props */
export const ReversibleBadge = ({ review: { connection } }) => html`<span class=${`badge undo-badge ${connection.reversible}`}><${Icon} name=${connection.reversible === "no" ? "lock" : "undo"} />${t(`reversible.${connection.reversible}`)}</span>`;

/** How far the act can be undone, as sign, word and sentence. @param {{review: Pick<Review, "connection">}} props */
export const Reversible = ({ review: { connection } }) => html`<p class=${`reversible ${connection.reversible}`}><${Icon} name=${connection.reversible === "no" ? "lock" : "undo"} />
  <span><strong>${t(`reversible.${connection.reversible}`)}.</strong>${connection.reversal && html` ${t(connection.reversal)}`}</span></p>`;

/** @param {Review} review */
export const mayWrite = ({ connection }) => connection.policy === "confirm" || connection.policy === "fill";

/** Without the name of a company that is asked for: it has a place if the right one is chosen. @param {Preview} preview */
const without = (preview) => preview.left.filter((one) => one !== preview.company?.name);

/** @param {{preview: Preview, review: Review}} props */
const Facts = ({ preview, review }) => html`
  <p class="lead">${t(preview.action === "create" ? "sheet.create" : "sheet.update", { n: preview.changes.length, name: review.connection.name })}</p>
  ${preview.warnings.map((one) => html`<p key=${one} class="notice warn"><${Icon} name="alert" /><span>${one}</span></p>`)}
  ${preview.refusal && html`<${Trouble} problem=${preview.refusal} />`}
  ${without(preview).length > 0 && html`<div class="notice warn"><${Icon} name="alert" /><div><strong>${t("sheet.left", { name: review.connection.name })}</strong>
    <ul class="plain-list">${without(preview).map((one, i) => html`<li key=${i}>${one}</li>`)}</ul></div></div>`}
  ${preview.changes.length > 0 && html`<${Changes} changes=${preview.changes} />`}
  <${Reversible} review=${review} />
  ${!mayWrite(review) && html`<p class="notice">${t("policy.propose.text")}</p>`}
  <p class="soft">${t("sheet.calls", { n: preview.calls, name: review.connection.name })}</p>`;

/** @param {{sheet: import("./paper.js").Sheet, review: Review, busy: boolean, link: (answer: import("../types.js").Company | "without") => void, write: () => void, close: () => void}} props */
export function DryRun({ sheet: { preview, problem, question, answer }, review, busy, link, write, close }) {
  const shut = !preview || problem || preview.refusal || preview.changes.length === 0 || !mayWrite(review);
  return html`<${Dialog} title=${t("sheet.title")} close=${close} wide sheet>
    ${problem ? html`<${Trouble} problem=${problem} />` : !preview ? html`<${Waiting} />` : html`
      ${question && html`<${WhichCompany} question=${question} connection=${review.connection} answer=${answer} busy=${busy} choose=${link} />`}
      <${Facts} preview=${preview} review=${review} />`}
    <div class="acts end"><button type="button" onClick=${close}>${t("back")}</button>
      ${!shut && html`<button type="button" class="primary" disabled=${busy || (question && !answer)} onClick=${write}
        ref=${(/** @type {HTMLElement | null} */ button) => question || button?.focus()}>${t("sheet.write", { name: review.connection.name })}</button>`}</div>
  <//>`;
}
