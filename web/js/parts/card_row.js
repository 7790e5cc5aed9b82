// A contact in a list: its card, who it is, whether the CRM has it.
import { html } from "../ui.js";
import { t } from "../i18n.js";
import { company } from "../fields.js";
import { Icon } from "./icon.js";
import { VerdictBadge } from "./notice.js";
import { cardThumb } from "./snippet.js";

/** @param {{contact: import("../types.js").Contact, note?: string, act?: any}} props `note` under the badge, `act` in place of the arrow */
export const CardRow = ({ contact, note, act }) => html`<a class="card-row" href=${`/app/contacts/${contact.id}`}>
  ${contact.source.scan_id
    ? html`<img class="thumb" loading="lazy" alt="" src=${cardThumb(contact.source.scan_id, contact.source.card)} />`
    : html`<span class="thumb none"><${Icon} name=${contact.source.kind === "signature" ? "mail" : "person"} /></span>`}
  <span class="card-text"><strong>${contact.display || t("nameless")}</strong><small>${company(contact.contact)}</small>${contact.source.kind === "signature" && html`<small>${t("source.signature")}</small>`}</span>
  <span class="card-meta"><${VerdictBadge} kind=${contact.verdict.kind} />${note && html`<small>${note}</small>`}</span>
  ${act || html`<${Icon} name="right" />`}
</a>`;
