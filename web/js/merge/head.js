// Above the fields: who it is, how sure the match is, what the act can take back, and the way through the inbox.
import { day, number, percent, t, when } from "../i18n.js";
import { html } from "../ui.js";
import { company } from "../fields.js";
import { around } from "../written.js";
import { Icon } from "../parts/icon.js";
import { CardPicture, cardImage } from "../parts/snippet.js";
import { Waterfall, likely } from "../parts/waterfall.js";
import { mergeAddress } from "../screens/contact_verdict.js";
import { custodyText } from "../parts/custody.js";
import { home } from "./paper.js";
import { ReversibleBadge } from "./sheet.js";

/** @typedef {import("./load.js").Loaded} Loaded */

/** @param {{to: string | null, name: string, icon: string}} props */
const Step = ({ to, name, icon }) => to
  ? html`<a class="button quiet round" aria-label=${name} title=${name} href=${mergeAddress(to)}><${Icon} name=${icon} /></a>`
  : html`<button type="button" class="quiet round" aria-label=${name} disabled><${Icon} name=${icon} /></button>`;

/** @param {{id: string}} props */
function Way({ id }) {
  const { at, all, before, after } = around(id);
  return html`<nav class="merge-way" aria-label=${t("merge.way")}><a class="back-link" href=${home(id)}><${Icon} name="left" />${t(at >= 0 ? "merge.to_inbox" : "merge.to_contact")}</a>
    ${at >= 0 && html`<span class="position"><${Step} to=${before} name=${t("merge.before")} icon="left" />${t("merge.position", { n: at + 1, all })}<${Step} to=${after} name=${t("merge.after")} icon="right" /></span>`}</nav>`;
}

/** Probability and bits as sign, words and figures. @param {{loaded: Loaded}} props */
function Score({ loaded: { review } }) {
  const found = review.candidate;
  if (!found) return html`<span class="badge new"><span aria-hidden="true">○</span> ${t(review.action === "create" ? "merge.new_record" : "why.none")}</span>`;
  const sure = found.probability >= 0.98;
  return html`<span class=${`badge ${sure ? "exists" : "possible"}`}><span aria-hidden="true">${sure ? "●" : "◐"}</span> ${likely(found.probability)}</span>
    <span class="figures">${percent(found.probability)} · ${t("why.bits", { bits: number(found.weight) })}</span>`;
}

/** Where both sides come from: when, and by whom. @param {{review: import("../types.js").Review}} props */
const Provenance = ({ review: { captured_at, captured_by, connection, record } }) => html`<small>${t("merge.captured", { when: when(captured_at), who: captured_by || "–" })}</small>
  ${record && html`<small>${connection.name}: ${[t("merge.as_of", { when: when(record.fetched_at) }), custodyText(record.custody)].filter(Boolean).join(", ")}</small>`}
  ${record?.written_at && html`<small>${t("merge.written_by", { when: when(record.written_at), who: record.written_by || "–" })}</small>`}`;

/** How such cases were decided before. @param {{similar: import("../types.js").Similar}} props */
const Before = ({ similar }) => html`<p class="similar"><${Icon} name="people" /><span>${t("why.similar", { n: similar.same + similar.different, same: similar.same })} ${t("why.similar_last", { who: similar.last_by || "–", day: day(similar.last_at) })}</span></p>`;

/** @param {{loaded: Loaded, zoom: () => void}} props */
export function Head({ loaded, zoom }) {
  const { contact, review } = loaded;
  const { scan_id: scan, card } = contact.source;
  return html`<header class="merge-head"><${Way} id=${contact.id} />
    ${scan && html`<button type="button" class="card-thumb" aria-label=${t("card.zoom")} onClick=${zoom}><${CardPicture} image=${cardImage(scan, card)} alt=${t("card.alt", { name: contact.display })} /></button>`}
    <div class="merge-title"><p class="kicker">${t(review.action === "update" ? "merge.kicker" : "merge.kicker_create", { crm: review.connection.name })}</p>
      <h1 tabindex="-1">${contact.display || t("nameless")}</h1>
      <p class="lead">${company(contact.contact)}</p>
      <p class="score"><${Score} loaded=${loaded} /><${ReversibleBadge} review=${review} /></p>
      <p class="provenance"><${Provenance} review=${review} /></p></div>
  </header>`;
}

/** @param {{review: import("../types.js").Review}} props */
export function Why({ review }) {
  const found = review.candidate;
  return html`<section class="panel why" aria-labelledby="why-title"><h2 id="why-title">${t("why.title")}</h2>
    ${found ? html`<p class="soft">${t("why.text")}</p><${Waterfall} weight=${found.weight} probability=${found.probability} reasons=${found.reasons} why=${found.why} />${found.similar && html`<${Before} similar=${found.similar} />`}`
      : html`<p>${t("why.none")}</p>`}</section>`;
}
