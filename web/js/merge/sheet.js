// The dry run: exactly what would be written, how often the CRM is called, and what can be taken back.
import { locale, t } from "../i18n.js";
import { html } from "../ui.js";
import { Dialog } from "../parts/dialog.js";
import { give } from "../parts/file.js";
import { Icon } from "../parts/icon.js";
import { csv, json, rowsOfChanges } from "../table_file.js";
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

/** @param {number} n */
const whole = (n) => new Intl.NumberFormat(locale()).format(n);

/** @param {Review} review */
export const mayWrite = ({ connection }) => connection.policy === "confirm" || connection.policy === "fill";

/** Without the name of a company that is asked for: it has a place if the right one is chosen. @param {Preview} preview */
const without = (preview) => preview.left.filter((one) => one !== preview.company?.name);

/** Exactly what the sheet shows, and what of the CRM it is about. @param {Preview} preview @param {Review} review */
const paperOf = (preview, review) => ({
  preview_id: preview.id, expires_at: preview.expires_at, action: preview.action, contact_id: review.contact_id, contact_version: review.contact_version,
  connection: { id: review.connection.id, name: review.connection.name, kind: review.connection.kind }, remote_id: review.record?.remote_id || null, remote_version: review.record?.version || null,
  changes: preview.changes, left: preview.left, warnings: preview.warnings, reversible: preview.reversible, calls: preview.calls, quota: preview.quota, refusal: preview.refusal,
});

const HEAD = ["preview_id", "action", "connection", "remote_id"];

/** The dry run as a file. @param {{preview: Preview, review: Review}} props */
function AsFile({ preview, review }) {
  const table = () => csv([[...HEAD, "field", "before", "after"], ...rowsOfChanges([preview.id, preview.action, review.connection.name, review.record?.remote_id], preview.changes)]);
  return html`<p class="as-file"><span>${t("file.as")}</span>
    <button type="button" class="quiet" onClick=${() => give(`kartei-${preview.id}.csv`, table(), "text/csv")}><${Icon} name="copy" />${t("file.csv")}</button>
    <button type="button" class="quiet" onClick=${() => give(`kartei-${preview.id}.json`, json(paperOf(preview, review)), "application/json")}><${Icon} name="copy" />${t("file.json")}</button></p>`;
}

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
  <p class="soft">${t("sheet.calls", { n: preview.calls, name: review.connection.name })}
    ${preview.quota && html` ${preview.quota.limit >= 0 ? t("sheet.quota_of", { left: whole(preview.quota.left), limit: whole(preview.quota.limit) }) : t("sheet.quota", { left: whole(preview.quota.left) })}`}</p>
  <${AsFile} preview=${preview} review=${review} />`;

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
