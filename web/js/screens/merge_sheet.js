// The dry run: exactly what would be written, how often the CRM is called, and what can be taken back.
import { t } from "../i18n.js";
import { html } from "../ui.js";
import { label } from "../fields.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { Trouble, Waiting } from "../parts/notice.js";
import { Lines } from "./merge_table.js";

/** @typedef {import("../types.js").Preview} Preview */
/** @typedef {import("../types.js").Review} Review */

/** How far the act can be undone, as sign, word and sentence. @param {{review: Review, short?: boolean}} props */
export function Reversible({ review, short }) {
  const { reversible, reversal } = review.connection;
  return html`<p class=${`reversible ${reversible}`}><${Icon} name=${reversible === "no" ? "lock" : "undo"} />
    <span><strong>${t(`reversible.${reversible}`)}</strong>${!short && reversal && html` ${t(reversal)}`}</span></p>`;
}

/** @param {{changes: import("../types.js").Change[]}} props */
export const Changes = ({ changes }) => html`<table class="changes">
  <thead><tr><th scope="col">${t("merge.field")}</th><th scope="col">${t("changes.before")}</th><th scope="col">${t("changes.after")}</th></tr></thead>
  <tbody>${changes.map((change) => html`<tr key=${change.field}><th scope="row">${label(change.field)}</th>
    <td data-label=${t("changes.before")}><${Lines} field=${change.field} value=${change.before} /></td>
    <td data-label=${t("changes.after")} class="after"><${Lines} field=${change.field} value=${change.after} /></td></tr>`)}</tbody></table>`;

/** @param {{preview: Preview, review: Review}} props */
const Facts = ({ preview, review }) => html`
  <p class="lead">${t(`sheet.${preview.action}`, { n: preview.changes.length, name: review.connection.name })}</p>
  ${preview.warnings.map((one) => html`<p key=${one} class="notice warn"><${Icon} name="alert" />${one}</p>`)}
  ${preview.changes.length > 0 && html`<${Changes} changes=${preview.changes} />`}
  <p class="soft">${t("sheet.calls", { n: preview.calls, name: review.connection.name })}</p>
  <${Reversible} review=${review} />`;

/** @param {{preview: Preview | null, problem: any, review: Review, busy: boolean, write: () => void, close: () => void}} props */
export const DryRun = ({ preview, problem, review, busy, write, close }) => html`<${Dialog} title=${t("sheet.title")} close=${close} wide sheet>
  ${problem ? html`<${Trouble} problem=${problem} />` : !preview ? html`<${Waiting} />` : html`<${Facts} preview=${preview} review=${review} />`}
  <div class="acts end"><button type="button" onClick=${close}>${t("back")}</button>
    ${preview && !problem && preview.changes.length > 0 && html`<button type="button" class="primary" disabled=${busy} onClick=${write} autofocus>${t("sheet.write", { name: review.connection.name })}</button>`}</div>
<//>`;
