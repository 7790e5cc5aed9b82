// The rule behind a field, in words: what preset the value, and whether the person let it stand.
import { t, textOr } from "../i18n.js";
import { html } from "../ui.js";
import { label } from "../fields.js";
import { Icon } from "../parts/icon.js";

/** @typedef {import("../types.js").Ruling} Ruling */
/** @typedef {import("../types.js").Change} Change */

/** @param {string | null} rule its key */
export const ruleText = (rule) => rule ? textOr(`why_rule.${rule}`, rule) : t("ruling.none");

/** @param {Ruling[]} rulings @param {string} field */
export const rulingOf = (rulings, field) => rulings.find((one) => one.field === field) || null;

/** Those of fields that stayed as they were. @param {Ruling[]} rulings @param {Change[]} changes */
export const stayed = (rulings, changes) => rulings.filter((one) => !changes.some((change) => change.field === one.field));

/** @param {{ruling: Ruling | null}} props */
export const RulingLine = ({ ruling }) => html`<p class=${`rule${ruling?.overridden ? " yours" : ""}`}><${Icon} name=${ruling?.overridden ? "person" : "info"} />
  <span>${!ruling ? t("ruling.not_kept") : html`${t("ruling.rule", { rule: ruleText(ruling.rule) })} <strong>${t(ruling.overridden ? "ruling.overridden" : "ruling.followed")}</strong>`}</span></p>`;

/** What was decided on without a change there. @param {{rulings: Ruling[], changes: Change[]}} props */
export function Stayed({ rulings, changes }) {
  const list = stayed(rulings, changes);
  if (!list.length) return null;
  return html`<div class="stayed"><p>${t("ruling.stayed")}</p>
    <dl>${list.map((one) => html`<div key=${one.field}><dt>${label(one.field)}</dt><dd><${RulingLine} ruling=${one} /></dd></div>`)}</dl></div>`;
}
