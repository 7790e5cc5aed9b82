// Another record than the one that was taken for the same person: any candidate, or none of them.
import { percent, t } from "../i18n.js";
import { html } from "../ui.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { mergeAddress } from "../screens/contact_verdict.js";

/** @typedef {import("../types.js").Candidate} Candidate */

/** @param {{href: string, current: boolean, name: string, text: string, icon: string, close: () => void, merge?: (() => void) | null}} props */
const Choice = ({ href, current, name, text, icon, close, merge }) => html`<li><a href=${href} onClick=${close} aria-current=${current ? "true" : undefined}>
  <span><strong>${name}</strong><small>${text}${current ? ` · ${t("other.this")}` : ""}</small></span><${Icon} name=${current ? "check" : icon} /></a>
  ${merge && html`<button type="button" class="quiet" onClick=${merge} aria-label=${t("native.with", { name })}><${Icon} name="merge" />${t("native.open")}</button>`}</li>`;

/** @param {{loaded: import("./load.js").Loaded, merge: (record: string) => void, close: () => void}} props */
export function OtherRecord({ loaded: { contact, review, candidates }, merge, close }) {
  /** The CRM may merge it with the one that is looked at. @param {Candidate} one */
  const mergeable = (one) => review.connection.native_merge && review.record && one.connection.id === review.connection.id && one.record_id !== review.record.id;
  /** @param {Candidate} one */
  const said = (one) => [one.connection.name, percent(one.probability), one.decided === "different" && t("candidate.different")].filter(Boolean).join(" · ");
  return html`<${Dialog} title=${t("other.title")} close=${close}>
    <p class="soft">${t("other.text")}</p>
    <ul class="rows pick-list">${candidates.map((one) => html`<${Choice} key=${one.id} href=${mergeAddress(contact.id, one)} current=${one.record_id === review.record?.id} name=${one.display} text=${said(one)} icon="right" close=${close} merge=${mergeable(one) ? () => merge(one.record_id) : null} />`)}
      <${Choice} href=${mergeAddress(contact.id, undefined, true)} current=${review.action === "create"} name=${t("candidate.create")} text=${t("other.create")} icon="plus" close=${close} /></ul>
  <//>`;
}
